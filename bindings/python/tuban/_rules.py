"""Ranking: rules, and what they make of a table."""

from __future__ import annotations

import os
from decimal import Decimal
from typing import Any, Dict, List, Mapping, Optional, Union

from . import _tuban
from ._errors import Error, chinese
from ._native_io import native_io
from ._progress import Progress, running
from ._table import Table, TableLike, read

RulesLike = Union[None, str, "os.PathLike[str]", Mapping[str, Any]]
"""Name of a built-in pack ("toli-hazard-first"), path of a pack or project (YAML), or a mapping like a project's
`rank:` block: {"gates": […], "tiers": […], "points": [{"id": …, "when": …, "points": …}, …]}."""


def plain_number(value: Union[int, float, str, Decimal]) -> str:
    """A number in plain decimal notation, exactly as it is written in Python: 195.45 → "195.45"."""
    try:
        return format(Decimal(str(value)), "f")
    except ArithmeticError as failure:
        raise Error(f"{value!r} 不是数", f"{value!r} is not a number") from failure


def native_rules(rules: RulesLike) -> _tuban.Rules:
    """Rules as the library takes them."""
    if rules is None:
        return _tuban.Rules()
    if not isinstance(rules, Mapping):
        return native_io().read_rules(os.fspath(rules))
    made = _tuban.Rules()
    known = {"gates", "tiers", "points"}
    for key in rules:
        if key not in known:
            raise Error(f"规则里没有“{key}”；应为 gates、tiers、points", f'rules have no "{key}"; expected gates, tiers, points')
    for gate in rules.get("gates", ()):
        made.add_gate(_name(gate, {"when"}), _text(gate, "when"))
    for tier in rules.get("tiers", ()):
        made.add_tier(_name(tier, {"when"}), _text(tier, "when"))
    for rule in rules.get("points", ()):
        name = _name(rule, {"when", "points", "of", "curve"})
        curve = [(float(x), plain_number(points)) for x, points in rule.get("curve", ())]
        if ("of" in rule) != bool(curve) or ("when" in rule) != ("points" in rule) or ("of" in rule) == ("when" in rule):
            raise Error(
                f"规则 {rule['id']}：应有 when 和 points，或者 of 和 curve",
                f"rule {rule['id']}: expected when and points, or of and curve",
            )
        made.add_points(name, (rule.get("when"), rule.get("of")), plain_number(rule.get("points", 0)), curve)
    return made


def _text(rule: Mapping[str, Any], key: str) -> str:
    if not isinstance(rule.get(key), str):
        raise Error(f"规则 {rule['id']} 缺 {key}", f"rule {rule['id']} lacks {key}")
    return rule[key]


def _name(rule: Mapping[str, Any], keys: set) -> _tuban.RuleName:
    if not isinstance(rule.get("id"), str):
        raise Error("每条规则要有 id", "each rule needs an id")
    for key in rule:
        if key not in keys | {"id", "name", "basis"}:
            raise Error(f"规则 {rule['id']} 里没有“{key}”", f"rule {rule['id']} has no key \"{key}\"")
    return _tuban.RuleName(rule["id"], rule.get("name", rule["id"]), rule.get("basis", ""))


class Ranking:
    """Who takes part, in which order, and why. Made by tuban.rank()."""

    def __init__(self, result: _tuban.Result) -> None:
        self._result = result

    def __len__(self) -> int:
        return len(self._result.plots)

    def __repr__(self) -> str:
        return f"<tuban.Ranking: {len(self.order)} of {len(self)} plots ranked>"

    @property
    def table(self) -> Table:
        """The measured table with tier, tier_name, score (points) and rank (from 1); null for plots left out."""
        return Table(
            self._result.table(),
            plots=self._result.plots,
            issues=self._result.issues(),
            requests=self._result.requests(),
        )

    @property
    def order(self) -> List[str]:
        """Ids of the plots that take part, best first; ties by id."""
        return self._result.order()

    @property
    def issues(self) -> List[Dict[str, Any]]:
        """Missing values and conditions that could not be judged, and the issues of the table."""
        return self._result.issues()

    def reason(self, plot_id: str) -> str:
        """Why a plot stands where it does, or takes no part, in the language of the environment."""
        return self._result.rank_reasons()[self._row(plot_id)][0 if chinese() else 1]

    def contributions(self, plot_id: str) -> Dict[str, float]:
        """Points of each rule for a plot; they add up to its score."""
        row = self._row(plot_id)
        return {rule: points for at, rule, _, points in self._result.contributions() if at == row}

    def _row(self, plot_id: str) -> int:
        ids = self._result.plots.ids
        if plot_id not in ids:
            raise Error(f"没有图斑 {plot_id}", f"there is no plot {plot_id}")
        return ids.index(plot_id)


def rank(table: TableLike, rules: RulesLike = None, *, progress: Progress = None, threads: int = 0) -> Ranking:
    """Ranks the plots of a measured table: gates, tiers, points; ties by plot_id.

    table  from tuban.measure(), or any with the columns plot_id and area_m2 (m²) and those the rules name
    rules  see RulesLike; None: nobody is left out and plot_id ranks

    Raises tuban.RuleError with file, line and column for a rule that is not valid, tuban.DataError if no plot has an
    area.
    """
    given = read(table)
    requests = given._requests or _tuban.Requests()
    native = native_rules(rules)
    return Ranking(_tuban.rank(given._columns, given._as_plots(), native, requests, running(progress, threads)))
