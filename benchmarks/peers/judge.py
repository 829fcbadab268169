"""Our answers to a task, and to the nearby ones by which others are judged."""
import agree


class Judge:
    def __init__(self, task, worker, folder):
        self.task = task
        self.worker = worker
        self.folder = folder
        self.known = {}
        if task.workload != "transform":
            worker.ask(f"take {task.plots}")
        self.ours = self.answer(task.request)

    def answer(self, request):
        if request not in self.known:
            self.worker.ask(request)
            self.known[request] = self.worker.answer(self.folder)
        return self.known[request]

    def between(self, reach):
        return [self.answer(self.task.with_parameter(metres)) for metres in reach]

    def verdict(self, peer, theirs):
        task, distortion = self.task, self.task.about["distortion"]
        if task.workload == "nearest":
            return agree.nearest(peer, self.ours, theirs, distortion)
        if task.workload == "transform":
            return agree.transform(self.ours, theirs)
        if task.workload == "share":
            shorter, longer = self.between(agree.reach(distortion, task.parameter))
            return agree.share(shorter, theirs, longer)
        shorter, longer = self.between(agree.reach_of_groups(peer, distortion, task.parameter))
        return agree.clusters(shorter, theirs, longer, self.ours)
