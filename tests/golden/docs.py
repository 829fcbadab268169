"""Pages hold what the program says: generated reference pages, and the output that the READMEs show.

Usage: docs.py PROGRAM ROOT
"""
import re
import tempfile
from pathlib import Path

from program import ROOT, check, edit, finish, project_copy, tuban


def reference():
    for language in ("zh", "en"):
        for page, kind in (("project-keys.md", "keys"), ("columns.md", "columns"), ("issues.md", "issues"), ("check.md", "check"), ("profile.md", "profile")):
            said = tuban("schema", "--reference", kind, "--lang", language).stdout
            there = (ROOT / "docs" / language / page).read_text(encoding="utf-8")
            check(said == there, f"docs/{language}/{page} is what `tuban schema --reference {kind}` prints")


def same_shape(zh, en):
    for what, pattern in (("headings", r"(?m)^#+ "), ("code blocks", r"(?m)^```"), ("table rows", r"(?m)^\|")):
        check(len(re.findall(pattern, zh)) == len(re.findall(pattern, en)), f"both READMEs have as many {what}")
    for text in (zh, en):
        for link in re.findall(r"\]\(([^)#:]+)\)", text):
            check((ROOT / link).exists(), f"README links to {link}, which is not there")


def shown(text, done, name):
    """Every line that the program printed stands in the README, results' paths as the README has them."""
    for line in (done.stderr + done.stdout).splitlines():
        if not line.startswith(("结果", "results", "out")) and "没有改动" not in line and "left as it was" not in line:
            check(line in text, f"{name} does not show {line!r}")


def outputs(zh, en):
    with tempfile.TemporaryDirectory() as folder:
        for language, text, name in (("zh", zh, "README.md"), ("en", en, "README.en.md")):
            shown(text, tuban("check", "data/toli/plots.shp", "--lang", language, cwd=ROOT), name)
            shown(text, tuban("run", ROOT / "data/toli/toli.yaml", "-o", Path(folder) / "out", "--lang", language), name)
        project = project_copy("toli", folder)
        edit(project / "toli.yaml", ("at_most: 1520", "at_most: 1444"))
        for language, text, name in (("zh", zh, "README.md"), ("en", en, "README.en.md")):
            done = tuban("run", project / "toli.yaml", "-o", Path(folder) / "other", "--lang", language)
            check(done.returncode == 6, f"{name}: exit {done.returncode} with 5 % less money in 2025")
            shown(text, done, name)


def main():
    zh = (ROOT / "README.md").read_text(encoding="utf-8")
    en = (ROOT / "README.en.md").read_text(encoding="utf-8")
    reference()
    same_shape(zh, en)
    outputs(zh, en)
    finish()


main()
