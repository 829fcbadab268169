"""Small writers for the files of the demo projects: Shapefile in GBK, GeoPackage, GeoTIFF, XLSX. Standard library only.

Nothing in a file depends on the clock, the machine or the version of a compression library: dates are fixed, the
TIFF is packed by the LZW coder below, the workbook is stored without compression.
"""
import io
import sqlite3
import struct
import zipfile
from xml.sax.saxutils import escape

DBF_DATE = (2023, 1, 1)
LAST_CHANGE = "2023-01-01T00:00:00.000Z"
LDID_GBK = 0x4D


# ---- Shapefile

def closed(ring):
    return ring + ring[:1]


def signed_area(ring):
    x0, y0 = ring[0]
    return sum((xa - x0) * (yb - y0) - (xb - x0) * (ya - y0) for (xa, ya), (xb, yb) in zip(ring, ring[1:] + ring[:1])) / 2


def box_of(points):
    xs, ys = [p[0] for p in points], [p[1] for p in points]
    return min(xs), min(ys), max(xs), max(ys)


def shapefile(path, rings, fields, rows, zone):
    """Polygons of one ring each. fields: (name, type C|N, width, decimals); rows: tuples in that order."""
    records, index, at = [], [], 50
    for number, ring in enumerate(rings, start=1):
        if signed_area(ring) > 0:
            ring = ring[::-1]
        points = closed(ring)
        body = struct.pack("<i4d3i", 5, *box_of(points), 1, len(points), 0)
        body += b"".join(struct.pack("<2d", *p) for p in points)
        records.append(struct.pack(">2i", number, len(body) // 2) + body)
        index.append(struct.pack(">2i", at, len(body) // 2))
        at += len(body) // 2 + 4
    box = box_of([p for ring in rings for p in ring])

    def header(words):
        return struct.pack(">7i", 9994, 0, 0, 0, 0, 0, words) + struct.pack("<2i8d", 1000, 5, *box, 0, 0, 0, 0)

    path.with_suffix(".shp").write_bytes(header(at) + b"".join(records))
    path.with_suffix(".shx").write_bytes(header(50 + 4 * len(index)) + b"".join(index))
    path.with_suffix(".dbf").write_bytes(dbf(fields, rows))
    path.with_suffix(".cpg").write_bytes(b"GBK\n")
    path.with_suffix(".prj").write_bytes(zone.esri_wkt.encode("ascii"))


def dbf(fields, rows):
    size = 1 + sum(width for _, _, width, _ in fields)
    out = bytearray(struct.pack("<4BIHH17xB2x", 3, DBF_DATE[0] - 1900, DBF_DATE[1], DBF_DATE[2], len(rows),
                                33 + 32 * len(fields), size, LDID_GBK))
    for name, kind, width, decimals in fields:
        out += struct.pack("<11sc4xBB14x", name.encode("gbk"), kind.encode("ascii"), width, decimals)
    out += b"\r"
    for row in rows:
        out += b" "
        for (name, kind, width, decimals), value in zip(fields, row, strict=True):
            text = f"{value:.{decimals}f}".rjust(width) if kind == "N" else value
            cell = text.encode("gbk")
            if len(cell) > width:
                raise AssertionError(f"{name}: {value!r} is longer than {width} bytes")
            out += cell.ljust(width)
    return bytes(out + b"\x1a")


# ---- GeoPackage

def blob(kind, geometry, srs_id):
    """GeoPackage binary of a POINT (x, y), LINESTRING [points] or POLYGON [points once round]."""
    if kind == "POINT":
        return struct.pack("<2s2Bi", b"GP", 0, 1, srs_id) + struct.pack("<BI2d", 1, 1, *geometry)
    points = closed(geometry) if kind == "POLYGON" else geometry
    x0, y0, x1, y1 = box_of(points)
    head = struct.pack("<2s2Bi4d", b"GP", 0, 3, srs_id, x0, x1, y0, y1)
    if kind == "POLYGON":
        head += struct.pack("<B3I", 1, 3, 1, len(points))
    else:
        head += struct.pack("<B2I", 1, 2, len(points))
    return head + b"".join(struct.pack("<2d", *p) for p in points)


GPKG_TABLES = """
CREATE TABLE gpkg_spatial_ref_sys (srs_name TEXT NOT NULL, srs_id INTEGER NOT NULL PRIMARY KEY, organization TEXT NOT NULL,
  organization_coordsys_id INTEGER NOT NULL, definition TEXT NOT NULL, description TEXT);
CREATE TABLE gpkg_contents (table_name TEXT NOT NULL PRIMARY KEY, data_type TEXT NOT NULL, identifier TEXT UNIQUE,
  description TEXT DEFAULT '', last_change DATETIME NOT NULL, min_x DOUBLE, min_y DOUBLE, max_x DOUBLE, max_y DOUBLE,
  srs_id INTEGER, CONSTRAINT fk_gc_r_srs_id FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys(srs_id));
CREATE TABLE gpkg_geometry_columns (table_name TEXT NOT NULL, column_name TEXT NOT NULL, geometry_type_name TEXT NOT NULL,
  srs_id INTEGER NOT NULL, z TINYINT NOT NULL, m TINYINT NOT NULL, CONSTRAINT pk_geom_cols PRIMARY KEY (table_name, column_name),
  CONSTRAINT uk_gc_table_name UNIQUE (table_name));
"""

WGS84_WKT = ('GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563,AUTHORITY["EPSG","7030"]],'
             'AUTHORITY["EPSG","6326"]],PRIMEM["Greenwich",0,AUTHORITY["EPSG","8901"]],'
             'UNIT["degree",0.0174532925199433,AUTHORITY["EPSG","9122"]],AUTHORITY["EPSG","4326"]]')


def geopackage(path, layers, zone):
    """layers: (name, description, kind, columns (name, SQL type), rows of (geometry, values…))."""
    path.unlink(missing_ok=True)
    db = sqlite3.connect(path)
    db.executescript("PRAGMA page_size = 4096; PRAGMA journal_mode = OFF; PRAGMA application_id = 1196444487;"
                     "PRAGMA user_version = 10300;" + GPKG_TABLES)
    db.executemany("INSERT INTO gpkg_spatial_ref_sys VALUES (?,?,?,?,?,?)", [
        ("Undefined Cartesian SRS", -1, "NONE", -1, "undefined", None),
        ("Undefined geographic SRS", 0, "NONE", 0, "undefined", None),
        (f"CGCS2000 / 3-degree Gauss-Kruger zone {zone.zone}", zone.epsg, "EPSG", zone.epsg, zone.ogc_wkt, None),
        ("WGS 84", 4326, "EPSG", 4326, WGS84_WKT, None),
    ])
    for name, description, kind, columns, rows in layers:
        db.execute(f'CREATE TABLE "{name}" (fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, geom {kind}, '
                   + ", ".join(f'"{c}" {t}' for c, t in columns) + ")")
        holes = ",".join("?" * (len(columns) + 2))
        db.executemany(f'INSERT INTO "{name}" VALUES ({holes})',
                       [(fid, blob(kind, row[0], zone.epsg), *row[1:]) for fid, row in enumerate(rows, start=1)])
        box = box_of([p for row in rows for p in ([row[0]] if kind == "POINT" else row[0])])
        db.execute("INSERT INTO gpkg_contents VALUES (?,?,?,?,?,?,?,?,?,?)",
                   (name, "features", name, description, LAST_CHANGE, *box, zone.epsg))
        db.execute("INSERT INTO gpkg_geometry_columns VALUES (?,?,?,?,0,0)", (name, "geom", kind, zone.epsg))
    db.commit()
    db.execute("VACUUM")
    db.close()
    # The header counts writes and names the SQLite that wrote: neither says anything about the data.
    data = bytearray(path.read_bytes())
    data[24:28] = data[92:96] = struct.pack(">I", 1)
    data[96:100] = struct.pack(">I", 3040001)
    path.write_bytes(data)


# ---- GeoTIFF

def lzw(data):
    """TIFF's LZW: codes from the high bit, widths 9 to 12, one code early."""
    out, held, bits = bytearray(), 0, 0
    width, free, table = 9, 258, {}

    def put(code):
        nonlocal held, bits
        held = held << width | code
        bits += width
        while bits >= 8:
            bits -= 8
            out.append(held >> bits & 0xFF)
        held &= (1 << bits) - 1

    put(256)
    prefix = data[0]
    for byte in data[1:]:
        key = prefix << 8 | byte
        code = table.get(key)
        if code is not None:
            prefix = code
            continue
        put(prefix)
        prefix = byte
        table[key] = free
        free += 1
        if free == 4094:
            put(256)
            width, free, table = 9, 258, {}
        elif free > (1 << width) - 1:
            width += 1
    put(prefix)
    free += 1
    if free == 4094:
        put(256)
        width = 9
    elif free > (1 << width) - 1:
        width += 1
    put(257)
    if bits:
        out.append(held << (8 - bits) & 0xFF)
    return bytes(out)


def geotiff(path, cells, west, north, cell_m, epsg):
    """Whole metres as 16-bit integers, strips of 64 rows, horizontal differences, LZW."""
    rows, columns, per_strip = len(cells), len(cells[0]), 64
    strips = []
    for first in range(0, rows, per_strip):
        packed = bytearray()
        for row in cells[first:first + per_strip]:
            differences = [row[0]] + [b - a for a, b in zip(row, row[1:])]
            packed += struct.pack(f"<{columns}H", *(d & 0xFFFF for d in differences))
        strips.append(lzw(bytes(packed)))
    keys = (1, 1, 0, 4, 1024, 0, 1, 1, 1025, 0, 1, 1, 3072, 0, 1, epsg, 3076, 0, 1, 9001)
    nodata = b"-32768\0"
    tags = [
        (256, "I", [columns]), (257, "I", [rows]), (258, "H", [16]), (259, "H", [5]), (262, "H", [1]),
        (273, "I", [0] * len(strips)), (277, "H", [1]), (278, "I", [per_strip]), (279, "I", [len(s) for s in strips]),
        (284, "H", [1]), (317, "H", [2]), (339, "H", [2]), (33550, "d", [cell_m, cell_m, 0.0]),
        (33922, "d", [0.0, 0.0, 0.0, west, north, 0.0]), (34735, "H", keys), (42113, "s", nodata),
    ]
    codes = {"H": 3, "I": 4, "d": 12, "s": 2}
    after = 8 + 2 + 12 * len(tags) + 4
    sizes = [len(v) if t == "s" else struct.calcsize(f"<{len(v)}{t}") for _, t, v in tags]
    data_at = after + sum(s + s % 2 for s in sizes if s > 4)
    offsets, at = [], data_at
    for strip in strips:
        offsets.append(at)
        at += len(strip)
    directory, extra = struct.pack("<H", len(tags)), b""
    for (tag, kind, values), size in zip(tags, sizes):
        values = offsets if tag == 273 else values
        raw = values if kind == "s" else struct.pack(f"<{len(values)}{kind}", *values)
        directory += struct.pack("<HHI", tag, codes[kind], len(values))
        if size <= 4:
            directory += raw.ljust(4, b"\0")
        else:
            directory += struct.pack("<I", after + len(extra))
            extra += raw + b"\0" * (size % 2)
    path.write_bytes(struct.pack("<2sHI", b"II", 42, 8) + directory + struct.pack("<I", 0) + extra + b"".join(strips))


# ---- XLSX

XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml"


def column_letters(index):
    text = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        text = chr(65 + rest) + text
    return text


def sheet_xml(rows, strings):
    lines = []
    for r, row in enumerate(rows, start=1):
        cells = []
        for c, value in enumerate(row):
            name = f"{column_letters(c)}{r}"
            if type(value) is str:
                cells.append(f'<c r="{name}" t="s"><v>{strings.setdefault(value, len(strings))}</v></c>')
            else:
                cells.append(f'<c r="{name}"><v>{value}</v></c>')
        lines.append(f'<row r="{r}">{"".join(cells)}</row>')
    return f'{XML}<worksheet xmlns="{MAIN}"><sheetData>{"".join(lines)}</sheetData></worksheet>'


def xlsx(path, sheets):
    """sheets: (name, rows); plain str is text, anything else (schema.Number too) a number."""
    strings = {}
    pages = [sheet_xml(rows, strings) for _, rows in sheets]
    count = range(1, len(sheets) + 1)
    parts = {
        "[Content_Types].xml": f'{XML}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{TYPES}.sheet.main+xml"/>'
        + "".join(f'<Override PartName="/xl/worksheets/sheet{i}.xml" ContentType="{TYPES}.worksheet+xml"/>' for i in count)
        + f'<Override PartName="/xl/styles.xml" ContentType="{TYPES}.styles+xml"/>'
        f'<Override PartName="/xl/sharedStrings.xml" ContentType="{TYPES}.sharedStrings+xml"/></Types>',
        "_rels/.rels": f'{XML}<Relationships xmlns="{PACKAGE}">'
        f'<Relationship Id="rId1" Type="{RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'{XML}<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}"><sheets>'
        + "".join(f'<sheet name="{escape(name)}" sheetId="{i}" r:id="rId{i}"/>' for i, (name, _) in enumerate(sheets, start=1))
        + "</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f'{XML}<Relationships xmlns="{PACKAGE}">'
        + "".join(f'<Relationship Id="rId{i}" Type="{RELATIONS}/worksheet" Target="worksheets/sheet{i}.xml"/>' for i in count)
        + f'<Relationship Id="rId{len(sheets) + 1}" Type="{RELATIONS}/styles" Target="styles.xml"/>'
        f'<Relationship Id="rId{len(sheets) + 2}" Type="{RELATIONS}/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
        "xl/styles.xml": f'{XML}<styleSheet xmlns="{MAIN}"><fonts count="1"><font><sz val="11"/><name val="宋体"/></font></fonts>'
        '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>'
        '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>'
        '<cellXfs count="1"><xf xfId="0"/></cellXfs>'
        '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>',
        "xl/sharedStrings.xml": f'{XML}<sst xmlns="{MAIN}" uniqueCount="{len(strings)}">'
        + "".join(f"<si><t>{escape(s)}</t></si>" for s in strings) + "</sst>",
    }
    for i, page in enumerate(pages, start=1):
        parts[f"xl/worksheets/sheet{i}.xml"] = page
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name, text in parts.items():
            entry = zipfile.ZipInfo(name, date_time=(2023, 1, 1, 0, 0, 0))
            entry.create_system = 3
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, text.encode("utf-8"))
    path.write_bytes(out.getvalue())
