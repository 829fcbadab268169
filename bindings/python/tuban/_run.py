"""Whole runs and checks of files."""

from __future__ import annotations

import json
import os
from typing import Any, Dict, List, Optional, Union

from . import _tuban
from ._issues import told
from ._native_io import native_io
from ._progress import Progress, running
from ._rules import Ranking
from ._schedule import Plan
from ._table import Table


class Run:
    """What tuban.run() did."""

    def __init__(self, run: Any) -> None:
        self._run = run
        self._result: _tuban.Result = run.result

    def __repr__(self) -> str:
        status = "no plan" if self.plan is None else self.plan.status
        return f"<tuban.Run: {len(self.table)} plots, {status}>"

    @property
    def table(self) -> Table:
        """The plots with all that was measured, and the ranking's columns."""
        result = self._result
        return Table(result.table(), plots=result.plots, issues=result.issues(), requests=result.requests())

    @property
    def ranking(self) -> Optional[Ranking]:
        """None if the run ended before it."""
        return Ranking(self._result) if self._result.is_ranked() else None

    @property
    def plan(self) -> Optional[Plan]:
        """None if the project has no `schedule:` block or the run ended before it."""
        return Plan(self._result) if self._result.has_plan() else None

    @property
    def issues(self) -> List[Dict[str, Any]]:
        """What was found in the inputs."""
        return self._result.issues()

    @property
    def files(self) -> List[str]:
        """Files written, in OUT; none if the plan is infeasible."""
        return self._run.files

    @property
    def timings_s(self) -> Dict[str, float]:
        """Seconds per stage, in order."""
        return dict(self._run.timings_s)


def run(
    project: Union[str, "os.PathLike[str]"],
    out: Union[None, str, "os.PathLike[str]"] = "out",
    *,
    until: str = "report",
    relax: bool = False,
    seed: int = 0,
    progress: Progress = None,
    threads: int = 0,
) -> Run:
    """Runs a project file: reads, measures, ranks, schedules, and writes plan.gpkg, plan.xlsx, report.html, run.json.

    out    folder, published whole at the end; a failed or stopped run leaves it as it was. None: write nothing
    until  "measure", "rank", "schedule": return what is known then, write nothing
    relax  infeasible: write the best plan under the least relaxation

    An infeasible plan is returned, not raised. Raises tuban.RuleError for a project that is not valid (with file, line,
    column), tuban.DataError for its data, tuban.Error for an OUT that cannot be written. Issues of severity warning and
    above also go to logging.getLogger("tuban").
    """
    folder = "" if out is None else os.fspath(out)
    done = Run(native_io().run(os.fspath(project), folder, until, (relax, seed), running(progress, threads)))
    told(done.issues)
    return done


def check(
    file: Union[str, "os.PathLike[str]"],
    *,
    layer: str = "",
    id: str = "",
    crs: Optional[str] = None,
    axes: Optional[str] = None,
    encoding: Optional[str] = None,
    boundary: str = "",
    boundary_code: str = "",
    fix: Union[None, str, "os.PathLike[str]"] = None,
    page: Union[None, str, "os.PathLike[str]"] = None,
    lang: str = "zh",
    progress: Progress = None,
    threads: int = 0,
) -> Dict[str, Any]:
    """What reading a plot file or a project finds, as `tuban check --json` says it: rows, usable, crs, encoding,
    total_ellipsoid_area_m2, areas, issues, plots. Duplicate ids are issues here, not failures.

    id        column of plot ids; "": as the project says, or the national schema
    axes      "xy" or "yx" (north first): takes the file's coordinates so
    boundary  "counties.gpkg[:layer]": which county each plot lies in; boundary_code is its column of county codes where that
              is not adcode, XZQDM or code
    fix       a .gpkg to write the repaired copy and the ledger of repairs to
    page      an .html to write the findings to, with a map, in lang ("zh" or "en")
    """
    io = native_io()
    options = io.CheckOptions()
    options.layer = layer
    options.id = id
    options.crs = crs
    options.axes = axes
    options.encoding = encoding
    options.boundary = boundary
    options.boundary_code = boundary_code
    options.fix = "" if fix is None else os.fspath(fix)
    options.page = "" if page is None else os.fspath(page)
    options.lang = lang
    return json.loads(io.check_json(os.fspath(file), options, running(progress, threads)))
