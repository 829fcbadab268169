"""How time grows with plots and with segments: lines for charts, out of what run measured."""
from collections import Counter, defaultdict

from roster import OURS


def growth(results, axis, other):
    """Seconds of a call of `nearest` over one size of the synthetic series at one value of the other.

    @return (that value, {name: [(size, seconds)]}), tuban first; None if no value has two sizes
    """
    nearest = [result for result in results if result["workload"] == "nearest" and result["synthetic"]]
    sizes = Counter(value for value, _ in {(result[other], result[axis]) for result in nearest})
    if not sizes or max(sizes.values()) < 2:
        return None
    fixed = max(value for value, count in sizes.items() if count == max(sizes.values()))
    lines = defaultdict(dict)
    for result in nearest:
        if result[other] == fixed:
            lines[OURS][result[axis]] = result["tuban"]["cpu_s"]
            lines[result["peer"]][result[axis]] = result["theirs"]["cpu_s"]
    return fixed, {name: sorted(points.items()) for name, points in lines.items()}
