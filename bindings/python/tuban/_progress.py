"""What `progress=` may be."""

from __future__ import annotations

import sys
from typing import Callable, Optional, Union

from . import _tuban
from ._errors import chinese

Progress = Union[None, bool, Callable[[float, str], Optional[bool]]]
"""None or False: silent. True: a bar (tqdm where it is installed, else a line on stderr). Or f(complete, what), with
complete in [0, 1]; returning False stops the call with tuban.Cancelled."""


def _bar() -> Callable[[float, str], None]:
    try:
        from tqdm import tqdm
    except ImportError:
        def line(complete: float, what: str) -> None:
            sys.stderr.write(f"\r{complete:4.0%} {what}\x1b[K" + ("\n" if complete >= 1 else ""))
            sys.stderr.flush()

        return line
    bar = tqdm(total=100, bar_format="{l_bar}{bar}| {elapsed}")

    def show(complete: float, what: str) -> None:
        bar.set_description_str(what)
        bar.n = round(100 * complete)
        bar.refresh()
        if complete >= 1:
            bar.close()

    return show


def running(progress: Progress, threads: int) -> _tuban.Running:
    """How a long call runs."""
    if progress is None or progress is False:
        return _tuban.Running(None, threads)
    tell = _bar() if progress is True else progress
    zh = chinese()
    return _tuban.Running(lambda complete, zh_text, en_text: tell(complete, zh_text if zh else en_text), threads)
