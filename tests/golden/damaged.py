"""Damaged files: made good by GDAL in a folder of their own, then cut, flipped and mangled.

Named cases have their exit code and what the message must name. Then every format is cut off at many places: an answer is
either an error or what the whole file gives, never a short read. Flipped bytes may change figures, but nothing may crash, hang
or take more than 4 GiB.

Usage: damaged.py PROGRAM ROOT
"""
import os
import random
import resource
import shutil
import struct
import subprocess
import tempfile
import warnings
import zipfile
from pathlib import Path

from program import check, checked, finish, messages

import geopandas  # noqa: E402
import openpyxl  # noqa: E402
import shapely  # noqa: E402

warnings.filterwarnings("ignore")
SEED = 20240601
ROWS = 40
MOST_MEMORY = 4 << 30
MOST_SECONDS = 120  # a loaded machine; each takes well under a second on a free one
REFUSED = 3


def limited():
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))


def run_check(file, *options):
    try:
        return checked(file, *options, timeout=MOST_SECONDS, preexec_fn=limited)
    except subprocess.TimeoutExpired:
        return -1, {}, "hangs"


def frame():
    """Squares of about a hectare in two columns; 合成数据."""
    rows = []
    for i in range(ROWS):
        x, y = 83.6 + 0.004 * (i % 2), 45.5 + 0.002 * i
        rows.append({"TBBH": f"CT{i:05d}", "KSWZ": "合成数据", "area": 1.5 * i, "number": i,
                     "geometry": shapely.box(x, y, x + 0.001, y + 0.001)})
    return geopandas.GeoDataFrame(rows, crs="EPSG:4490")


def make(folder):
    """One data set per format, by name."""
    data = frame()
    good = {"shp": folder / "plots.shp", "gpkg": folder / "plots.gpkg", "geojson": folder / "plots.geojson", "fgb": folder / "plots.fgb",
            "gdb": folder / "plots.gdb", "csv": folder / "plots.csv", "xlsx": folder / "plots.xlsx", "zip": folder / "plots.zip"}
    data.to_file(good["shp"], encoding="UTF-8")
    data.to_file(good["gpkg"], layer="plots")
    data.to_file(good["geojson"])
    data.to_file(good["fgb"], SPATIAL_INDEX="NO")
    data.to_file(good["gdb"], driver="OpenFileGDB", layer="plots")
    table = data.drop(columns="geometry")
    table.to_csv(good["csv"], index=False)
    table.to_excel(good["xlsx"], index=False)
    with zipfile.ZipFile(good["zip"], "w", zipfile.ZIP_DEFLATED) as archive:
        for member in folder.glob("plots.[sdcp]*"):
            if member.suffix in (".shp", ".shx", ".dbf", ".prj", ".cpg"):
                archive.write(member, member.name)
    return good


def told(answer):
    """What an answer says of the data, without names of files."""
    return answer.get("rows"), answer.get("usable"), answer.get("total_ellipsoid_area_m2"), answer.get("plots")


def copy(good, kind, folder, name="plots"):
    """A copy of a data set that may be damaged. Members of a shapefile come along."""
    folder.mkdir(parents=True, exist_ok=True)
    source = good[kind]
    if source.is_dir():
        return Path(shutil.copytree(source, folder / source.name))
    if kind == "shp":
        for member in source.parent.glob("plots.*"):
            if member.suffix in (".shp", ".shx", ".dbf", ".prj", ".cpg"):
                shutil.copy(member, folder / (name + member.suffix))
        return folder / (name + ".shp")
    return Path(shutil.copy(source, folder / (name + source.suffix)))


def patch(file, at, data):
    whole = bytearray(file.read_bytes())
    whole[at:at + len(data)] = data
    file.write_bytes(whole)


def cut(file, size):
    file.write_bytes(file.read_bytes()[:size])


def second_record(shp):
    """Where the second shape begins."""
    return 100 + 8 + 2 * struct.unpack(">i", shp.read_bytes()[104:108])[0]


def member(ending, change):
    return lambda file: change(file.with_suffix(ending))


def huge_parts(file):
    patch(file, second_record(file) + 8 + 36, struct.pack("<I", 4_000_000_000))


def huge_points(file):
    patch(file, second_record(file) + 8 + 40, struct.pack("<I", 0x7FFFFFFF))


def unknown_type(file):
    patch(file, second_record(file) + 8, struct.pack("<I", 77))


def wrong_part(file):
    patch(file, second_record(file) + 8 + 44, struct.pack("<I", 3))


def lying_length(file):
    patch(file, second_record(file) + 4, struct.pack(">I", 10))


def endless_length(file):
    patch(file, second_record(file) + 4, struct.pack(">I", 0x7FFFFFF0))


def fewer_rows(file):
    dbf = file.with_suffix(".dbf")
    patch(dbf, 4, struct.pack("<I", ROWS - 3))


def more_rows(file):
    patch(file.with_suffix(".dbf"), 4, struct.pack("<I", 4_000_000_000))


def wide_field(file):
    patch(file.with_suffix(".dbf"), 32 + 32 + 16, bytes([255]))


def offset_outside(file):
    patch(file.with_suffix(".shx"), 108, struct.pack(">2I", 0x3FFFFFFF, 64))


def sql(statement):
    def change(file):
        import sqlite3
        with sqlite3.connect(file) as db:
            db.create_function("ST_IsEmpty", 1, lambda _: 0)
            for name in ("ST_MinX", "ST_MaxX", "ST_MinY", "ST_MaxY"):
                db.create_function(name, 1, lambda _: 0.0)
            db.execute(statement)
        db.close()
    return change


def overwrite(text):
    return lambda file: file.write_bytes(text)


SHAPEFILE = [  # name, change, words in both messages
    ("cut .shp", lambda f: cut(f, 1000), ("plots.shp", "1000")),
    (".shp of 0 bytes", lambda f: cut(f, 0), ("plots.shp", "0")),
    (".shp of 50 bytes", lambda f: cut(f, 50), ("50",)),
    ("no shapefile", overwrite(b"x" * 3000), ("plots.shp",)),
    ("cut .shx", member(".shx", lambda f: cut(f, 150)), (".shx",)),
    (".shx of 0 bytes", member(".shx", lambda f: cut(f, 0)), (".shx",)),
    ("no .shx", member(".shx", Path.unlink), (".shx",)),
    ("cut .dbf", member(".dbf", lambda f: cut(f, 500)), (".dbf",)),
    (".dbf of 0 bytes", member(".dbf", lambda f: cut(f, 0)), (".dbf",)),
    (".dbf of 20 bytes", member(".dbf", lambda f: cut(f, 20)), (".dbf", "20")),
    ("no .dbf", member(".dbf", Path.unlink), (".dbf",)),
    ("4e9 parts", huge_parts, ("2", ".shp")),
    ("2e9 points", huge_points, ("2", ".shp")),
    ("unknown shape type", unknown_type, ("2", "77")),
    ("a ring that begins late", wrong_part, ("2", ".shp")),
    ("a record shorter than its shape", lying_length, ("2", "20")),
    ("a record longer than the file", endless_length, ("2", ".shp")),
    ("an offset outside", offset_outside, ("2", ".shp")),
    ("fewer rows in the .dbf", fewer_rows, (str(ROWS), str(ROWS - 3))),
    ("4e9 rows in the .dbf", more_rows, (".dbf",)),
    ("a field wider than its record", wide_field, (".dbf",)),
]
OTHERS = [  # format, name, change, exit codes
    ("gpkg", "no database", overwrite(b"x" * 5000), {3}),
    ("gpkg", "a header and nothing more", lambda f: cut(f, 100), {3}),
    ("gpkg", "no row in gpkg_contents", sql("DELETE FROM gpkg_contents"), {3}),
    ("gpkg", "no table gpkg_contents", sql("DROP TABLE gpkg_contents"), {3}),
    ("gpkg", "a geometry without its header", sql("UPDATE plots SET geom = x'0102030405' WHERE fid = 3"), {3, 5, 0}),
    ("gpkg", "a geometry of text", sql("UPDATE plots SET geom = 'POINT (1 2)' WHERE fid = 3"), {3, 5, 0}),
    ("gpkg", "an unknown reference system", sql("UPDATE gpkg_geometry_columns SET srs_id = 12345"), {3, 5}),
    ("gpkg", "counted wrong", sql("UPDATE gpkg_ogr_contents SET feature_count = 5"), {0}),
    ("geojson", "not closed", lambda f: cut(f, 3000), {3}),
    ("geojson", "brackets without end", overwrite(b'{"type":"FeatureCollection","features":[' + b"[" * 200_000), {3}),
    ("geojson", "nested coordinates", overwrite(b'{"type":"FeatureCollection","features":[{"type":"Feature","properties":{},"geometry":{"type":"Polygon","coordinates":'
                                                + b"[" * 30_000 + b"]" * 30_000 + b"}}]}"), {3, 0, 5}),
    ("geojson", "no JSON", overwrite(b"\x00\x01\x02" * 100), {3}),
    ("fgb", "a header and nothing more", lambda f: cut(f, 200), {3, 5}),
    ("xlsx", "no workbook", overwrite(b"PK\x03\x04" + b"x" * 500), {3}),
    ("xlsx", "cut", lambda f: cut(f, 3000), {3}),
    ("csv", "0 bytes", lambda f: cut(f, 0), {3}),
    ("csv", "quote without end", lambda f: f.write_bytes(f.read_bytes().replace(b"CT00003", b'"CT00003')), {3}),
    ("csv", "zero bytes", lambda f: f.write_bytes(f.read_bytes().replace(b"CT00003", b"CT\x00003")), {3}),
    ("csv", "rows longer than the header", lambda f: f.write_bytes(f.read_bytes().replace(b"CT00003", b"CT00003,1,2,3")), {3}),
    ("zip", "cut", lambda f: cut(f, 700), {3}),
    ("zip", "no archive", overwrite(b"x" * 300), {3}),
]


def named_cases(good, folder):
    for number, (name, change, words) in enumerate(SHAPEFILE):
        file = copy(good, "shp", folder / f"shp{number}")
        change(file)
        code, answer, said = run_check(file)
        check(code == REFUSED, f"shp, {name}: exit {code}, wanted {REFUSED}: {said} {told(answer)[:3]}")
        for message in messages(answer):
            check(all(word in message for word in words) and file.name in message, f"shp, {name}: {words} not in {message!r}")
    for number, (kind, name, change, codes) in enumerate(OTHERS):
        file = copy(good, kind, folder / f"other{number}")
        change(file)
        code, answer, said = run_check(file)
        check(code in codes, f"{kind}, {name}: exit {code}, wanted {codes}: {said} {told(answer)[:3]}")
        if code == REFUSED:
            check(all(file.name in message for message in messages(answer)), f"{kind}, {name}: {messages(answer)}")
        elif name != "counted wrong":
            check(answer.get("usable", ROWS) < ROWS or kind == "geojson", f"{kind}, {name}: nothing is said: {told(answer)[:3]}")
        if name == "counted wrong":
            check(answer.get("rows") == ROWS, f"{kind}, {name}: {answer.get('rows')} rows of {ROWS}")


def file_geodatabase(good, folder):
    """Without each of its files in turn: an error, or nothing lost."""
    whole = told(run_check(good["gdb"])[1])
    for number, name in enumerate(sorted(p.name for p in good["gdb"].iterdir())):
        gdb = copy(good, "gdb", folder / f"gdb{number}")
        (gdb / name).unlink()
        code, answer, said = run_check(gdb)
        check(code == REFUSED or (code == 0 and told(answer) == whole), f"gdb without {name}: exit {code} {said} {told(answer)[:3]}")


def odd_names(good, folder):
    """What is unusual and right: endings in capitals, Chinese names, blanks, a folder with dots."""
    whole = told(run_check(good["shp"])[1])
    for number, name in enumerate(("图斑 2024年", "a b", "x.y", "plots'\"quoted")):
        file = copy(good, "shp", folder / f"name.{number} 夹", name)
        code, answer, said = run_check(file)
        check(code == 0 and told(answer) == whole, f"{file.name}: exit {code} {said}")
    file = copy(good, "shp", folder / "capitals")
    for part in list(file.parent.iterdir()):
        part.rename(part.with_suffix(part.suffix.upper()))
    code, answer, said = run_check(file.with_suffix(".SHP"))
    check(code == 0 and told(answer) == whole, f"endings in capitals: exit {code} {said}")
    code, answer, said = run_check(good["zip"])
    check(code == 0 and told(answer) == whole, f"zip: exit {code} {said}")


def no_files(folder):
    """Names that are no file: a folder, a loop of links, a pipe, a device."""
    (folder / "folder.shp").mkdir()
    (folder / "loop.shp").symlink_to(folder / "loop2.shp")
    (folder / "loop2.shp").symlink_to(folder / "loop.shp")
    os.mkfifo(folder / "pipe.csv")
    (folder / "zero.csv").symlink_to("/dev/zero")
    for name in ("folder.shp", "loop.shp", "pipe.csv", "zero.csv"):
        code, answer, said = run_check(folder / name)
        check(code == REFUSED and all(name in message for message in messages(answer)), f"{name}: exit {code} {said}")


def zip_bomb(folder):
    """Members that blow up on reading are refused by what the archive says of them."""
    file = folder / "bomb.zip"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        with archive.open("plots.csv", "w", force_zip64=True) as out:
            out.write(b"id,ha\n")
            for _ in range(1100):
                out.write(b"1,2\n" * (1 << 18))
    code, answer, said = run_check(file)
    check(code == REFUSED and "GiB" in messages(answer)[1], f"zip bomb: exit {code} {said}")


def lost_page(folder):
    """A page lost in a table that is read in parts: the same words with any number of threads, and none of GDAL's threads'."""
    file = folder / "many.gpkg"
    rows = 20_000
    index = range(rows)
    boxes = [shapely.box(83.6 + 0.001 * (i % 200), 45.5 + 0.001 * (i // 200), 83.6005 + 0.001 * (i % 200), 45.5005 + 0.001 * (i // 200))
             for i in index]
    geopandas.GeoDataFrame({"TBBH": [f"CT{i:05d}" for i in index]}, geometry=boxes, crs="EPSG:4490").to_file(file, layer="plots")
    code, answer, said = run_check(file)
    check(code == 0 and answer.get("rows") == rows, f"many rows: exit {code} {said}")
    pages = file.stat().st_size // 4096
    with file.open("r+b") as data:
        data.seek(pages // 2 * 4096)
        data.write(b"\xff" * 4096)
    told = set()
    for threads in ("1", "2", "5"):
        code, answer, said = run_check(file, "--threads", threads)
        check(code == REFUSED and "features after number" in messages(answer)[1], f"a lost page: exit {code} {messages(answer)}")
        check("ERROR" not in said, f"GDAL prints on its own: {said}")
        told.add(messages(answer))
    check(len(told) == 1, f"a lost page is told of in {len(told)} ways")


def cut_anywhere(good, folder, numbers):
    """Cut at random: an error, or what the whole file gives."""
    for kind in ("shp", "gpkg", "geojson", "fgb", "xlsx", "zip"):
        whole = told(run_check(good[kind])[1])
        for number in range(5):
            file = copy(good, kind, folder / f"cut-{kind}-{number}")
            victim = file
            if kind == "shp":
                victim = file.with_suffix(numbers.choice([".shp", ".shx", ".dbf"]))
            size = numbers.randrange(1, victim.stat().st_size)
            cut(victim, size)
            code, answer, said = run_check(file)
            check(code == REFUSED or told(answer) == whole,
                  f"seed {SEED}: {victim.name} cut at {size}: exit {code} {said} {told(answer)[:3]}")


def flipped(good, folder, numbers):
    """Bytes changed at random: any answer, but an answer."""
    for kind in ("shp", "gpkg", "geojson", "fgb", "xlsx", "csv"):
        for number in range(6):
            file = copy(good, kind, folder / f"flip-{kind}-{number}")
            victim = file.with_suffix(numbers.choice([".shp", ".shx", ".dbf", ".prj"])) if kind == "shp" else file
            data = bytearray(victim.read_bytes())
            for _ in range(numbers.choice([1, 4, 32])):
                data[numbers.randrange(len(data))] = numbers.randrange(256)
            victim.write_bytes(data)
            code, _, said = run_check(file)
            check(code in (0, 3, 5), f"seed {SEED}: {victim.name} number {number} flipped: exit {code} {said}")


def main():
    numbers = random.Random(SEED)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "good").mkdir()
        good = make(folder / "good")
        for kind, file in good.items():
            code, answer, said = run_check(file)
            check(code == 0 and answer.get("rows") == ROWS, f"the good {kind}: exit {code} {said} {answer.get('rows')}")
        before = {p: p.read_bytes() for p in (folder / "good").rglob("*") if p.is_file()}
        named_cases(good, folder)
        file_geodatabase(good, folder)
        odd_names(good, folder)
        no_files(folder)
        zip_bomb(folder)
        lost_page(folder)
        cut_anywhere(good, folder, numbers)
        flipped(good, folder, numbers)
        after = {p: p.read_bytes() for p in (folder / "good").rglob("*") if p.is_file()}
        check(before == after, "the good files are as they were, and none lies beside them")
    finish()


main()
