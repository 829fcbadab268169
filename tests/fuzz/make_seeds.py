"""Writes the binary seeds of the fuzz targets (seeds/wkb, seeds/shapefile, seeds/zip, seeds/geojson, seeds/plan): made by hand, 合成数据 throughout.

Usage: make_seeds.py [PLAN.gpkg]      The plan seed is a small run's plan.gpkg without its indexes and triggers.
"""
import io
import json
import sqlite3
import struct
import sys
import zipfile
from pathlib import Path

SEEDS = Path(__file__).resolve().parent / "seeds"
SQUARE = [(0, 0), (0, 1), (1, 1), (1, 0), (0, 0)]
HOLE = [(0.2, 0.2), (0.4, 0.2), (0.4, 0.4), (0.2, 0.4), (0.2, 0.2)]
BOW_TIE = [(0, 0), (1, 1), (1, 0), (0, 1), (0, 0)]
SPIKE = [(0, 0), (0, 1), (1, 1), (1, 3), (1, 1), (1, 0), (0, 0)]
NAN = float("nan")


def write(folder, name, data):
    (SEEDS / folder).mkdir(parents=True, exist_ok=True)
    (SEEDS / folder / name).write_bytes(data)


def at(ring, x, y, scale):
    return [(x + px * scale, y + py * scale) for px, py in ring]


class Wkb:
    def __init__(self, order="<", dimensions=2, ewkb=False):
        self.order, self.dimensions, self.ewkb = order, dimensions, ewkb

    def head(self, kind):
        thousands = {2: 0, 3: 1000, 4: 3000}[self.dimensions]
        flags = {2: 0, 3: 0x80000000, 4: 0xC0000000}[self.dimensions] | 0x20000000
        code = kind | flags if self.ewkb else kind + thousands
        head = struct.pack(self.order + "BI", 1 if self.order == "<" else 0, code)
        return head + struct.pack(self.order + "I", 4490) if self.ewkb else head

    def vertices(self, points):
        extra = (7.0,) * (self.dimensions - 2)
        return b"".join(struct.pack(f"{self.order}{self.dimensions}d", *point, *extra) for point in points)

    def counted(self, items):
        return struct.pack(self.order + "I", len(items)) + b"".join(items)

    def ring(self, points):
        return struct.pack(self.order + "I", len(points)) + self.vertices(points)

    def point(self, x, y):
        return self.head(1) + self.vertices([(x, y)])

    def line(self, points):
        return self.head(2) + self.ring(points)

    def polygon(self, *rings):
        return self.head(3) + self.counted([self.ring(ring) for ring in rings])

    def many(self, kind, *members):
        return self.head(kind) + self.counted(list(members))


def wkb():
    plain, degrees, gk = Wkb(), bytes([0xF0]), bytes([0xF1])

    def place(ring):
        return at(ring, 83.6, 45.9, 0.01)
    whole = plain.polygon(place(SQUARE), place(HOLE))
    samples = {
        "square": degrees + plain.polygon(place(SQUARE)),
        "hole": degrees + whole,
        "bow_tie": degrees + plain.polygon(place(BOW_TIE)),
        "bow_tie_projected": gk + plain.polygon(at(BOW_TIE, 28402314, 5083000, 100)),
        "spike": gk + plain.polygon(at(SPIKE, 28402314, 5083000, 100)),
        "two_parts_overlap": degrees + plain.many(6, plain.polygon(place(SQUARE)), plain.polygon(at(SQUARE, 83.605, 45.905, 0.01))),
        "collection": degrees + plain.many(7, plain.point(83.6, 45.9), plain.line(place(SQUARE)[:3]), whole, plain.many(7)),
        "big_endian_z": degrees + Wkb(">", 3).polygon(place(SQUARE)),
        "ewkb_zm": degrees + Wkb(dimensions=4, ewkb=True).polygon(place(SQUARE)),
        "unclosed": degrees + plain.polygon(place(SQUARE)[:4]),
        "two_vertices": degrees + plain.polygon(place(SQUARE)[:2]),
        "empty": degrees + plain.polygon(),
        "empty_point": degrees + plain.point(NAN, NAN),
        "nan": degrees + plain.polygon(place(SQUARE)[:2] + [(NAN, 45.9)] + place(SQUARE)[3:]),
        "huge_count": degrees + plain.head(3) + struct.pack("<I", 0xFFFFFFFF),
        "antimeridian": degrees + plain.polygon([(179.9, 10), (-179.9, 10), (-179.9, 10.2), (179.9, 10.2), (179.9, 10)]),
        "pole": degrees + plain.polygon([(0, 89), (120, 89), (-120, 89), (0, 89)]),
        "curve": degrees + plain.head(10) + struct.pack("<I", 0),
    }
    for name, data in samples.items():
        write("wkb", name, data)


def shp(records, kind=5):
    """(.shp, .shx) of records as bodies after the shape type; None is a null shape."""
    bodies = [struct.pack("<i", 0) if body is None else struct.pack("<i", kind) + body for body in records]

    def header(size):
        return struct.pack(">7i", 9994, 0, 0, 0, 0, 0, size // 2) + struct.pack("<2i8d", 1000, kind, 0, 0, 1, 1, 0, 0, 0, 0)
    shapes, index, offset = b"", b"", 100
    for number, body in enumerate(bodies, 1):
        index += struct.pack(">2i", offset // 2, len(body) // 2)
        shapes += struct.pack(">2i", number, len(body) // 2) + body
        offset += 8 + len(body)
    return header(100 + len(shapes)) + shapes, header(100 + len(index)) + index


def polygon_body(*rings, z=False):
    flat = [point for ring in rings for point in ring]
    xs, ys = zip(*flat)
    starts, total = [], 0
    for ring in rings:
        starts.append(total)
        total += len(ring)
    body = struct.pack("<4d2i", min(xs), min(ys), max(xs), max(ys), len(rings), total)
    body += struct.pack(f"<{len(rings)}i", *starts) + b"".join(struct.pack("<2d", *point) for point in flat)
    return body + struct.pack(f"<{2 + total}d", 0, 7, *[7.0] * total) if z else body


def dbf(rows, language=0):
    fields = [(b"TBBH", b"C", 8, 0), (b"KSWZ", b"C", 12, 0), (b"TBMJ", b"N", 10, 2)]
    length = 1 + sum(field[2] for field in fields)
    head = struct.pack("<B3BIHH16xBB2x", 3, 126, 1, 1, len(rows), 33 + 32 * len(fields), length, 0, language)
    for name, kind, size, decimals in fields:
        head += struct.pack("<11sc4xBB14x", name, kind, size, decimals)
    records = b"".join(b" " + b"".join(cell.ljust(field[2])[:field[2]] for cell, field in zip(row, fields)) for row in rows)
    return head + b"\r" + records + b"\x1a"


def shapefile():
    square = at(SQUARE, 28402314, 5083000, 100)
    prj = b'GEOGCS["China Geodetic Coordinate System 2000",DATUM["China_2000",SPHEROID["CGCS2000",6378137,298.257222101]],PRIMEM["Greenwich",0],UNIT["degree",0.0174532925199433]]'

    def members(shapes, rows, cpg=None, language=0):
        parts = [shapes[0], b".shx:", shapes[1], b".dbf:", dbf(rows, language)]
        parts += [b".cpg:", cpg] if cpg else []
        return b"".join(parts + [b".prj:", prj])
    row = [b"A1", "合成数据".encode("gbk"), b"10000.00"]
    degrees = polygon_body(at(SQUARE, 83.6, 45.9, 0.01))
    write("shapefile", "square", members(shp([degrees]), [row], b"GBK"))
    write("shapefile", "two_rows", members(shp([degrees, None]), [row, [b"", b"", b""]], language=0x4D))
    write("shapefile", "parts", members(shp([polygon_body(at(SQUARE, 83.6, 45.9, 0.01), at(HOLE, 83.6, 45.9, 0.01))]), [row]))
    write("shapefile", "polygon_z", members(shp([polygon_body(at(SQUARE, 83.6, 45.9, 0.01), z=True)], 15), [row]))
    write("shapefile", "point", members(shp([struct.pack("<2d", 83.6, 45.9)], 1), [row]))
    write("shapefile", "projected_labelled_degrees", members(shp([polygon_body(square)]), [row]))
    write("shapefile", "no_rows", members(shp([]), []))
    whole = members(shp([degrees]), [row])
    write("shapefile", "cut", whole[:160])
    write("shapefile", "shp_alone", shp([degrees])[0])


def geojson():
    def feature(ring, **properties):
        return {"type": "Feature", "properties": properties, "geometry": ring and {"type": "Polygon", "coordinates": [ring]}}

    def collection(*features, **more):
        return json.dumps({"type": "FeatureCollection", **more, "features": features}, ensure_ascii=False).encode()
    square, bow_tie = at(SQUARE, 83.6, 45.9, 0.01), at(BOW_TIE, 83.7, 45.9, 0.01)
    samples = {
        "square": collection(feature(square, TBBH="A1", TBTYMJ=10000.5)),
        "bow_tie": collection(feature(square, TBBH="A1"), feature(bow_tie, TBBH="A1")),
        "no_geometry": collection(feature(None, TBBH="图斑1")),
        "crs": collection(feature(square, id=1), crs={"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4490"}}),
        "no_feature_among": collection(feature(square, a=1), 7, None, {"type": "Point", "coordinates": [83.6, 45.9]}),
        "nested_collection": json.dumps({"type": "GeometryCollection", "geometries": [{"type": "Polygon", "coordinates": [square]}]}).encode(),
        "cut": collection(feature(square, TBBH="A1"))[:150],
        "bom": b"\xef\xbb\xbf" + collection(feature(square, TBBH="A1")),
    }
    for name, data in samples.items():
        write("geojson", name, data)


def zipped(members, method=zipfile.ZIP_DEFLATED):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        for name, data in members.items():
            archive.writestr(zipfile.ZipInfo(name), data, method)
    return stream.getvalue()


def zips():
    shapes = shp([polygon_body(at(SQUARE, 83.6, 45.9, 0.01))])
    members = {"图斑.shp": shapes[0], "图斑.shx": shapes[1], "图斑.dbf": dbf([[b"A1", b"x", b"10000.00"]]), "图斑.prj": b"EPSG:4490"}
    whole = zipped(members)
    write("zip", "shapefile", whole)
    write("zip", "stored", zipped(members, zipfile.ZIP_STORED))
    write("zip", "in_folder", zipped({"a/b/" + name: data for name, data in members.items()}))
    write("zip", "two", zipped({**members, "plots.csv": b"id,x\n1,2\n"}))
    write("zip", "in_zip", zipped({"plots.zip": whole}))
    write("zip", "cut", whole[:-30])
    write("zip", "flipped", whole[:60] + bytes([whole[60] ^ 1]) + whole[61:])
    write("zip", "empty", zipped({}))


def plan(source):
    target = SEEDS / "plan" / "small.gpkg"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.unlink(missing_ok=True)
    left_out = ("rtree", "sqlite_", "gpkg_tile", "gpkg_ext", "gpkg_data", "layer_styles")
    with sqlite3.connect(f"file:{source}?mode=ro", uri=True) as old:
        new = sqlite3.connect(target)
        new.execute("PRAGMA page_size = 512")
        new.execute("PRAGMA application_id = 1196444487")
        new.execute("PRAGMA user_version = 10300")
        for name, sql in old.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table' AND sql IS NOT NULL").fetchall():
            if name.startswith(left_out):
                continue
            new.execute(sql)
            for row in old.execute(f'SELECT * FROM "{name}"'):
                new.execute(f'INSERT INTO "{name}" VALUES ({",".join("?" * len(row))})', row)
        new.execute("DELETE FROM gpkg_spatial_ref_sys WHERE srs_id > 0 AND srs_id <> 4490")
        new.commit()
        new.execute("VACUUM")
        new.close()


if __name__ == "__main__":
    wkb()
    shapefile()
    geojson()
    zips()
    if len(sys.argv) > 1:
        plan(sys.argv[1])
