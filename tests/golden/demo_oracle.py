"""Measures and schedules the demo projects with other people's code: geopandas, pyproj, shapely, numpy, SciPy.

Shares nothing with tuban or with the generator. Distances are taken in an azimuthal equidistant plane round each plot,
areas by the survey rule with PROJ and the closed form of the ellipsoid's strip instead of the series, depths from a raster that gdal_translate wrote.
"""
import subprocess
import tempfile
from pathlib import Path

import geopandas
import numpy
import openpyxl
import shapely
from pyproj import Geod, Transformer
from scipy.optimize import Bounds, LinearConstraint, milp

GEOD = Geod(a=6378137.0, rf=298.257222101)


def read_ledger(path):
    """TBBH → row of the sheet 图斑, by column name."""
    sheet = openpyxl.load_workbook(path, read_only=True)["图斑"]
    head, *rows = sheet.iter_rows(values_only=True)
    return {row[head.index("TBBH")]: dict(zip(head, row)) for row in rows}


def read_project(folder):
    """Plots in file order, their short name (last word of BZ's first part), costs in yuan and the layers."""
    plots = geopandas.read_file(folder / "plots.shp")
    ledger = read_ledger(folder / "台账.xlsx")
    plots["short"] = [text.split("，")[0].split()[-1] for text in plots["BZ"]]
    plots["cost_yuan"] = [round(float(ledger[i]["投资"]) * 10000) for i in plots["TBBH"]]
    plots["ledger"] = [ledger[i] for i in plots["TBBH"]]
    layers = {name: geopandas.read_file(folder / "context.gpkg", layer=name)
              for name in ("roads", "railways", "settlements", "rivers", "reserves")}
    layers["roads"] = layers["roads"][layers["roads"]["grade"] != "小路"]
    return plots, layers


E2 = 2 / 298.257222101 - 1 / 298.257222101**2
B2 = (6378137.0 * (1 - 1 / 298.257222101)) ** 2


def strip_m2(lat):
    """Between the equator and a latitude, per radian of longitude: closed form, no series."""
    s, e = numpy.sin(lat), numpy.sqrt(E2)
    return B2 / 2 * (s / (1 - E2 * s * s) + numpy.arctanh(e * s) / e)


def survey_area_m2(polygon, crs):
    """By the survey rule: edges straight in `crs`, equal pieces of at most 70 m, a trapezoid per piece."""
    corners = shapely.get_coordinates(polygon.exterior)
    pieces = [numpy.linspace(a, b, max(1, int(numpy.ceil(numpy.hypot(*(b - a)) / 70))), endpoint=False)
              for a, b in zip(corners, corners[1:])]
    x, y = numpy.vstack(pieces + [corners[:1]]).T
    lon, lat = numpy.radians(Transformer.from_crs(crs, 4490, always_xy=True).transform(x, y))
    middle = (lon[1:] + lon[:-1]) / 2 - lon[0]
    return abs(float((middle * (strip_m2(lat[1:]) - strip_m2(lat[:-1]))).sum()))


def geodesic_area_m2(polygon, crs):
    """Geodesics between the vertices. Good to some 0.01 m²: one bit of the Earth's area."""
    lon, lat = Transformer.from_crs(crs, 4490, always_xy=True).transform(*shapely.get_coordinates(polygon.exterior).T)
    return abs(GEOD.polygon_area_perimeter(lon, lat)[0])


def distances_m(plots, layer):
    """From each plot to the nearest feature, in a plane centred on the plot."""
    found = []
    for polygon in plots.geometry:
        lon, lat = Transformer.from_crs(plots.crs, 4490, always_xy=True).transform(polygon.centroid.x, polygon.centroid.y)
        local = f"+proj=aeqd +lat_0={lat} +lon_0={lon} +ellps=GRS80 +units=m +no_defs"
        features = layer.geometry.segmentize(50.0).to_crs(local)
        plot = geopandas.GeoSeries([polygon.segmentize(20.0)], crs=plots.crs).to_crs(local)[0]
        found.append(float(features.distance(plot).min()))
    return numpy.array(found)


def clusters(plots, within_m):
    """Number of plots in each plot's cluster, and a label of the cluster."""
    label = list(range(len(plots)))
    shapes = list(plots.geometry)
    for i in range(len(shapes)):
        for j in range(i):
            if shapes[i].distance(shapes[j]) < within_m:
                joined = {label[i], label[j]}
                label = [min(joined) if k in joined else k for k in label]
    return [label.count(k) for k in label], label


def depths_m(plots, raster):
    """Greatest depth of a cell centre below the plane through the rim (length-weighted least squares)."""
    with tempfile.TemporaryDirectory() as folder:
        raw = Path(folder) / "dem.bin"
        subprocess.run(["gdal_translate", "-q", "-of", "ENVI", "-ot", "Float64", str(raster), str(raw)], check=True)
        head = Path(folder, "dem.hdr").read_text()
        lines = int(head.split("lines   =")[1].split()[0])
        cells = numpy.fromfile(raw).reshape(lines, -1)
        text = head.split("map info = {")[1].split(",")
    west, north, cell = float(text[3]), float(text[4]), float(text[5])
    found = []
    for polygon in plots.geometry:
        rim = polygon.exterior
        steps = numpy.arange(0.5, rim.length, 1.0)
        x, y = shapely.get_coordinates(shapely.line_interpolate_point(rim, steps)).T
        u, v = (x - west) / cell - 0.5, (north - y) / cell - 0.5
        c, r = numpy.floor(u).astype(int), numpy.floor(v).astype(int)
        u, v = u - c, v - r
        z = ((1 - v) * ((1 - u) * cells[r, c] + u * cells[r, c + 1])
             + v * ((1 - u) * cells[r + 1, c] + u * cells[r + 1, c + 1]))
        x0, y0 = polygon.centroid.x, polygon.centroid.y
        plane = numpy.linalg.lstsq(numpy.column_stack([numpy.ones_like(x), x - x0, y - y0]), z, rcond=None)[0]
        left, low, right, high = polygon.bounds
        columns = numpy.arange(int((left - west) / cell) - 1, int((right - west) / cell) + 2)
        rows = numpy.arange(int((north - high) / cell) - 1, int((north - low) / cell) + 2)
        cx, cy = numpy.meshgrid(west + (columns + 0.5) * cell, north - (rows + 0.5) * cell)
        inside = shapely.contains_xy(polygon, cx, cy)
        ground = cells[numpy.ix_(rows, columns)]
        found.append(float((plane[0] + plane[1] * (cx - x0) + plane[2] * (cy - y0) - ground)[inside].max()))
    return numpy.array(found)


def measure(folder):
    """The plots of a project with area_dm2 (0.01 m²), road, settlement, reserve, cluster_plots, cluster."""
    plots, layers = read_project(folder)
    plots["exact_area_m2"] = [survey_area_m2(p, plots.crs) for p in plots.geometry]
    plots["geodesic_area_m2"] = [geodesic_area_m2(p, plots.crs) for p in plots.geometry]
    plots["area_dm2"] = [int(a * 100 + 0.5) for a in plots["exact_area_m2"]]
    for name in ("roads", "settlements", "reserves"):
        plots[name] = distances_m(plots, layers[name])
    plots["cluster_plots"], plots["cluster"] = clusters(plots, 500.0)
    plots["depth"] = depths_m(plots, folder / "dem.tif")
    return plots


def toli_score(p):
    area_ha = p.area_dm2 / 1e6
    return ((40 if p.roads <= 1000 else 15 if p.roads <= 2000 else 0)
            + (20 if p.settlements <= 1000 else 10 if p.settlements <= 2000 else 0)
            + (30 if p.depth >= 30 else 20 if p.depth >= 20 else 10 if p.depth >= 10 else 0)
            + (20 if area_ha >= 15 else 0)
            + (10 if p.cluster_plots >= 4 else 5 if p.cluster_plots >= 2 else 0))


def youhao_score(p):
    return ({"1": 25, "2": 15, "3": 0}[p.NXFFS] + {"轻度": 35, "中度": 20, "重度": 0}[p.ledger["损毁程度"]]
            + (10 if p.reserves <= 1000 else 0) + (5 if p.roads <= 1000 else 0))


# What a changed cause does to the Toli plan: plot → its new year (None: left out). Plots not named stay.
# Infeasible changes have None instead of a table.
MOVES = {
    "no lead time": {"P28": "2024", "P17": "2025", "P19": "2025", "P24": "2025", "P25": "2025"},
    "no ceiling in 2023": dict.fromkeys((f"P{n}" for n in range(14, 26)), "2023"),
    "no ceiling in 2024": {},
    "no ceiling in 2025": {},
    "2023 money -5 %": {"P11": "2024", "P16": "2023", "P25": None},
    "2024 money -5 %": {"P25": None},
    "2025 money -5 %": None,
    "P13 20 % dearer": {"P13": "2024", "P18": "2023", "P25": None},
    "P05 20 % dearer": {"P13": "2024", "P14": "2023", "P25": None},
    "P26 15 % dearer": None,
    "road moved from P13": {"P13": "2024", "P18": "2023"},
}


class Infeasible(Exception):
    pass


def solve_toli(plots, scores, money_yuan=(17000000, 14600000, 15200000), target_dm2=195450000, lead=True, forbid=None):
    """Period index (0, 1, 2) or None per plot: earliest score by hectares, then clusters together, then least cost.

    money_yuan: a ceiling per year, None for no ceiling. forbid: a plan that must not come out (for the second best).
    """
    n, periods = len(plots), 3
    area, cost = plots["area_dm2"].to_numpy(), plots["cost_yuan"].to_numpy()
    groups = sorted(set(plots["cluster"]))
    size = n * periods + len(groups) * periods  # x[p, t], then y[g, t]
    rows, low, high = [], [], []

    def add(row, lower, upper):
        rows.append(row)
        low.append(lower)
        high.append(upper)

    def blank():
        return numpy.zeros(size)

    for p in range(n):
        row = blank()
        row[p * periods:(p + 1) * periods] = 1
        add(row, 0, 1)
    for t, ceiling in enumerate(money_yuan):
        if ceiling is not None:
            row = blank()
            row[t:n * periods:periods] = cost / 1e4
            add(row, 0, ceiling / 1e4)
    row = blank()
    row[:n * periods] = numpy.repeat(area / 1e6, periods)
    add(row, target_dm2 / 1e6, numpy.inf)
    for p, group in enumerate(plots["cluster"]):
        for t in range(periods):
            row = blank()
            row[p * periods + t] = 1
            row[n * periods + groups.index(group) * periods + t] = -1
            add(row, -1, 0)
    if forbid is not None:
        row = blank()
        for p, t in enumerate(forbid):
            if t is not None:
                row[p * periods + t] = 1
        add(row, 0, sum(t is not None for t in forbid) - 1)
    upper = numpy.ones(size)
    if lead:
        for p in range(n):
            if area[p] > 15000000:
                upper[p * periods:p * periods + 2] = 0

    earliest, together, least = blank(), blank(), blank()
    for p in range(n):
        for t in range(periods):
            earliest[p * periods + t] = -scores[p] * area[p] / 1e6 * (periods - t)
            least[p * periods + t] = cost[p] / 1e4
    together[n * periods:] = 1
    x, first = None, None
    for goal in (earliest, together, least):
        answer = milp(goal, integrality=numpy.ones(size), bounds=Bounds(0, upper),
                      constraints=LinearConstraint(numpy.array(rows), low, high), options={"mip_rel_gap": 0})
        if answer.x is None:
            raise Infeasible
        x = numpy.round(answer.x)
        first = -float(goal @ x) if first is None else first
        add(goal, -numpy.inf, float(goal @ x) + 1e-6)
    chosen = x[:n * periods].reshape(n, periods)
    return [int(row.argmax()) if row.any() else None for row in chosen], first
