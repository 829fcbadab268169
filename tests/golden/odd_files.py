"""Files that are something else than they seem: what is said names what they are and what to do, and nobody is told of GDAL's
options. A .prj that other programs cannot read is read where PROJ knows what it means.

Usage: odd_files.py PROGRAM ROOT
"""
import json
import re
import sqlite3
import tempfile
import warnings
import zipfile
from pathlib import Path

from program import check, finish, tuban

import geopandas  # noqa: E402
import pyproj  # noqa: E402
import shapely  # noqa: E402

warnings.filterwarnings("ignore")
ZONE = pyproj.CRS.from_epsg(4516)
ESRI = ZONE.to_wkt("WKT1_ESRI")
LATIN = re.compile(r"[A-Za-z]{3,} [A-Za-z]{2,} [A-Za-z]{2,}")


def plots(folder, name="plots"):
    """Three squares of a hectare in zone 28; 合成数据."""
    squares = [shapely.box(28468981 + 300 * i, 5089494, 28469081 + 300 * i, 5089594) for i in range(3)]
    frame = geopandas.GeoDataFrame({"TBBH": ["A", "B", "C"], "geometry": squares}, crs=ZONE)
    frame.to_file(folder / f"{name}.shp", encoding="UTF-8")
    return frame


def answer_of(file):
    done = tuban("check", file, "--json")
    return done.returncode, json.loads(done.stdout)


def area(answer):
    return answer.get("total_ellipsoid_area_m2")


READ = [  # name, bytes of the .prj, what the note must name
    ("code", b"EPSG:4516", "EPSG"),
    ("number", b"4516\r\n", ""),
    ("wkt2", ZONE.to_wkt("WKT2_2019").encode(), "WKT2"),
    ("projjson", ZONE.to_json().encode(), "PROJJSON"),
    ("utf16-marked", ESRI.encode("utf-16"), "UTF-16"),
    ("utf16-le", ESRI.encode("utf-16-le"), "UTF-16"),
    ("utf16-be", ESRI.encode("utf-16-be"), "UTF-16"),
]
UNREAD = [  # name, bytes, words of both messages
    ("garbage", b"\x00\xff\xfe garbage \x81", ("garbage",)),
    ("blank", b" \t\r\n", ()),
    ("empty", b"", ()),
    ("cut", ESRI[:300].encode(), ("PROJCS[",)),
    ("deep", b'PROJCS["a",' * 20_000, ()),
    ("large", ESRI.encode() + b" " * 3_000_000, ()),
    ("flipped", ESRI.replace("GEOGCS", "GAOGCS").encode(), ("PROJCS[",)),
    ("xml", b'<?xml version="1.0"?><gml/>', ("<?xml",)),
]


def projections(folder):
    plots(folder)
    file, prj = folder / "plots.shp", folder / "plots.prj"
    _, whole = answer_of(file)
    for name, content, word in READ:
        prj.write_bytes(content)
        code, answer = answer_of(file)
        notes = [issue for issue in answer.get("issues", []) if issue["code"] == "prj_unusual"]
        check(code == 0 and area(answer) == area(whole), f".prj as {name}: exit {code}, {area(answer)} m², wanted {area(whole)}")
        check(len(notes) == 1 and "plots.prj" in notes[0]["message_zh"], f".prj as {name}: the note: {notes}")
        check(notes and (word in notes[0]["message_en"] or name == "code"), f".prj as {name}: {word} is not in {notes}")
    for name, content, words in UNREAD:
        prj.write_bytes(content)
        code, answer = answer_of(file)
        told = [issue for issue in answer.get("issues", []) if issue["code"] == "crs_unreadable"]
        check(code == 5 and len(told) == 1, f".prj {name}: exit {code}, {answer.get('issues')}")
        for message in (told[0]["message_zh"], told[0]["message_en"]) if told else ():
            check("plots.prj" in message and "EPSG:4516" in message and all(word in message for word in words), f".prj {name}: {message}")
            check("option" not in message and len(message) < 400, f".prj {name}: {message}")
        check([plot["status"] for plot in answer["plots"]] == ["held_out"] * 3, f".prj {name}: plots with a shape are held out: {answer['plots']}")
        for language in ("zh", "en"):
            done = tuban("measure", file, "--lang", language)
            check(done.returncode == 3 and "plots.prj" in done.stderr, f"measure, .prj {name}: {done.returncode} {done.stderr}")
    prj.rename(folder / "plots.Prj")
    code, answer = answer_of(file)
    check("plots.Prj" in json.dumps(answer, ensure_ascii=False), "a .prj in other capitals is named")
    (folder / "plots.Prj").unlink()
    code, answer = answer_of(file)
    check([issue["code"] for issue in answer["issues"] if issue["severity"] == "error"] == ["crs_missing"], f"no .prj: {answer['issues']}")
    check([plot["status"] for plot in answer["plots"]] == ["held_out"] * 3, "without a CRS plots are held out, not without geometry")


def make_others(folder):
    """name → words of the Chinese message, words of the English one."""
    frame = plots(folder, "zipped")
    members = [folder / f"zipped.{ending}" for ending in ("shp", "shx", "dbf", "prj")]
    with zipfile.ZipFile(folder / "good.zip", "w") as archive:
        for member in members:
            archive.write(member, member.name)
    whole = (folder / "good.zip").read_bytes()
    (folder / "cut.zip").write_bytes(whole[:len(whole) // 2])
    with zipfile.ZipFile(folder / "empty.zip", "w"):
        pass
    with zipfile.ZipFile(folder / "text.zip", "w") as archive:
        archive.writestr("readme.txt", "合成数据")
    with zipfile.ZipFile(folder / "nested.zip", "w") as archive:
        archive.write(folder / "good.zip", "inner.zip")
    (folder / "other.zip").write_bytes(b"Rar!\x1a\x07\x00" + b"x" * 300)
    (folder / "a.7z").write_bytes(b"7z\xbc\xaf\x27\x1c" + b"x" * 300)
    (folder / "a.rar").write_bytes(b"Rar!\x1a\x07\x01\x00" + b"x" * 300)
    (folder / "plan.dwg").write_bytes(b"AC1032" + b"\0" * 300)
    (folder / "plots.mdb").write_bytes(b"\0\1\0\0Standard Jet DB\0" + b"\0" * 300)
    (folder / "plots.pdf").write_bytes(b"%PDF-1.7\n")
    frame.to_file(folder / "good.gpkg", layer="plots")
    database = (folder / "good.gpkg").read_bytes()
    (folder / "cut.gpkg").write_bytes(database[:4096])
    (folder / "bare.gpkg").write_bytes(database)
    with sqlite3.connect(folder / "bare.gpkg") as db:
        db.execute("DROP TABLE gpkg_contents")
    db.close()
    text = frame.to_crs(4490).to_json()
    (folder / "cut.geojson").write_text(text[:400])
    (folder / "wide.geojson").write_bytes(text.encode("utf-16"))
    (folder / "wide.csv").write_bytes("TBBH,面积\nA,1\n".encode("utf-16"))
    (folder / "zero.csv").write_bytes(b"TBBH,area\nA\0,1\n")
    (folder / "columns.csv").write_text(",".join(f"c{i}" for i in range(100_000)) + "\n")
    (folder / "cell.csv").write_text("TBBH,area\nA," + "9" * 11_000_000 + "\n")
    (folder / "project.yaml").write_text("tuban: 1\n")
    capitals = plots(folder, "capitals")
    (folder / "capitals.dbf").rename(folder / "capitals.Dbf")
    del capitals
    return {
        "cut.zip": ("损坏", "damaged"), "empty.zip": ("空的", "empty"), "text.zip": ("readme.txt", "readme.txt"),
        "nested.zip": ("inner.zip", "inner.zip"), "other.zip": ("RAR", "RAR"), "a.7z": ("解压", "unpack"), "a.rar": ("解压", "unpack"),
        "plan.dwg": ("DXF", "DXF"), "plots.mdb": ("Access", "Access"), "plots.pdf": ("PDF", "PDF"),
        "cut.gpkg": ("4096", "4096"), "bare.gpkg": ("gpkg_contents", "gpkg_contents"), "cut.geojson": ("不完整", "incomplete"),
        "wide.geojson": ("UTF-16", "UTF-16"), "wide.csv": ("UTF-16", "UTF-16"), "zero.csv": ("第 2 行第 1 列", "line 2, column 1"),
        "columns.csv": ("2000", "2000"), "cell.csv": ("第 2 列", "column 2"), "capitals.shp": ("capitals.Dbf", "capitals.Dbf"),
    }


def others(folder):
    for name, words in make_others(folder).items():
        for language, word in zip(("zh", "en"), words):
            done = tuban("check", folder / name, "--lang", language)
            check(done.returncode == 3 and word in done.stderr and name in done.stderr, f"{name}: {done.returncode} {done.stderr!r}")
            check("：；" not in done.stderr and "UTF-16" in done.stderr if name.startswith("wide") else "UTF-16" not in done.stderr, f"{name}: {done.stderr!r}")
            ours = re.sub(r"（GDAL: .*）$", "", done.stderr.strip().replace(str(folder), ""))
            check(language == "en" or not LATIN.search(ours), f"{name}: English in Chinese but for a quotation at the end: {ours!r}")
    done = tuban("measure", folder / "project.yaml", "--lang", "zh")
    check(done.returncode == 2 and "tuban run" in done.stderr, f"measure of a project: {done.returncode} {done.stderr}")
    done = tuban("check", "", "--lang", "zh")
    check(done.returncode == 3 and "文件名" in done.stderr, f"no name: {done.returncode} {done.stderr}")
    done = tuban("measure", folder / "zipped.shp", "-o", "/dev/full", "--lang", "zh")
    check(done.returncode == 2 and "“”" not in done.stderr and ".csv" in done.stderr, f"an output without an ending: {done.returncode} {done.stderr}")


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        projections(folder)
        others(folder)
    finish()


main()
