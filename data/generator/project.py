"""What the two demo projects have in common: a place, and the writing of context, land use and ledger."""
from random import Random

import files
import shapes
from geodesy import survey_area_m2
from schema import LANDUSE_FIELDS, landuse_rows

NOTE = [["合成数据"], ["本工作簿为演示用合成数据，金额单位为万元；责任人只写岗位。"]]


class Place:
    """A zone and the point in it from which the tables count metres east and north."""

    def __init__(self, zone, east, north, county_code, seed):
        self.zone, self.east, self.north = zone, east, north
        self.county_code, self.seed = county_code, seed

    def at(self, x, y):
        return self.east + x, self.north + y

    def line(self, points):
        return [self.at(*p) for p in points]

    def stars(self, plots):
        """A ring per (x, y, area_m2)."""
        rng = Random(self.seed)
        return [shapes.star(*self.at(x, y), area, self.zone, rng) for x, y, area in plots]


def plot_ids(plots, year, county_code):
    """TBBH by name, for (name, mine) in order: mines and the plots of each mine are numbered as they come."""
    serial, count, ids = {}, {}, {}
    for name, mine in plots:
        serial.setdefault(mine, len(serial) + 1)
        count[mine] = count.get(mine, 0) + 1
        ids[name] = f"CT{county_code}{year}{serial[mine]:06d}{count[mine]:03d}"
    return ids


def traffic_roads(place, roads):
    return [place.line(points) for _, grade, points in roads if grade != "小路"]


def write_context(folder, place, roads, railways, settlements, rivers, reserves):
    graded, named = [("name", "TEXT"), ("grade", "TEXT")], [("name", "TEXT")]

    def lines(rows):
        return [(place.line(points), *text) for *text, points in rows]

    files.geopackage(folder / "context.gpkg", [
        ("roads", "合成数据：道路", "LINESTRING", graded, lines(roads)),
        ("railways", "合成数据：铁路", "LINESTRING", named, lines(railways)),
        ("settlements", "合成数据：居民点", "POINT", named, [(place.at(x, y), name) for name, x, y in settlements]),
        ("rivers", "合成数据：河流", "LINESTRING", named, lines(rivers)),
        ("reserves", "合成数据：自然保护地", "POLYGON", graded, lines(reserves)),
    ], place.zone)


def write_landuse(folder, place, plots, half_m, codes, village):
    """The plots as 0602 and two parcels round each, with a code drawn from `codes`."""
    rng, parcels = Random(place.seed + 1), []
    for ring, sides in zip(plots, shapes.surroundings(plots, half_m)):
        drawn = [(side, codes[int(rng.random() * len(codes))]) for side in sides]
        parcels += [(outline, code, survey_area_m2(outline, place.zone)) for outline, code in drawn + [(ring, "0602")]]
    rows = landuse_rows(parcels, place.county_code, village)
    files.shapefile(folder / "dltb.shp", [ring for ring, _, _ in parcels], LANDUSE_FIELDS, rows, place.zone)
