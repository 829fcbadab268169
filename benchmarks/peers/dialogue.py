"""The side of a peer in the talk with run (workers.py): a line of words in, a line back; dialogue.hpp in Python.

A peer is an object with `version` and those of load, load_vertices, take, nearest, share, clusters, transform that it offers; answers
are arrays in the order of the plots' rows, NaN where there is none.
"""
import sys

import numpy
import scipy.sparse


FIRST_RANGE_M = 500.0
LAST_RANGE_M = 1_000_000.0


class NotOffered(Exception):
    """What a peer has no way to do; the text says why."""


def answer_of(peer, request, argument):
    work = getattr(peer, request, None)
    if work is None:
        raise NotOffered(f"no {request}")
    return work(float(argument)) if argument else work()


def obey(peer, request, argument, answer):
    """@return the answer that is kept from now on"""
    if request == "load":
        peer.load(argument)
    elif request == "vertices":
        peer.load_vertices(argument)
    elif request == "take":
        peer.take(int(argument))
    elif request == "answer":
        numpy.ascontiguousarray(answer, dtype=float).tofile(argument)
    else:
        return answer_of(peer, request, argument)
    return answer


def serve(peer, helper=0):
    """@param helper  id of a process that works for the peer, whose time and memory count as well"""
    print(f"ready {helper} {peer.version}", flush=True)
    answer = None
    for line in sys.stdin:
        request, _, argument = line.strip().partition(" ")
        try:
            answer = obey(peer, request, argument, answer)
            print("ok", flush=True)
        except NotOffered as reason:
            print(f"no {reason}", flush=True)
        except Exception as error:  # whatever a library throws is told, and ends this measurement only
            print("error " + " ".join(str(error).split())[:300], flush=True)


def by_row(count, rows, values):
    """Values of some rows, NaN for the others."""
    made = numpy.full(count, numpy.nan)
    made[numpy.asarray(rows, dtype=int)] = values
    return made


def by_growing_range(count, search):
    """Distances by joins within a range that doubles until every plot has met something: quicker than a search without bound.

    @param search  range in m → (rows, m) of the plots not found before whose distance is at most that
    """
    answer = by_row(count, [], [])
    reach_m = FIRST_RANGE_M
    while reach_m < LAST_RANGE_M and numpy.isnan(answer).any():
        rows, metres = search(reach_m)
        answer[rows] = metres
        reach_m *= 2
    return answer


def shares(count, parts, areas):
    """@param parts, areas  (rows, m²) of the plots that have any, and of all"""
    made = by_row(count, *parts)
    return numpy.nan_to_num(made) / by_row(count, *areas)


def groups(count, first, second):
    """The number of the group of each row, given pairs of rows that belong together."""
    pairs = scipy.sparse.coo_matrix((numpy.ones(len(first), dtype=bool), (first, second)), shape=(count, count))
    return scipy.sparse.csgraph.connected_components(pairs, directed=False)[1]
