"""Issues on their way to the user's log."""

from __future__ import annotations

import logging
from typing import Any, Dict, List

_log = logging.getLogger("tuban")
_log.addHandler(logging.NullHandler())  # silent unless the program that uses tuban sets logging up
_levels = {"warning": logging.WARNING, "error": logging.ERROR}


def told(issues: List[Dict[str, Any]]) -> List[Dict[str, Any]]:
    """The issues; warnings and errors have been logged, in English, with the issue as `record.issue`."""
    for issue in issues:
        level = _levels.get(issue["severity"])
        if level is not None:
            _log.log(level, "%s", _sentence(issue), extra={"issue": issue})
    return issues


def _sentence(issue: Dict[str, Any]) -> str:
    row = "" if issue["row"] is None else f"row {issue['row']}"
    place = " ".join(part for part in (issue["file"], row, issue["plot_id"]) if part)
    return f"{place}: {issue['en']}" if place else issue["en"]
