"""How time grows with plots and with segments: lines for charts, out of what run measured."""
from collections import Counter, defaultdict

from roster import OURS


def growth(told, axis, other):
    """Seconds of a call of `nearest` over one size of the synthetic series at one value of the other.

    @return (that value, {name: [(size, seconds)]}), tuban first; None if no value has two sizes
    """
    own, peers = ([row for row in told[kind] if row["workload"] == "nearest" and row["synthetic"]] for kind in ("own", "results"))
    sizes = Counter(value for value, _ in {(row[other], row[axis]) for row in own})
    if not sizes or max(sizes.values()) < 2:
        return None
    fixed = max(value for value, count in sizes.items() if count == max(sizes.values()))
    lines = defaultdict(dict)
    for row in own:
        if row[other] == fixed:
            lines[OURS][row[axis]] = row["tuban"]["cpu_s"]
    for row in peers:
        if row[other] == fixed:
            lines[row["peer"]][row[axis]] = row["theirs"]["cpu_s"]
    return fixed, {name: sorted(points.items()) for name, points in lines.items()}
