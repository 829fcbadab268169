"""The peers at work on one case: started when first needed, loaded, started again after one was ended."""
import sys

from database import Absent
from roster import HERE, OURS, PEERS
from workers import Ended, Worker

ROOT = HERE.parent.parent


class Team:
    """@param programs  folder of the build's programs; database  what psycopg connects by, or the Absent that tells why not"""

    def __init__(self, names, programs, database, core):
        self.peers = [peer for peer in PEERS if peer.name == OURS or peer.name in names]
        self.programs = programs
        self.database = database
        self.core = core
        self.case = None
        self.workers = {}
        self.loads = {}
        self.versions = {}
        self.absent = {}

    def begin(self, case):
        """@param case  folder"""
        self.end()
        self.case = case
        self.loads = {}

    def worker(self, peer):
        """The peer's process, with the case loaded. @throws Absent, Ended"""
        if peer.name in self.absent:
            raise Absent(self.absent[peer.name])
        there = self.workers.get(peer.name)
        if there and there.alive:
            return there
        try:
            made = self.start(peer)
        except (Absent, Ended) as reason:
            self.absent[peer.name] = str(reason)
            raise Absent(str(reason)) from reason
        self.versions[peer.name] = made.version
        self.workers[peer.name] = made
        if "transform" in peer.workloads:
            made.ask(f"vertices {self.case}")
        if "nearest" in peer.workloads:
            self.loads[peer.name] = made.ask(f"load {self.case}")
        return made

    def start(self, peer):
        program = HERE / peer.program if peer.is_script else self.programs / peer.program
        if not program.exists():
            raise Absent(f"{program.relative_to(ROOT)} was not built")
        if peer.needs_database and isinstance(self.database, Absent):
            raise self.database
        environment = {"TUBAN_PEERS_DATABASE": self.database} if peer.needs_database else {}
        words = [sys.executable] if peer.is_script else []
        return Worker(peer.name, [*words, str(program), *peer.arguments], environment, self.core)

    def end(self):
        for worker in self.workers.values():
            if worker.alive:
                worker.end()
        self.workers = {}
