"""Who is measured, how each is started, and what it should be slower by."""
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).resolve().parent
OURS = "tuban"
SPATIAL = ("nearest", "share", "clusters")


@dataclass(frozen=True)
class Peer:
    name: str
    program: str  # a script beside this file, or a program of the build
    workloads: tuple
    arguments: tuple = ()
    needs_database: bool = False
    # Ratio of its time to ours that is aimed at, by workload; ("share", True): from 1 km.
    targets: dict = field(default_factory=dict)

    @property
    def is_script(self):
        return self.program.endswith(".py")


def share(near, far):
    return {("share", False): near, ("share", True): far}


PEERS = (
    Peer(OURS, "tuban_peer_tuban", (*SPATIAL, "transform")),
    Peer("Shapely", "peer_shapely.py", SPATIAL, targets={"nearest": 20, "clusters": 4, **share(4, 50)}),
    Peer("GEOS", "tuban_peer_geos", ("nearest", "clusters"), targets={"nearest": 3, "clusters": 4}),
    Peer("PostGIS geometry", "peer_postgis.py", SPATIAL, ("geometry",), True, {"nearest": 10, "clusters": 4, **share(4, 50)}),
    Peer("PostGIS geography", "peer_postgis.py", SPATIAL, ("geography",), True, {"nearest": 300, "clusters": 4}),
    Peer("DuckDB", "peer_duckdb.py", SPATIAL, targets={"clusters": 4, **share(4, 50)}),
    Peer("SedonaDB", "peer_sedona.py", SPATIAL, targets={"clusters": 4, **share(4, 50)}),
    Peer("PROJ", "tuban_peer_proj", ("transform",), targets={"transform": 8}),
    Peer("pyproj", "peer_pyproj.py", ("transform",), targets={"transform": 8}),
)


def target(peer, workload, parameter):
    """None where nothing is aimed at."""
    targets = next(p.targets for p in PEERS if p.name == peer)
    return targets.get((workload, parameter >= 1000) if workload == "share" else workload)
