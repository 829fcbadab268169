#!/usr/bin/env python3
"""Clusters with barriers and a largest area, packages and mines of the demo project, against shapely and a plain Kruskal.

Usage: clusters.py PROGRAM ROOT      Exit 1 and a line per failure.
"""
import itertools
import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path

import demo_oracle as oracle
from program import check, edit, finish, project_copy, tuban
from shapely.geometry import LineString
from shapely.ops import nearest_points

WITHIN_M = 4500
MOST_HA = 30
LEAST_KM2 = 0.25
BARRIERS = ("roads", "rivers")


def links(plots, layers):
    """(distance, i, j) of pairs whose straight link crosses no barrier, shortest first, in the plane of the plots."""
    parts = [line for name in BARRIERS for line in layers[name].to_crs(plots.crs).geometry]
    found, parted = [], 0
    shapes = list(plots.geometry)
    for i, j in itertools.combinations(range(len(shapes)), 2):
        distance = shapes[i].distance(shapes[j])
        if distance > WITHIN_M:
            continue
        if any(LineString(nearest_points(shapes[i], shapes[j])).intersects(line) for line in parts):
            parted += 1
        else:
            found.append((distance, i, j))
    check(parted > 0, "no link of the demo crosses a barrier: the test shows nothing")
    return sorted(found)


def grouped(count, areas, allowed, taken):
    """The group of each plot and the longest link of each group, links taken in turn wherever the areas allow it."""
    group, gaps = list(range(count)), [0.0] * count
    sums = list(areas)
    for distance, i, j in taken:
        a, b = group[i], group[j]
        if a != b and allowed(sums[a], sums[b]):
            sums[a] += sums[b]
            gaps[a] = max(gaps[a], gaps[b], distance)
            group = [a if g == b else g for g in group]
    return group, sums, gaps


def named(group, ids):
    return {i: min(ids[k] for k in range(len(ids)) if group[k] == group[i]) for i in range(len(ids))}


def main():
    with tempfile.TemporaryDirectory() as place:
        folder = project_copy("toli", Path(place))
        edit(folder / "toli.yaml", ("  - {clusters_within_m: 500} ",
             f"  - {{clusters_within_m: {WITHIN_M}, barriers: [road, river], at_most_ha: {MOST_HA}}}\n"
             f"  - {{packages_at_least_km2: {LEAST_KM2}, within_m: {WITHIN_M}, barriers: [road, river]}}\n"
             "  - mine_area_ha "))
        done = tuban("run", folder / "toli.yaml", "-o", folder / "out")
        check(done.returncode == 0, f"run with barriers: {done.returncode} {done.stderr[-500:]}")
        plots, layers = oracle.read_project(folder)
        with closing(sqlite3.connect(folder / "out" / "plan.gpkg")) as plan:
            plan.row_factory = sqlite3.Row
            rows = {row["plot_id"]: row for row in plan.execute("SELECT * FROM plots")}
    ids = list(plots["TBBH"])
    check(all(rows[i]["status"] != "ineligible" for i in ids), "all plots of the demo are eligible")
    areas = [rows[i]["area_m2"] for i in ids]
    taken = links(plots, layers)

    group, sums, _ = grouped(len(ids), areas, lambda a, b: a + b <= MOST_HA * 1e4, taken)
    names = named(group, ids)
    check(1 < len(set(group)) < len(ids), "clusters of the demo are neither all one nor all alone")
    check(max(sums[g] for g in group) <= MOST_HA * 1e4, "no cluster is too large")
    for i, plot in enumerate(ids):
        row = rows[plot]
        check(row["cluster_id"] == names[i], f"{plot}: cluster {row['cluster_id']}, expected {names[i]}")
        check(row["cluster_plots"] == group.count(group[i]), f"{plot}: plots of its cluster")
        check(abs(row["cluster_area_ha"] - sums[group[i]] / 1e4) < 1e-8, f"{plot}: area of its cluster")

    least = LEAST_KM2 * 1e6
    group, sums, gaps = grouped(len(ids), areas, lambda a, b: a < least or b < least, taken)
    names = named(group, ids)
    found = {g for g in group if sums[g] >= least}
    check(len(found) > 1 and len(found) < len(set(group)), "some plots of the demo are in packages, some are not")
    for i, plot in enumerate(ids):
        row, inside = rows[plot], group[i] in found
        check(row["package_id"] == (names[i] if inside else None), f"{plot}: package {row['package_id']}")
        if inside:
            check(abs(row["package_area_ha"] - sums[group[i]] / 1e4) < 1e-8, f"{plot}: area of its package")
            # The plane stretches lengths by less than 1e-4 there.
            gap = gaps[group[i]]
            check(abs(row["package_gap_m"] - gap) <= 1e-4 * gap + 1e-3, f"{plot}: gap {row['package_gap_m']}, {gap}")

    for i, plot in enumerate(ids):
        mine = [k for k in range(len(ids)) if plots["ZTBH"][k] == plots["ZTBH"][i]]
        check(rows[plot]["mine_plots"] == len(mine), f"{plot}: plots of its mine")
        check(abs(rows[plot]["mine_area_ha"] - sum(areas[k] for k in mine) / 1e4) < 1e-8, f"{plot}: area of its mine")


main()
finish()
