"""Scheduling: requirements, preferences, and the plan."""

from __future__ import annotations

import json
import os
import tempfile
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Dict, List, Mapping, Optional, Sequence, Tuple, Union

from . import _tuban
from ._errors import Error, RuleError, chinese
from ._native_io import native_io
from ._progress import Progress, running
from ._rules import Ranking, plain_number
from ._table import Table, TableLike, read

Number = Union[int, float, str, Decimal]
PeriodLike = Union[int, str]


@dataclass(frozen=True)
class Requirement:
    """Something that must hold; made by at_least() and its like."""

    kind: str
    quantity: str = ""
    limits: Tuple[Tuple[str, str], ...] = ()
    in_period: Optional[PeriodLike] = None
    by: Optional[PeriodLike] = None
    period: Optional[PeriodLike] = None
    plots: Tuple[str, ...] = ()
    within: str = "0"
    where: Optional[str] = None
    id: str = ""
    name: str = ""
    soft: bool = False


@dataclass(frozen=True)
class Preference:
    """Something to do as well as possible; made by earliest() and its like."""

    kind: str
    of: str = ""
    per_plot: bool = False
    give_up_pct: str = "0"


def _amount(relation: str, quantity: str, value: Number, **more: Any) -> Requirement:
    kind = "count" if quantity == "plots" else "sum"
    return Requirement(kind, quantity, ((relation, plain_number(value)),), **more)


def at_least(
    quantity: str,
    value: Number,
    *,
    in_period: Optional[PeriodLike] = None,
    by: Optional[PeriodLike] = None,
    where: Optional[str] = None,
    id: str = "",
    name: str = "",
    soft: bool = False,
) -> Requirement:
    """The planned plots add up to at least value.

    quantity   area_ha, area_mu, area_m2, cost_wan_yuan, cost_yuan, any column that adds up; "plots" counts them
    value      in that unit, taken exactly as written
    in_period  within this period; by: from the first up to this one; neither: the whole plan
    where      a condition (SQLite) on the plots that count
    soft       may be missed, by as little as possible
    """
    return _amount("at_least", quantity, value, in_period=in_period, by=by, where=where, id=id, name=name, soft=soft)


def at_most(
    quantity: str,
    value: Number,
    *,
    in_period: Optional[PeriodLike] = None,
    by: Optional[PeriodLike] = None,
    where: Optional[str] = None,
    id: str = "",
    name: str = "",
    soft: bool = False,
) -> Requirement:
    """The planned plots add up to at most value; arguments as at_least()."""
    return _amount("at_most", quantity, value, in_period=in_period, by=by, where=where, id=id, name=name, soft=soft)


def equal(
    quantity: str,
    value: Number,
    *,
    within: Number = 0,
    in_period: Optional[PeriodLike] = None,
    by: Optional[PeriodLike] = None,
    where: Optional[str] = None,
    id: str = "",
    name: str = "",
    soft: bool = False,
) -> Requirement:
    """The planned plots add up to value, give or take within (same unit); arguments as at_least()."""
    return _amount(
        "equal", quantity, value, within=plain_number(within), in_period=in_period, by=by, where=where, id=id, name=name,
        soft=soft,
    )


def complete_by(period: PeriodLike, *, where: Optional[str] = None, id: str = "", name: str = "") -> Requirement:
    """Every eligible plot (that fits where) is wholly planned by the end of a period."""
    return Requirement("complete_by", period=period, where=where, id=id, name=name)


def not_before(period: PeriodLike, *, where: Optional[str] = None, id: str = "", name: str = "") -> Requirement:
    """No plot (that fits where) is planned before a period."""
    return Requirement("not_before", period=period, where=where, id=id, name=name)


def pin(plots: Sequence[str], in_period: PeriodLike, *, id: str = "", name: str = "") -> Requirement:
    """These plots, by id, are planned wholly in a period."""
    return Requirement("pin", plots=tuple(plots), in_period=in_period, id=id, name=name)


def keep_together(group: str, *, where: Optional[str] = None, id: str = "", name: str = "") -> Requirement:
    """Plots with the same value in a column (mine_id, cluster_id, …) must fall into one period."""
    return Requirement("together", quantity=group, where=where, id=id, name=name)


def earliest(quantity: str = "score", *, per_plot: bool = False, give_up_pct: Number = 0) -> Preference:
    """Plots with more of a column (score) come early: the most of Σ value · planned hectares · periods left.

    per_plot counts plots instead of hectares; give_up_pct is how much of its optimum later preferences may cost it.
    """
    return Preference("earliest", quantity, per_plot, plain_number(give_up_pct))


def together(group: str, *, give_up_pct: Number = 0) -> Preference:
    """Plots of one group (cluster_id, mine_id, …) in as few periods as possible."""
    return Preference("together", group, give_up_pct=plain_number(give_up_pct))


def least(quantity: str, *, give_up_pct: Number = 0) -> Preference:
    """As little of a column (cost_yuan) as possible."""
    return Preference("least", quantity, give_up_pct=plain_number(give_up_pct))


def fewest_splits(*, give_up_pct: Number = 0) -> Preference:
    """As few units spread over periods as possible."""
    return Preference("fewest_splits", "splits", give_up_pct=plain_number(give_up_pct))


def meet(requirement_id: str, *, give_up_pct: Number = 0) -> Preference:
    """A soft requirement, missed by as little as possible, in its place among the preferences."""
    return Preference("meet", requirement_id, give_up_pct=plain_number(give_up_pct))


@dataclass
class _Periods:
    names: List[str] = field(default_factory=list)
    years: List[List[int]] = field(default_factory=list)

    def add(self, period: Union[int, str, Mapping[str, Any]]) -> None:
        if isinstance(period, Mapping):
            self.names.append(str(period["name"]))
            self.years.append([int(year) for year in period["years"]])
        else:
            self.names.append(str(period))
            self.years.append([int(period)])
        flat = [year for years in self.years for year in years]
        if flat != sorted(set(flat)) or len(set(self.names)) != len(self.names):
            raise RuleError("各期的年份要递增，每年只出现一次", "years must increase over the periods, each once", 4, "invalid_project")

    def name(self, wanted: PeriodLike) -> str:
        """The name of the period that a name or a year stands for."""
        if str(wanted) in self.names:
            return str(wanted)
        for name, years in zip(self.names, self.years):
            if [str(year) for year in years] == [str(wanted)]:
                return name
        raise RuleError(
            f"没有“{wanted}”这一期；各期：{', '.join(self.names)}",
            f'there is no period "{wanted}"; periods: {", ".join(self.names)}',
            4,
            "invalid_project",
        )


def _native_requirement(given: Requirement, number: int, periods: _Periods) -> _tuban.Requirement:
    made = _tuban.Requirement()
    made.set_kind(given.kind)
    made.id = given.id or f"require-{number}"
    made.name = given.name or made.id
    made.quantity = given.quantity
    made.in_period = None if given.in_period is None else periods.name(given.in_period)
    made.by = None if given.by is None else periods.name(given.by)
    made.period = "" if given.period is None else periods.name(given.period)
    made.plots = list(given.plots)
    made.soft = given.soft
    made.set_within(given.within)
    for relation, value in given.limits:
        made.add_limit(relation, value)
    if given.where is not None:
        made.set_where(given.where)
    return made


class Plan:
    """Which plot in which period. Made by tuban.schedule() and tuban.run()."""

    def __init__(self, result: _tuban.Result) -> None:
        self._result = result

    def __repr__(self) -> str:
        return f"<tuban.Plan: {self.status}, {len(self._result.assignments())} parts in {len(self.periods)} periods>"

    @property
    def status(self) -> str:
        """"optimal", "within_gap", "infeasible" or "stopped": data, not an exception."""
        return self._result.status()

    @property
    def objective(self) -> float:
        """Of the first preference, in its own unit."""
        return self._result.objective()

    @property
    def bound(self) -> float:
        """No plan can beat this in the first preference."""
        return self._result.bound()

    @property
    def gap(self) -> float:
        """|bound - objective| / |objective|; 0 is a proven optimum."""
        return self._result.gap()

    @property
    def stages(self) -> List[Dict[str, Any]]:
        """Each step of the solve, in order: name, objective, bound, gap."""
        return self._result.stages()

    @property
    def solver(self) -> str:
        """Name and version of the solver."""
        return self._result.solver()

    @property
    def periods(self) -> List[str]:
        """Names of the periods, in order."""
        return self._result.periods()

    @property
    def assignments(self) -> Table:
        """A row per plot or part: plot_id, period, share_pct (0 to 100], area_m2, cost_yuan; by period, then plot_id.
        Parts of a wholly planned plot add up to its area."""
        return Table(self._result.assignments())

    @property
    def constraints(self) -> List[Dict[str, Any]]:
        """Each limit: id, name, quantity, relation, required, achieved, slack (below 0: broken), …, in the user's unit."""
        return self._result.constraints()

    @property
    def conflicts(self) -> List[Dict[str, Any]]:
        """If infeasible: the requirements that clash, and what each would have to give (shortfall, unit)."""
        return self._result.conflicts()

    @property
    def issues(self) -> List[Dict[str, Any]]:
        """What was found on the way."""
        return self._result.issues()

    @property
    def table(self) -> Table:
        """The table that was scheduled."""
        return Table(self._result.table(), plots=self._result.plots)

    def reason(self, plot_id: str) -> str:
        """Why a plot falls into its period, or into none, in the language of the environment."""
        ids = self._result.plots.ids
        if plot_id not in ids:
            raise Error(f"没有图斑 {plot_id}", f"there is no plot {plot_id}")
        reasons = self._result.plan_reasons()
        return reasons[ids.index(plot_id)][0 if chinese() else 1] if reasons else ""

    def explain(self, plot_id: str) -> Dict[str, Any]:
        """All that is known of a plot: rank, score, rules, period, reason, alternatives and what would change it."""
        with _PlanFile(self) as file:
            return explain(file, plot_id)

    def verify(self) -> Dict[str, Any]:
        """Checks the plan again from its written form alone, without the solver: holds, requirements, parts, totals,
        findings."""
        with _PlanFile(self) as file:
            return verify(file)

    def write(self, file: Union[str, "os.PathLike[str]"]) -> None:
        """Writes plan.gpkg, whole or not at all. A plan that tuban wrote is replaced; any other file, and any file that
        tuban.run() read, is left alone: tuban.Error, as where it cannot be written."""
        native_io().save_plan(self._result, os.fspath(file))


class _PlanFile:
    """A plan as a GeoPackage for the time of a call."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan

    def __enter__(self) -> str:
        self._folder = tempfile.TemporaryDirectory(prefix="tuban-")
        file = os.path.join(self._folder.name, "plan.gpkg")
        try:
            self._plan.write(file)
        except BaseException:
            self._folder.cleanup()
            raise
        return file

    def __exit__(self, *failure: object) -> None:
        self._folder.cleanup()


def explain(plan: Union[str, "os.PathLike[str]"], plot_id: str) -> Dict[str, Any]:
    """Explains a plot from a plan.gpkg; as Plan.explain()."""
    return json.loads(native_io().explanation_json(os.fspath(plan), plot_id))


def verify(plan: Union[str, "os.PathLike[str]"]) -> Dict[str, Any]:
    """Checks a plan.gpkg; as Plan.verify()."""
    return json.loads(native_io().verification_json(os.fspath(plan)))


def schedule(
    table: TableLike,
    ranking: Ranking,
    periods: Sequence[Union[int, str, Mapping[str, Any]]],
    require: Sequence[Requirement] = (),
    prefer: Sequence[Preference] = (),
    *,
    unit: str = "plot",
    split: Optional[Mapping[str, int]] = None,
    gap_pct: Optional[float] = None,
    relax: bool = False,
    seed: int = 0,
    progress: Progress = None,
    threads: int = 0,
) -> Plan:
    """Puts the plots that take part into periods so that every requirement holds, and the preferences, strictly in
    order, are met as well as can be.

    table    the one that was ranked
    periods  years, or {"name": "2022—2023年", "years": [2022, 2023]}
    unit     what is planned as one: "plot", "mine" or "cluster"
    split    {"step_pct": 1, "least_pct": 10}: units may be spread over periods; None: whole
    gap_pct  how far from the optimum the solver may stop, >= 0; None: 0 up to 200 units, else 0.1
    relax    if nothing fits, plan under the least relaxation; the status stays "infeasible"

    Whether a plan was found is its status. Raises tuban.RuleError for unknown periods, columns or groups.
    """
    rules = _tuban.ScheduleRules()
    known = _Periods()
    for period in periods:
        known.add(period)
    for name, years in zip(known.names, known.years):
        rules.add_period(name, years)
    rules.set_unit(unit)
    if split is not None:
        rules.set_split(int(split.get("step_pct", 1)), int(split.get("least_pct", 10)))
    if gap_pct is not None:
        rules.set_gap_pct(float(gap_pct))
    for number, requirement in enumerate(require, 1):
        rules.add_requirement(_native_requirement(requirement, number, known))
    for preference in prefer:
        rules.add_preference(preference.kind, preference.of, preference.per_plot, preference.give_up_pct)
    given = read(table)
    how = running(progress, threads)
    return Plan(_tuban.schedule(given._columns, ranking._result, rules, (relax, seed), how))
