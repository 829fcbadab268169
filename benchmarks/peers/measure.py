"""One workload on one case: every peer's answer held against ours, then all timed by turns."""
import statistics
from dataclasses import asdict

from database import Absent
from judge import Judge
from roster import OURS, target
from workers import Ended, Refused, TooLong

TOLD_FROM = 0.1  # of a call that must be left beyond one plot's, for that to be a figure


class Measuring:
    """@param repeats  rounds; longest_s  a peer that takes longer is left out, here and at larger sizes"""

    def __init__(self, team, folder, repeats, longest_s):
        self.team = team
        self.folder = folder
        self.repeats = repeats
        self.longest_s = longest_s
        self.skipped = []
        self.own = []
        self.too_long = {}

    def skip(self, task, peer, reason):
        """Nothing is left out in silence."""
        self.skipped.append({"case": task.case, "task": task.name, "peer": peer, "reason": str(reason)})

    def measure(self, task):
        """@return a result for each peer that answers as we do"""
        try:
            ours = self.team.worker(self.team.peers[0])
            judge = Judge(task, ours, self.folder)
        except (Absent, Ended) as reason:
            self.skip(task, OURS, reason)
            return []
        verdicts, workers = {}, [ours]
        for peer in [peer for peer in self.team.peers[1:] if task.workload in peer.workloads]:
            try:
                self.refuse_what_is_hopeless(task, peer.name)
                worker = self.team.worker(peer)
                verdict = judge.verdict(peer.name, self.first_answer(task, worker))
            except (Absent, Ended, Refused) as reason:
                self.skip(task, peer.name, reason)
                continue
            if not verdict.agrees:
                self.skip(task, peer.name, f"disagrees by {verdict.worst:.3g}, allowed: {verdict.bound}")
                continue
            verdicts[peer.name] = verdict
            workers.append(worker)
        rounds = self.rounds(task, workers)
        if OURS not in rounds:
            return []
        self.own.append(self.case_of(task) | {"tuban": Side(rounds[OURS]).told(None)})
        return [self.result(task, name, verdicts[name], rounds) for name in rounds if name != OURS]

    def refuse_what_is_hopeless(self, task, peer):
        for plots, segments, request in self.too_long.get(peer, []):
            if request == task.request and plots <= task.plots and segments <= task.about["segments"]:
                raise Ended(f"took more than {self.longest_s:g} s for {plots} plots and {segments} segments")

    def first_answer(self, task, worker):
        """The warm-up."""
        self.take(task, worker, task.plots)
        try:
            worker.ask(task.request, self.longest_s)
        except TooLong:
            self.too_long.setdefault(worker.name, []).append((task.plots, task.about["segments"], task.request))
            raise
        return worker.answer(self.folder)

    def take(self, task, worker, plots):
        if task.workload != "transform":
            worker.ask(f"take {plots}")

    def rounds(self, task, workers):
        """{name: [(cost of one plot or None, cost of all, peak in MB)]}, all asked by turns in each round."""
        made = {worker.name: [] for worker in workers}
        for _ in range(self.repeats):
            for worker in [worker for worker in workers if worker.alive]:
                try:
                    made[worker.name].append(self.turn(task, worker))
                except Ended as reason:
                    self.skip(task, worker.name, reason)
        return {name: turns for name, turns in made.items() if len(turns) == self.repeats}

    def turn(self, task, worker):
        """The warm-up was held to the limit: nothing is ended here for a somewhat slower round."""
        one = None
        if task.workload != "transform":
            self.take(task, worker, 1)
            one = worker.ask(task.request)
        self.take(task, worker, task.plots)
        worker.forget_peak()
        whole = worker.ask(task.request)
        return one, whole, worker.peak_mb()

    @staticmethod
    def case_of(task):
        return {"case": task.case, "synthetic": task.about["seed"] is not None, "workload": task.workload, "parameter_m": task.parameter,
                "plots": task.plots, "segments": task.about["segments"]}

    def result(self, task, peer, verdict, rounds):
        ours, theirs = Side(rounds[OURS]), Side(rounds[peer])
        loads = {side: self.team.loads[side].cpu_s for side in (OURS, peer) if side in self.team.loads}
        spatial = task.workload != "transform"
        beyond_one = spatial and ours.beyond_one_is_told and theirs.beyond_one_is_told
        return self.case_of(task) | {
            "peer": peer, "vertices": task.about["vertices"], "agreement": asdict(verdict),
            "target": target(peer, task.workload, task.parameter),
            "ratio_each_plot": spread(theirs.beyond_one, ours.beyond_one) if beyond_one else None,
            "ratio_call": spread(theirs.whole, ours.whole),
            "ratio_with_reading": (loads[peer] + theirs.median) / (loads[OURS] + ours.median) if spatial else None,
            "tuban": ours.told(loads.get(OURS)), "theirs": theirs.told(loads.get(peer)),
        }


class Side:
    """The turns of one peer."""

    def __init__(self, turns):
        self.whole = [whole.cpu_s for _, whole, _ in turns]
        self.one = [one.cpu_s for one, _, _ in turns if one]
        self.peak_mb = max(peak for _, _, peak in turns)
        self.wall_s = statistics.median(whole.wall_s for _, whole, _ in turns)

    @property
    def median(self):
        return statistics.median(self.whole)

    @property
    def beyond_one(self):
        """What all plots cost beyond one: without building an index."""
        building = statistics.median(self.one)
        return [whole - building for whole in self.whole]

    @property
    def beyond_one_is_told(self):
        return min(self.beyond_one) > TOLD_FROM * self.median

    def told(self, load_s):
        return {"cpu_s": self.median, "wall_s": self.wall_s, "one_plot_s": statistics.median(self.one) if self.one else None,
                "read_s": load_s, "peak_mb": self.peak_mb}


def spread(theirs, ours):
    """Ratio of the medians, and the ratios of each round from least to greatest."""
    pairs = [a / b for a, b in zip(theirs, ours)]
    return {"median": statistics.median(theirs) / statistics.median(ours), "least": min(pairs), "greatest": max(pairs)}
