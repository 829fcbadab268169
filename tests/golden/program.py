"""What the tests of the program share: running it, copies of the demo projects, reading what it wrote."""
import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

PROGRAM = Path(sys.argv[1]).resolve()
ROOT = Path(sys.argv[2]).resolve()
SHARED = ROOT.parent / "shared"

failures = []
passed = 0


def check(ok, text):
    global passed
    if ok:
        passed += 1
    else:
        failures.append(text)
        print("FAILS:", text, flush=True)
    return ok


def finish():
    print(f"{passed} passed, {len(failures)} failed")
    sys.exit(1 if failures else 0)


def tuban(*words, cwd=None, env=None, timeout=300, **more):
    """Runs the program; the environment is bare, so that only what a test says counts."""
    clean = {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/"), "LC_ALL": "C.UTF-8"}
    for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS", "LD_LIBRARY_PATH"):
        if name in os.environ:
            clean[name] = os.environ[name]
    return subprocess.run([str(PROGRAM), *map(str, words)], cwd=cwd, env={**clean, **(env or {})}, timeout=timeout,
                          capture_output=True, text=True, encoding="utf-8", stdin=subprocess.DEVNULL, **more)


def checked(file, *options, **more):
    """check --json of a file: exit code, the answer (or error) as JSON, what was said."""
    done = tuban("check", file, "--json", *options, **more)
    try:
        return done.returncode, json.loads(done.stdout or "{}"), done.stderr
    except json.JSONDecodeError:
        check(False, f"check --json of {file} is no JSON: {done.stdout[:200]!r}")
        return done.returncode, {}, done.stderr


def messages(answer):
    """Of an error, in Chinese and English."""
    error = answer.get("error", {})
    return error.get("message_zh", ""), error.get("message_en", "")


def project_copy(name, folder):
    """A copy of a demo project that a test may change."""
    target = Path(folder) / name
    shutil.copytree(ROOT / "data" / name, target)
    return target


def edit(path, *pairs):
    """Replaces texts in a file; each must be there."""
    text = path.read_text(encoding="utf-8")
    for old, new in pairs:
        assert old in text, f"{path.name} has no {old!r}"
        text = text.replace(old, new)
    path.write_text(text, encoding="utf-8")


def hashes(folder):
    """SHA-256 of every file but run.json, by name."""
    return {str(p.relative_to(folder)): hashlib.sha256(p.read_bytes()).hexdigest()
            for p in sorted(Path(folder).rglob("*")) if p.is_file() and p.name != "run.json"}


def rows(plan, sql):
    with sqlite3.connect(f"file:{plan}?mode=ro", uri=True) as db:
        return db.execute(sql).fetchall()


def accepted(out, second=None):
    """The outside checker's verdict, or None where the checker is not beside the project."""
    checker = SHARED / "accept" / "check_out.py"
    if not checker.exists():
        return None
    words = [sys.executable, str(checker), str(out)] + ([str(second)] if second else [])
    done = subprocess.run(words, capture_output=True, text=True)
    if done.returncode != 0:
        print(done.stdout)
    return done.returncode == 0
