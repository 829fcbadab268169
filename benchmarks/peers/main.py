"""tuban against its peers: the same files, one run, by turns, one thread each, CPU time of the process.

Before anything is timed the answers are compared; what disagrees, is not installed or takes too long is named as skipped.
Ratios are a peer's time over tuban's: of the medians, and of each round from least to greatest. "each plot" is what all plots cost
beyond one, so without building an index; "call" is all of a call; "with reading" adds reading the files once (and a database's index).
"""
import argparse
import contextlib
import json
import os
import platform
import signal
import sys
import tempfile
import warnings
from pathlib import Path

from database import Absent, temporary_database
from extracts import PLACES, extract
from measure import Measuring
from roster import HERE, OURS, PEERS
from series import synthetic
from task import Task
from team import Team

ROOT = HERE.parent.parent
SIZES = "1e3x1e5,1e4x1e5,1e3x1e6,1e4x1e6,1e5x1e6"
WORKLOADS = ("nearest", "share", "clusters", "transform")
SHARE_M = (50.0, 200.0, 1000.0)
CLUSTER_M = 100.0


def size_of(words):
    plots, segments = (int(float(word)) for word in words.split("x"))
    return plots, segments


def size_name(plots, segments):
    return f"{plots:.0e}x{segments:.0e}".replace("e+0", "e")


def machine():
    cpu = next((line.split(":")[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")), "")
    system = platform.freedesktop_os_release().get("PRETTY_NAME", platform.system())
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return {"cpu": cpu, "cores": os.cpu_count(), "memory_gib": round(memory), "system": system}


def cases(options, folder, measuring):
    """(name, folder, what is told of it) of each case, made when its turn comes."""
    for name in options.extracts if options.data else ():
        about = extract(folder / name.replace(" ", "_"), name, options.data)
        if about:
            yield name, folder / name.replace(" ", "_"), about
        else:
            measuring.skip(Task(name, {}, "all", None, 0), "all", f"{PLACES[name][0]} is not in the folder of real extracts")
    for plots, segments in options.sizes:
        name = size_name(plots, segments)
        yield name, folder / name, synthetic(folder / name, plots, segments)


def tasks(case, about, options, done):
    """What does not grow with one of the two sizes is measured once for the other."""
    plots = about["plots"]
    of_each = {
        "nearest": (case, [(None, plots)]),
        "share": (about["segments"], [(metres, min(plots, options.share_plots)) for metres in SHARE_M]),
        "clusters": (plots, [(CLUSTER_M, plots)]),
        "transform": (about["vertices"], [(None, plots)]),
    }
    for workload in options.workloads:
        key, asked = of_each[workload]
        if (workload, key) not in done:
            done.add((workload, key))
            yield from (Task(case, about, workload, parameter, count) for parameter, count in asked)


def tell(result):
    def figures(ratio):
        return "–" if ratio is None else f"{ratio['median']:.2f} ({ratio['least']:.2f}–{ratio['greatest']:.2f})"

    task = result["workload"] + (f" {result['parameter_m']:g} m" if result["parameter_m"] else "")
    reading = result["ratio_with_reading"]
    ours, theirs = result["tuban"], result["theirs"]
    print(f"{result['case']:15} {task:14} {result['peer']:18} {figures(result['ratio_each_plot']):24} {figures(result['ratio_call']):24} "
          f"{'–' if reading is None else format(reading, '.2f'):>7} {result['target'] or '–':>6} {ours['cpu_s']:9.4f} {theirs['cpu_s']:9.4f} "
          f"{ours['peak_mb']:6.0f} {theirs['peak_mb']:6.0f}  off {result['agreement']['worst']:.2g}", flush=True)


def run(options, folder, database):
    """@return what is told of all cases; written after each, so that a run that is ended leaves what it had"""
    team = Team(options.peers, options.programs, database, options.core)
    measuring = Measuring(team, folder, options.repeats, options.longest)
    told = {"machine": machine(), "versions": team.versions, "repeats": options.repeats, "longest_s": options.longest, "cases": {},
            "results": [], "own": measuring.own, "skipped": measuring.skipped}
    done = set()
    print(f"{'case':15} {'workload':14} {'peer':18} {'each plot':24} {'call':24} {'reading':>7} {'target':>6} {'tuban s':>9} {'peer s':>9} "
          f"{'MB':>6} {'MB':>6}")
    try:
        for name, where, about in cases(options, folder, measuring):
            told["cases"][name] = about
            team.begin(where)
            for task in tasks(name, about, options, done):
                for result in measuring.measure(task):
                    tell(result)
                    told["results"].append(result)
            if options.json:
                options.json.write_text(json.dumps(told, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    finally:
        team.end()
    return told


def read_options():
    arguments = argparse.ArgumentParser(prog="benchmarks/peers/run", description=__doc__.splitlines()[0])
    names = [peer.name for peer in PEERS if peer.name != OURS]
    data = ROOT.parent / "shared/data"
    arguments.add_argument("--sizes", default=SIZES, help=f"plots x segments of the synthetic series; default {SIZES}; \"\" for none")
    arguments.add_argument("--peers", default=",".join(names), help="default: all")
    arguments.add_argument("--workloads", default=",".join(WORKLOADS), help="default: all")
    arguments.add_argument("--repeats", type=int, default=5, help="rounds, at least 5")
    arguments.add_argument("--share-plots", type=int, default=1000, help="plots of which shares are asked, at most")
    arguments.add_argument("--longest", type=float, default=10.0, help="seconds of one call; a peer that needs more is skipped")
    arguments.add_argument("--extracts", default=",".join(PLACES), help="default: all")
    arguments.add_argument("--data", default=str(data) if data.is_dir() else "", help="folder of the real extracts; \"\" for none")
    arguments.add_argument("--folder", help="where the files are kept between runs")
    arguments.add_argument("--programs", type=Path, default=ROOT / "build/release/bin")
    arguments.add_argument("--core", type=int, default=max(os.sched_getaffinity(0)), help="the core that all run on")
    arguments.add_argument("--json", type=Path, help="write the figures here, too (benchmarks/peers/page makes pages of them)")
    options = arguments.parse_args()
    options.sizes = [size_of(words) for words in options.sizes.split(",") if words]
    if options.repeats < 5:
        arguments.error("--repeats must be at least 5")
    for key, known in (("peers", names), ("workloads", list(WORKLOADS)), ("extracts", list(PLACES))):
        given = [word for word in getattr(options, key).split(",") if word]
        setattr(options, key, given)
        for word in given:
            if word not in known:
                arguments.error(f"--{key}: no {word!r}; there are {', '.join(known)}")
    return options


def main():
    warnings.filterwarnings("ignore")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the database is stopped
    options = read_options()
    with contextlib.ExitStack() as stack:
        folder = Path(options.folder or stack.enter_context(tempfile.TemporaryDirectory(prefix="tuban-peers-")))
        folder.mkdir(parents=True, exist_ok=True)
        try:
            database = stack.enter_context(temporary_database())
        except Absent as reason:
            database = reason
        told = run(options, folder.resolve(), database)
    print("\nversions: " + "; ".join(told["versions"].values()))
    for skipped in told["skipped"]:
        print(f"skipped: {': '.join(skipped.values())}")
    sys.exit(any(skipped["reason"].startswith("disagrees") for skipped in told["skipped"]))


if __name__ == "__main__":
    main()
