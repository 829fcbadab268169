"""tuban (图斑) measures, ranks and schedules land plots for restoration.

    import tuban

    table = tuban.measure("plots.shp", layers={"road": "roads.gpkg"}, elevation="dem.tif")
    ranking = tuban.rank(table, rules="toli-hazard-first")
    plan = tuban.schedule(table, ranking, periods=[2023, 2024, 2025], require=[tuban.at_least("area_ha", 195.45)],
                          prefer=[tuban.earliest("score")])
    plan.status, plan.assignments.to_pandas()

Wherever plots or a layer are asked for: a tuban.Table, a path, a GeoDataFrame, or anything with __arrow_c_stream__.
Lengths are in m, areas in m² (area_ha in hectares), angles in degrees, money in yuan (cost_wan_yuan in 万元).
Long calls release the GIL, take progress= and stop on Ctrl-C.
"""

from ._errors import Cancelled, DataError, Error, RuleError
from ._measures import all_within, area, k_nearest, measure, nearest, share_within
from ._rules import Ranking, rank
from ._run import Run, check, run
from ._schedule import (
    Plan,
    Preference,
    Requirement,
    at_least,
    at_most,
    complete_by,
    earliest,
    equal,
    explain,
    fewest_splits,
    keep_together,
    least,
    meet,
    not_before,
    pin,
    schedule,
    together,
    verify,
)
from ._table import Table, read
from ._tuban import version as _version

__version__: str = _version()

__all__ = [
    "Cancelled",
    "DataError",
    "Error",
    "Plan",
    "Preference",
    "Ranking",
    "Requirement",
    "RuleError",
    "Run",
    "Table",
    "all_within",
    "area",
    "at_least",
    "at_most",
    "check",
    "complete_by",
    "earliest",
    "equal",
    "explain",
    "fewest_splits",
    "k_nearest",
    "keep_together",
    "least",
    "measure",
    "meet",
    "nearest",
    "not_before",
    "pin",
    "rank",
    "read",
    "run",
    "schedule",
    "share_within",
    "together",
    "verify",
]
