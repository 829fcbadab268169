"""Whether a peer answers the same question, before it is timed.

Planar peers may be off by what their plane is: |scale − 1| over the box of the case, times the distance. So may a distance
differ by that; and shares and groups must lie between ours for a somewhat shorter and a somewhat longer distance.
"""
from dataclasses import dataclass

import numpy

EDGE_M = 0.005  # straight on the ellipsoid, in degrees and in the plane: edges up to 300 m bow apart by less; and our own 1 mm
SPHERE = 0.007  # the search by `<->` of geography goes by a sphere: twice the flattening
# Circles as 8 segments to a quarter stay inside by 1 − cos(π/32), and GEOS may move the line by a hundredth before.
CIRCLE = 0.0049
SIMPLIFIED = 0.01
SHARE = 2e-5  # areas in the plane against each other, and our own 1e-6
TRANSFORM_M = 1e-5
DEGREE_M = 111_700.0


@dataclass
class Verdict:
    agrees: bool
    worst: float
    bound: str
    note: str = ""


def nearest(peer, ours, theirs, distortion):
    """GEOS' facets do not know what lies within a plot: there ours is 0 and theirs is not, which is told, not held against it."""
    relative = SPHERE if peer == "PostGIS geography" else distortion
    note = ""
    compared = numpy.isfinite(ours)
    if peer == "GEOS":
        within = (ours == 0) & (theirs > 0)
        compared &= ~within
        note = f"lines within plots: {int(within.sum())}" if within.any() else ""
    off = numpy.abs(theirs - ours)[compared]
    worst = float(numpy.max(off, initial=0.0)) if numpy.isfinite(off).all() else numpy.inf
    agrees = len(ours) == len(theirs) and bool((off <= relative * ours[compared] + EDGE_M).all())
    return Verdict(agrees, worst, f"{relative:.1e} of the distance + {EDGE_M} m", note)


def reach(distortion, within_m):
    """The shorter and the longer distance between whose shares a peer's must lie."""
    return (within_m * (1 - CIRCLE - SIMPLIFIED - distortion) - EDGE_M, within_m * (1 + SIMPLIFIED + distortion) + EDGE_M)


def share(shorter, theirs, longer):
    worst = float(numpy.max(numpy.maximum(shorter - theirs, theirs - longer), initial=0.0))
    agrees = len(theirs) == len(shorter) and bool(worst <= SHARE)
    return Verdict(agrees, worst, f"between ours at -1.5 % and +1 % of the distance, + {SHARE}")


def reach_of_groups(peer, distortion, within_m):
    relative = SPHERE if peer == "PostGIS geography" else distortion
    return within_m * (1 - relative) - EDGE_M, within_m * (1 + relative) + EDGE_M


def refines(finer, coarser):
    """Whether each group of the first lies in one of the second."""
    pairs = numpy.unique(numpy.stack([finer, coarser]), axis=1)
    return len(pairs[0]) == len(numpy.unique(finer))


def clusters(shorter, theirs, longer, ours):
    agrees = len(theirs) == len(ours) and refines(shorter, theirs) and refines(theirs, longer)
    worst = abs(len(numpy.unique(theirs)) - len(numpy.unique(ours)))
    return Verdict(bool(agrees), float(worst), "between our groups for a distance shorter and longer by its error", f"{len(numpy.unique(theirs))} groups")


def transform(ours, theirs):
    worst = float(numpy.abs(ours - theirs).max()) * DEGREE_M if len(ours) == len(theirs) else numpy.inf
    return Verdict(worst <= TRANSFORM_M, worst, f"{TRANSFORM_M} m")
