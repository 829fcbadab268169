"""Files that could be read and give wrong numbers: each must be refused, or the row held out and named, or the cell left empty.

Usage: misread.py PROGRAM ROOT
"""
import http.server
import json
import socket
import sqlite3
import struct
import tempfile
import threading
import warnings
import zipfile
from pathlib import Path

from program import check, checked, finish, messages, tuban

import geopandas  # noqa: E402
import shapely  # noqa: E402

warnings.filterwarnings("ignore")
ROWS = 4
SQUARE = [[83.6, 45.5], [83.601, 45.5], [83.601, 45.501], [83.6, 45.501], [83.6, 45.5]]


def run_check(file, *options, **env):
    return checked(file, *options, env=env)[:2]


def issues(answer, code):
    return [issue for issue in answer.get("issues", []) if issue["code"] == code]


def refused(name, file, *words):
    code, answer = run_check(file)
    check(code == 3, f"{name}: exit {code}, {answer.get('issues')}")
    for message in messages(answer):
        check(all(word in message for word in (file.name, *words)), f"{name}: {words} not in {message!r}")


def held_out(name, file, row, kind="geometry_damaged", options=()):
    """The row is out and named, all others are as they were."""
    code, answer = run_check(file, *options)
    found = issues(answer, kind)
    check(code == 5, f"{name}: exit {code}")
    check([(issue["row"], issue["severity"]) for issue in found] == [(row, "error")], f"{name}: {found or answer.get('error')}")
    for plot in answer.get("plots", []):
        out = plot["row"] == row
        check((plot["status"] == "held_out") == out and (plot["ellipsoid_area_m2"] is None) == out, f"{name}: {plot}")


def frame(areas=None):
    """Squares of about a hectare; 合成数据."""
    rows = []
    for i in range(ROWS):
        x, y = 83.6 + 0.004 * i, 45.5
        rows.append({"TBBH": f"CT{i:05d}", "TBTYMJ": 100.5 * (i + 1) if areas is None else areas[i],
                     "geometry": shapely.box(x, y, x + 0.001, y + 0.001)})
    return geopandas.GeoDataFrame(rows, crs="EPSG:4490")


class Shapefile:
    """A copy to spoil."""

    def __init__(self, folder, name, areas=None):
        self.shp = folder / f"{name}.shp"
        frame(areas).to_file(self.shp, encoding="UTF-8")

    def patch(self, ending, at, data):
        file = self.shp.with_suffix(ending)
        whole = bytearray(file.read_bytes())
        whole[at:at + len(data)] = data
        file.write_bytes(whole)
        return self.shp

    def bytes(self, ending):
        return self.shp.with_suffix(ending).read_bytes()

    def cell(self, row, word):
        """Writes into TBTYMJ, the second field."""
        dbf = self.bytes(".dbf")
        begin, length = struct.unpack("<2H", dbf[8:12])
        first, width = dbf[32 + 16], dbf[64 + 16]
        self.patch(".dbf", begin + (row - 1) * length + 1 + first, word[:width].rjust(width))


def shapefiles(folder):
    spoilt = Shapefile(folder, "exchanged")
    shx = spoilt.bytes(".shx")
    refused("offsets exchanged", spoilt.patch(".shx", 100, shx[108:116] + shx[100:108]), "1", "2")
    for length in (33, 65, 70):
        spoilt = Shapefile(folder, f"header{length}")
        refused(f"a .dbf header of {length} bytes", spoilt.patch(".dbf", 8, struct.pack("<H", length)), ".dbf", str(length))
    # The second record begins behind the first: a square of 5 vertices has 44 + 4 + 80 bytes.
    second = 100 + 8 + 128
    held_out("vertices that are not counted", Shapefile(folder, "counts").patch(".shp", second + 8 + 40, struct.pack("<i", 4)), 2)
    held_out("a vertex outside of the box", Shapefile(folder, "vertex").patch(".shp", second + 8 + 48 + 16, struct.pack("<d", 83.7)), 2)
    wide = Shapefile(folder, "wide").patch(".shp", second + 8 + 4, struct.pack("<d", 83.5))
    code, answer = run_check(wide)
    check(code == 0 and [i["severity"] for i in issues(answer, "box_too_large")] == ["warning"], f"a box too large: {code} {answer.get('issues')}")
    renumbered = Shapefile(folder, "numbers")
    code, answer = run_check(renumbered.patch(".shp", second, struct.pack(">i", 9)))
    check(code == 0 and [i["row"] for i in issues(answer, "shape_numbers")] == [2], f"another number: {code} {answer.get('issues')}")


def numbers(folder):
    """Cells of numeric fields: no part of a word is a number."""
    words = {"约4公顷": "error", "1.2.3": "error", "1 2 3": "error", "0x10": "error", "41553,48": "error", "***********": "warning", "NaN": "warning"}
    for number, (word, severity) in enumerate(words.items()):
        spoilt = Shapefile(folder, f"cell{number}")
        spoilt.cell(2, word.encode("gbk"))
        code, answer = run_check(spoilt.shp)
        found = [(i["severity"], i["row"], i["plot_id"], i["field"]) for i in issues(answer, "number_unreadable")]
        check(found == [(severity, 2, "CT00001", "TBTYMJ")], f"{word}: {code} {found}")
        check(all(word in issues(answer, "number_unreadable")[0][key] for key in ("message_zh", "message_en")), f"{word} is quoted")
        measured = tuban("measure", spoilt.shp, "--json")
        values = [row["TBTYMJ"] for row in json.loads(measured.stdout)]
        check(values == [100.5, None, 301.5, 402.0], f"{word}: the column is {values}")
    for number, (word, value) in enumerate({"41,553.48": 41553.48, "１２.５": 12.5}.items()):
        spoilt = Shapefile(folder, f"clear{number}")
        spoilt.cell(2, word.encode("gbk"))
        code, answer = run_check(spoilt.shp)
        found = [(i["severity"], i["row"]) for i in issues(answer, "values_normalised")]
        check(code == 0 and found == [("note", 2)], f"{word}: {code} {found}")
        measured = tuban("measure", spoilt.shp, "--json")
        check(json.loads(measured.stdout)[1]["TBTYMJ"] == value, f"{word} is {value}")
    file = folder / "text.gpkg"
    frame().to_file(file, layer="plots")
    spoil(file, "UPDATE plots SET TBTYMJ = '约5公顷' WHERE fid = 3")
    code, answer = run_check(file)
    check(code == 5 and [i["row"] for i in issues(answer, "number_unreadable")] == [3], f"text in a real column: {code} {answer.get('issues')}")


def areas(folder):
    """What the national column of areas says is held against the shapes."""
    code, answer = run_check(Shapefile(folder, "unexplained").shp)
    found = issues(answer, "area_unexplained")
    check(len(found) == 1 and found[0]["field"] == "TBTYMJ" and "4 of 4" in found[0]["message_en"], f"areas that fit nothing: {found}")
    negative = Shapefile(folder, "negative", [-1.0, 2.0, 3.0, 4.0])
    code, answer = run_check(negative.shp)
    check(code == 5 and [(i["row"], i["field"]) for i in issues(answer, "area_negative")] == [(1, "TBTYMJ")], f"a negative area: {code}")
    code, answer = run_check(Shapefile(folder, "right", [plot["ellipsoid_area_m2"] for plot in answer["plots"]]).shp)
    check(code == 0 and not issues(answer, "area_unexplained"), f"right areas: {code} {answer.get('issues')}")


def lost_vertex(folder):
    """One vertex at (0, 0) takes its own row out and no other."""
    data = frame().to_crs("EPSG:4516")
    ring = list(data.geometry[1].exterior.coords)
    data.loc[1, "geometry"] = shapely.Polygon([*ring[:2], (0, 0), *ring[3:]])
    file = folder / "zero.gpkg"
    data.to_file(file, layer="plots")
    held_out("a vertex at (0, 0)", file, 2)
    file = folder / "collection.gpkg"
    data = frame().to_crs("EPSG:4516")
    data.loc[1, "geometry"] = shapely.GeometryCollection([data.geometry[1], shapely.LineString([(0, 0), (1, 1)])])
    data.to_file(file, layer="plots")
    code, answer = run_check(file)
    check(code == 0 and answer["usable"] == ROWS and issues(answer, "mixed_geometry"), f"a collection with a line elsewhere: {code} {answer.get('issues')}")


def encodings(folder):
    """A row in UTF-8 among GBK, and names in UTF-8 over values in GBK."""
    words = ["托里县铁厂沟镇北山", "庙尔沟镇（二号坑）", "多拉特乡砖瓦厂", "库甫乡老采石场"]
    data = frame()
    data["KSWZ"] = words
    file = folder / "row.shp"
    data.to_file(file, encoding="GBK")
    file.with_suffix(".cpg").unlink(missing_ok=True)
    dbf = bytearray(file.with_suffix(".dbf").read_bytes())
    old, new = words[1].encode("gbk"), words[1].encode()
    at = dbf.find(old)
    dbf[at:at + len(new)] = new
    file.with_suffix(".dbf").write_bytes(dbf)
    code, answer = run_check(file)
    found = issues(answer, "text_mixed")
    check([(i["row"], i["field"], i["plot_id"]) for i in found] == [(2, "KSWZ", "CT00001")] and words[1] in found[0]["message_zh"], f"a row of UTF-8: {found}")
    file = folder / "names.shp"
    data = data.drop(columns=["TBBH"]).assign(number=[f"CT{i:05d}" for i in range(ROWS)])
    data.to_file(file, encoding="GBK")
    file.with_suffix(".cpg").unlink(missing_ok=True)
    dbf = bytearray(file.with_suffix(".dbf").read_bytes())
    at = dbf.find(b"number\0")
    dbf[at:at + 11] = "图斑编号".encode()[:10] + b"\0"
    file.with_suffix(".dbf").write_bytes(dbf)
    code, answer = run_check(file)
    check([plot["plot_id"] for plot in answer["plots"]] == [f"CT{i:05d}" for i in range(ROWS)] and not issues(answer, "no_id"),
          f"names in UTF-8: {answer.get('issues')}")


def archive(folder):
    source = Shapefile(folder, "packed").shp
    for method in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        file = folder / f"method{method}.zip"
        with zipfile.ZipFile(file, "w", method) as out:
            for ending in (".shp", ".shx", ".dbf", ".prj"):
                out.write(source.with_suffix(ending), "plots" + ending)
            begin = out.getinfo("plots.shp").header_offset + 30 + len("plots.shp")
            size = out.getinfo("plots.shp").compress_size
        code, answer = run_check(file)
        check(code == 0, f"a sound zip ({method}): exit {code} {messages(answer)[1]}")
        whole = bytearray(file.read_bytes())
        whole[begin + size // 2] ^= 4
        file.write_bytes(whole)
        refused(f"a byte changed in a zip ({method})", file, "plots.shp", "CRC-32")


def feature(number, geometry):
    return {"type": "Feature", "properties": {"TBBH": f"CT{number:05d}"}, "geometry": geometry}


def polygon(coordinates=None, kind="Polygon"):
    return {"type": kind, "coordinates": [SQUARE] if coordinates is None else coordinates}


def geojson(folder, name, features, **more):
    file = folder / f"{name}.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", "features": features, **more}))
    return file


def geojson_cases(folder):
    for name, damaged in (("another type", polygon(kind="Polygn")), ("one bracket too few", polygon(kind="MultiPolygon")),
                          ("an object", polygon({"a": 1})), ("no numbers", polygon([[None, None]])), ("text", "POLYGON")):
        file = geojson(folder, name, [feature(1, polygon()), feature(2, damaged)])
        held_out(f"GeoJSON, {name}", file, 2)
    for name, empty in (("null", None), ("no coordinates", polygon([])), ("no vertex", polygon([[]]))):
        code, answer = run_check(geojson(folder, name, [feature(1, polygon()), feature(2, empty)]))
        check(code == 0 and [i["row"] for i in issues(answer, "no_geometry")] == [2], f"GeoJSON, {name}: {code} {answer.get('issues')}")
    code, answer = run_check(geojson(folder, "entries", [None, feature(1, polygon()), "x"]))
    found = issues(answer, "features_dropped")
    check(code == 5 and len(found) == 1 and "2" in found[0]["message_en"] and "1, 3" in found[0]["message_en"], f"entries: {code} {found}")
    unknown = {"type": "name", "properties": {"name": "foo"}}
    code, answer = run_check(geojson(folder, "unknown", [feature(1, polygon())], crs=unknown))
    found = issues(answer, "crs_missing")
    check(code == 5 and len(found) == 1 and "foo" in found[0]["message_zh"] and "EPSG:4490" in found[0]["message_zh"], f"crs foo: {code} {found}")
    code, answer = run_check(folder / "unknown.geojson", "--crs", "EPSG:4490")
    check(code == 0 and answer["usable"] == 1, f"crs foo with --crs: {code} {answer.get('issues')}")
    known = {"type": "name", "properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}}
    code, answer = run_check(geojson(folder, "known", [feature(1, polygon())], crs=known))
    check(code == 0 and answer["usable"] == 1, f"crs CRS84: {code} {answer.get('issues')}")


class Listener(http.server.BaseHTTPRequestHandler):
    asked = []

    def do_GET(self):
        Listener.asked.append(self.path)
        body = b'GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563]],PRIMEM["Greenwich",0],UNIT["degree",0.0174532925199433]]'
        self.send_response(200)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def no_network(folder):
    """Nothing that a file names is fetched."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Listener)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_address[1]}"
    with socket.create_connection(server.server_address):
        pass
    crs = {"type": "link", "properties": {"href": f"{address}/crs", "type": "proj4"}}
    code, answer = run_check(geojson(folder, "link", [feature(1, polygon())], crs=crs))
    found = issues(answer, "crs_missing")
    check(code == 5 and len(found) == 1 and address in found[0]["message_en"], f"crs by link: {code} {answer.get('issues')} {answer.get('error')}")
    crs = {"type": "name", "properties": {"name": f"{address}/name"}}
    code, answer = run_check(geojson(folder, "name link", [feature(1, polygon())], crs=crs))
    check(code == 5 and issues(answer, "crs_missing"), f"crs named by an address: {code} {answer.get('issues')}")
    kml = folder / "link.kml"
    kml.write_text('<?xml version="1.0"?><kml xmlns="http://www.opengis.net/kml/2.2"><Document><name>a</name>'
                   f'<NetworkLink><Link><href>{address}/a.kml</href></Link></NetworkLink><Placemark><name>p</name><styleUrl>{address}/s.kml#s</styleUrl>'
                   "<Polygon><outerBoundaryIs><LinearRing><coordinates>83.6,45.5 83.601,45.5 83.601,45.501 83.6,45.5</coordinates></LinearRing>"
                   "</outerBoundaryIs></Polygon></Placemark></Document></kml>")
    run_check(kml)
    database = folder / "virtual.sqlite"
    with sqlite3.connect(database) as db:
        db.execute("CREATE TABLE plots (id TEXT, WKT_GEOMETRY TEXT)")
        db.execute("PRAGMA writable_schema = 1")
        db.execute("INSERT INTO sqlite_master VALUES ('table', 'remote', 'remote', 0, "
                   f"'CREATE VIRTUAL TABLE remote USING VirtualOGR(''/vsicurl/{address}/a.geojson'')')")
    db.close()
    run_check(database)
    run_check(database, "--layer", "remote")
    vrt = folder / "vrt.geojson"
    vrt.write_text(f'<OGRVRTDataSource><OGRVRTLayer name="a"><SrcDataSource>/vsicurl/{address}/a.geojson</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>')
    code, _ = run_check(vrt)
    check(code == 3, f"a VRT called GeoJSON: exit {code}")
    server.shutdown()
    check(Listener.asked == [], f"fetched because of a file: {Listener.asked}")


def spoil(file, statement):
    with sqlite3.connect(file) as db:
        db.create_function("ST_IsEmpty", 1, lambda _: 0)
        for name in ("ST_MinX", "ST_MaxX", "ST_MinY", "ST_MaxY"):
            db.create_function(name, 1, lambda _: 0.0)
        db.execute(statement)
    db.close()


def others(folder):
    for number, blob in enumerate(("x'4750'", "x'5858000000000000'", "'hello'", "5", "zeroblob(100)", "x'475000FF0000119400'")):
        file = folder / f"blob{number}.gpkg"
        frame().to_file(file, layer="plots")
        spoil(file, f"UPDATE plots SET geom = {blob} WHERE fid = 2")
        held_out(f"GeoPackage, {blob}", file, 2)
    file = folder / "empty.gpkg"
    data = frame()
    data.loc[1, "geometry"] = shapely.Polygon()
    data.to_file(file, layer="plots")
    code, answer = run_check(file)
    check(code == 0 and [i["row"] for i in issues(answer, "no_geometry")] == [2], f"GeoPackage, empty: {code} {answer.get('issues')}")
    table = folder / "wkt.csv"
    words = [shapely.box(83.6, 45.5, 83.601, 45.501).wkt, "POLYGON ((83.6 45.5, 83.7 45.5", "POLYGN ((0 0,1 0,1 1,0 0))", "POLYGON EMPTY"]
    table.write_text("TBBH,WKT\n" + "".join(f'CT{i:05d},"{word}"\n' for i, word in enumerate(words)))
    code, answer = run_check(table, "--crs", "EPSG:4490")
    check([i["row"] for i in issues(answer, "geometry_damaged")] == [2, 3], f"CSV: {code} {answer.get('issues')} {answer.get('error')}")


def main():
    with tempfile.TemporaryDirectory() as name:
        for case in (shapefiles, numbers, areas, lost_vertex, encodings, archive, geojson_cases, no_network, others):
            folder = Path(name) / case.__name__
            folder.mkdir()
            case(folder)
    finish()


main()
