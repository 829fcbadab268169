"""run's side of the talk with the peers: each is a process, asked by lines of words (dialogue.py, dialogue.hpp).

Time is the CPU time of the process, all threads, and of its helper (the server's process of a database), read from outside;
memory is the peak of what is resident, data included.
"""
import os
import select
import subprocess
import tempfile
import time
from dataclasses import dataclass

import numpy


PATIENCE = 20  # wall time allowed for CPU time
LOOK_S = 0.2


class Ended(Exception):
    """The peer gave no answer; the text says why. Its process is gone."""


class TooLong(Ended):
    """It was ended because of that."""


class Refused(Exception):
    """The peer does not offer what was asked; the text says why."""


@dataclass
class Cost:
    cpu_s: float
    wall_s: float


def cpu_clock_s(process):
    return time.clock_gettime((~process << 3) | 2)  # Linux: the CPU-time clock of another process


class Worker:
    """A peer's process, on one core. @param words, environment  how it is started"""

    def __init__(self, name, words, environment, core):
        self.name = name
        self.errors = tempfile.TemporaryFile()
        self.process = subprocess.Popen(
            words, env={**os.environ, **environment}, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.errors, bufsize=0,
            preexec_fn=lambda: os.sched_setaffinity(0, {core}))
        self.said = b""
        self.processes = [self.process.pid]
        _, helper, self.version = self.line(60).split(" ", 2)  # "ready 0 GEOS 3.11.1"
        if int(helper):
            self.processes.append(int(helper))
            os.sched_setaffinity(int(helper), {core})

    def line(self, seconds):
        """The next line that the peer says, within so much of its CPU time: a machine busy with other things is not its fault."""
        until_s, until = self.cpu_s() + seconds, time.monotonic() + PATIENCE * seconds
        while b"\n" not in self.said:
            if not select.select([self.process.stdout], [], [], LOOK_S)[0]:
                if self.cpu_s() > until_s or time.monotonic() > until:
                    self.end()
                    raise TooLong(f"no answer in {seconds:.0f} s")
                continue
            more = os.read(self.process.stdout.fileno(), 65536)
            if not more:
                raise Ended(f"its process ended with exit code {self.process.wait()}: {self.last_words()}")
            self.said += more
        line, self.said = self.said.split(b"\n", 1)
        return line.decode()

    def last_words(self):
        self.errors.seek(0)
        lines = self.errors.read().decode(errors="replace").strip().splitlines()
        return lines[-1] if lines else "nothing said"

    def ask(self, request, seconds=600):
        """@return Cost of an answered request"""
        cpu, wall = self.cpu_s(), time.perf_counter()
        self.process.stdin.write(request.encode() + b"\n")
        word, _, told = self.line(seconds).partition(" ")
        cost = Cost(self.cpu_s() - cpu, time.perf_counter() - wall)
        if word == "no":
            raise Refused(told)
        if word != "ok":
            self.end()
            raise Ended(told)
        return cost

    def answer(self, folder):
        """What the last request found."""
        file = folder / "answer.bin"
        self.ask(f"answer {file}")
        return numpy.fromfile(file)

    def cpu_s(self):
        return sum(cpu_clock_s(process) for process in self.processes)

    def forget_peak(self):
        for process in self.processes:
            with open(f"/proc/{process}/clear_refs", "w", encoding="ascii") as file:
                file.write("5")

    def peak_mb(self):
        """Since forget_peak(), MB of 10⁶ bytes."""
        kib = 0
        for process in self.processes:
            with open(f"/proc/{process}/status", encoding="ascii") as file:
                kib += next(int(line.split()[1]) for line in file if line.startswith("VmHWM"))
        return kib * 1024 / 1e6

    @property
    def alive(self):
        return self.process.poll() is None

    def end(self):
        self.process.kill()
        self.process.wait()
        self.process.stdin.close()
        self.process.stdout.close()
        self.errors.close()
