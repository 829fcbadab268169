"""How messages are written: Chinese with full-width punctuation, and a kind in issue_kinds() for every code.

Usage: wording.py PROGRAM ROOT
"""
import re

from program import ROOT, check, finish, tuban

LITERAL = re.compile(r'"((?:[^"\\]|\\.)*)"')
CHINESE = "[\u4e00-\u9fff]"
# Between Chinese characters, or closing a bracket that holds them: "文件,图层", "(文件)".
HALF_WIDTH = re.compile(f"{CHINESE}[,;:!?]{CHINESE}|{CHINESE}\\([^()]*{CHINESE}[^()]*\\)|{CHINESE}[,;]$")
HEADER = 12 # up to so many characters: a table's header with its unit, as 面积(公顷)


def literals(source):
    """Strings of a C++ file, pieces that stand side by side joined."""
    for run in re.finditer(r'"(?:[^"\\\n]|\\.)*"(?:\s*"(?:[^"\\\n]|\\.)*")*', source):
        yield "".join(LITERAL.findall(run.group()))


def punctuation():
    for path in sorted((ROOT / "src").rglob("*.cpp")):
        for text in literals(path.read_text(encoding="utf-8")):
            # 面积(公顷) inside a sentence is the header that a table may have; 土地损毁(…) is how a county may write it.
            text = re.sub(r"(面积|资金|投资)\((公顷|万元|亩|平方米)\)|土地损毁\(含挖损、占压、塌陷\)", "", text)
            found = None if len(text) <= HEADER or text.startswith("--") or "substr(" in text or "lower(" in text else HALF_WIDTH.search(text)
            check(found is None, f"{path.relative_to(ROOT)}: half-width punctuation in Chinese: {text!r}")


def codes():
    """Codes given to Issues, as the sources write them."""
    patterns = [r'\bcode\s*=\s*"(\w+)"', r'Severity::\w+,\s*"(\w+)"', r'Severity::\w+,\s*\w+\s*\?\s*"(\w+)"\s*:\s*"(\w+)"',
                r'\bfile_note\(\s*"(\w+)"', r'\b(?:note|issue|plot_issue|row_issue|about_file)\([^;"]*?"([a-z_]+)"']
    known = set(re.findall(r"(?m)^\| `(\w+)` \|", tuban("schema", "--reference", "issues").stdout))
    check(len(known) > 20, "the reference lists the kinds")
    used = set()
    for path in sorted((ROOT / "src").rglob("*.cpp")):
        if path.parent.name in ("cli", "report", "workspace"):
            continue
        source = path.read_text(encoding="utf-8")
        for pattern in patterns:
            for groups in re.findall(pattern, source, re.S):
                for code in (groups if isinstance(groups, tuple) else (groups,)):
                    used.add((code, path.name))
    for code, name in sorted(used):
        check(code in known, f"src/…/{name} uses the code {code!r}, which issue_kinds() does not know")
    check({"held_out", "duplicate_id", "condition"} <= {code for code, _ in used}, "codes were found in the sources")


def main():
    punctuation()
    codes()
    finish()


main()
