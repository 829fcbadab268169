"""How tuban fails in Python."""

from __future__ import annotations

import os


def chinese() -> bool:
    """True if the environment's language is Chinese (LC_ALL, LC_MESSAGES, LANG; the first that is set)."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(name)
        if value:
            return value.startswith("zh")
    return False


class Error(Exception):
    """A wrong call, or an input that cannot be used.

    code    number, equal to the program's exit code
    name    the same as a word: "invalid_project"
    file    where it was found, as the caller named it; "" if nowhere
    line    from 1; 0 if unknown
    column  from 1, in characters; 0 if unknown
    zh, en  the whole message in both languages; str() is the one of the environment
    """

    def __init__(
        self, zh: str, en: str, code: int = 2, name: str = "invalid_argument", file: str = "", line: int = 0, column: int = 0
    ) -> None:
        super().__init__(zh if chinese() else en)
        self.zh = zh
        self.en = en
        self.code = code
        self.name = name
        self.file = file
        self.line = line
        self.column = column


class RuleError(Error):
    """A project file, rule, condition or requirement that is not valid."""


class DataError(Error):
    """A data file that cannot be read or trusted, or data that fail a check."""


class Cancelled(Error):
    """The call was stopped by its progress callback."""


_classes = {
    "invalid_project": RuleError,
    "unreadable_input": DataError,
    "data_check_failed": DataError,
    "interrupted": Cancelled,
}


def make_error(code: int, name: str, zh: str, en: str, file: str, line: int, column: int) -> Error:
    """The exception for a failure of the library."""
    return _classes.get(name, Error)(zh, en, code, name, file, line, column)
