#!/usr/bin/env python3
"""Writes the two demo projects (合成数据), or checks that those committed are what it writes.

Usage: make_demo.py            writes data/toli and data/youhao (the project files *.yaml are written by hand)
       make_demo.py --check    writes into a temporary folder and compares byte for byte; exit 1 if anything differs

Python's standard library only; seeded; no clock, no locale.
"""
import sys
import tempfile
from pathlib import Path

import toli
import youhao

PROJECTS = {"toli": toli, "youhao": youhao}
DATA = Path(__file__).resolve().parent.parent


def write_all(root):
    for name, project in PROJECTS.items():
        folder = root / name
        folder.mkdir(parents=True, exist_ok=True)
        project.write(folder)


def differences(made, committed):
    for name in PROJECTS:
        new = {p.name: p for p in (made / name).iterdir()}
        old = {p.name: p for p in (committed / name).iterdir() if p.suffix != ".yaml"}
        for file in sorted(new.keys() | old.keys()):
            if file not in old:
                yield f"{name}/{file}: not committed"
            elif file not in new:
                yield f"{name}/{file}: committed, but the generator does not write it"
            elif new[file].read_bytes() != old[file].read_bytes():
                yield f"{name}/{file}: differs"


def main(arguments):
    if arguments == []:
        write_all(DATA)
        return 0
    if arguments != ["--check"]:
        print(__doc__, file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as folder:
        write_all(Path(folder))
        found = list(differences(Path(folder), DATA))
    for text in found:
        print(text, file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
