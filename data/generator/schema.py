"""The national plot table (历史遗留矿山核查) without its personal columns, and the land-use table, as DBF fields."""

PLOT_FIELDS = [
    ("SHENG", "C", 30, 0), ("SHI", "C", 30, 0), ("XIAN", "C", 30, 0), ("XIANG", "C", 30, 0),
    ("KFX", "N", 11, 6), ("KFY", "N", 10, 6), ("ZTBH", "C", 23, 0), ("TBBH", "C", 26, 0), ("TBTYMJ", "N", 15, 2),
    ("TBDL", "C", 2, 0), ("TBXL", "C", 2, 0), ("KSWZ", "C", 60, 0), ("BHDLX", "C", 2, 0), ("BHDJB", "C", 2, 0),
    ("CKZH", "C", 23, 0), ("KZ", "C", 20, 0), ("KCFS", "C", 2, 0), ("TBHDMJ", "N", 15, 2), ("GBND", "C", 8, 0),
    ("HFZLQK", "C", 2, 0), ("SDZLMJ", "N", 15, 2), ("HFYDSX", "C", 2, 0), ("TBSX", "C", 4, 0), ("SDDL", "C", 60, 0),
    ("SYQ", "C", 2, 0), ("SHYQ", "C", 2, 0), ("STWT", "C", 8, 0), ("FKYWR", "C", 60, 0), ("NXFFS", "C", 2, 0),
    ("NXFFX", "C", 12, 0), ("NXFSJ", "C", 2, 0), ("BZ", "C", 60, 0),
]

PLOT_DEFAULTS = {
    "TBDL": "10", "TBXL": "11", "BHDLX": "5", "BHDJB": "5", "CKZH": "/", "KCFS": "A", "TBHDMJ": 0.0,
    "HFZLQK": "A", "SDZLMJ": 0.0, "HFYDSX": "B", "TBSX": "1", "SYQ": "A", "SHYQ": "A", "NXFSJ": "A",
}

LANDUSE_FIELDS = [("BSM", "C", 18, 0), ("YSDM", "C", 10, 0), ("TBBH", "C", 8, 0), ("DLBM", "C", 5, 0),
                  ("DLMC", "C", 60, 0), ("ZLDWMC", "C", 60, 0), ("TBMJ", "N", 15, 2)]

LANDUSE_NAMES = {
    "0102": "水浇地", "0103": "旱地", "0301": "乔木林地", "0305": "灌木林地", "0307": "其他林地", "0401": "天然牧草地",
    "0404": "其他草地", "0602": "采矿用地", "0601": "工业用地", "1206": "裸土地", "1207": "裸岩石砾地",
}


def plot_row(values):
    merged = PLOT_DEFAULTS | values
    unknown = set(merged) - {name for name, *_ in PLOT_FIELDS}
    if unknown:
        raise AssertionError(f"no such field: {sorted(unknown)}")
    return tuple(merged[name] for name, *_ in PLOT_FIELDS)


def landuse_rows(parcels, county_code, place):
    """parcels: (ring, DLBM, area_m2) → DBF rows."""
    return [(f"{county_code}{number:012d}", "2001010100", f"{number:04d}", code, LANDUSE_NAMES[code], place, area)
            for number, (_, code, area) in enumerate(parcels, start=1)]


def wan_yuan(yuan):
    """万元 as decimal text; whole hundreds of yuan have two decimals."""
    whole, rest = divmod(yuan, 10000)
    if rest % 100:
        raise AssertionError(f"{yuan} yuan is not a whole number of hundreds")
    return f"{whole}.{rest // 100:02d}".rstrip("0").rstrip(".")


class Number(str):
    """Decimal text that a workbook holds as a number."""
