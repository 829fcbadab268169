"""The Toli project (托里县): 28 plots. 合成数据: every shape, height, cost and name is made up."""
import files
import project
import shapes
from geodesy import GaussKruger
from schema import PLOT_FIELDS, Number, plot_row, wan_yuan
from terrain import CELL_M, Elevation

PLACE = project.Place(GaussKruger(28), 28_450_000.0, 5_089_000.0, county_code="654224", seed=20230201)

# plot, cluster, local x, local y, wanted survey area m², wanted depth m, cost in yuan
PLOTS = [
    ("P01", "A", 6215, -406, 80681, 25.9, 1785100), ("P02", "A", 6602, -374, 71411, 24.9, 1703600),
    ("P03", "A", 5785, -432, 50204, 15.6, 1164400), ("P04", "A", 7063, -353, 36020, 36.7, 884300),
    ("P05", "A", 5349, -508, 75686, 14.1, 1589700), ("P06", "B", 18902, -326, 36577, 25.7, 792500),
    ("P07", "B", 19308, -267, 45779, 16.7, 971200), ("P08", "B", 18485, -355, 79817, 14.3, 1754600),
    ("P09", "B", 19749, -301, 63485, 5.8, 1216200), ("P10", "C", 32310, -440, 46484, 35.6, 1117300),
    ("P11", "C", 32717, -371, 80433, 14.2, 1801100), ("P12", "C", 31850, -461, 50121, 15.9, 1038700),
    ("P13", "a", 24374, 439, 50680, 25.0, 1073300), ("P14", "D", 11919, 1680, 37991, 36.7, 811100),
    ("P15", "D", 12351, 1742, 81652, 23.9, 1705300), ("P16", "D", 11480, 1622, 46209, 25.8, 881500),
    ("P17", "D", 12740, 1769, 84158, 15.8, 1912500), ("P18", "E", 27181, -1630, 51057, 35.1, 1118500),
    ("P19", "E", 27648, -1531, 35400, 25.6, 799900), ("P20", "E", 26772, -1692, 35439, 26.4, 802800),
    ("P21", "F", 21301, 9308, 68946, 23.5, 1582400), ("P22", "F", 21749, 9371, 42580, 25.1, 981100),
    ("P23", "b", 37189, 1594, 47055, 35.3, 1170300), ("P24", "c", 1219, -2975, 86731, 36.1, 1869600),
    ("P25", "d", 14485, -1593, 39782, 15.4, 858000), ("P26", "X", 5195, 14199, 210863, 16.7, 4780100),
    ("P27", "Y", 37413, -12291, 217940, 13.8, 4793400), ("P28", "Z", 12420, -15186, 259797, 24.4, 5519000),
]
TOWN = {"A": "示例镇一", "B": "示例镇二", "C": "示例镇三", "a": "示例镇二", "D": "示例镇一", "E": "示例镇三", "F": "示例镇二",
        "b": "示例镇三", "c": "示例镇一", "d": "示例镇一", "X": "示例牧区一", "Y": "示例牧区二", "Z": "示例牧区二"}

ROADS = [
    ("示例省道一号线", "省道", [(0, 0), (9000, 150), (18000, -100), (27000, 120), (40000, 0)]),
    ("示例县道一号线", "县道", [(18000, -100), (19000, 5000), (20500, 12500)]),
    ("示例乡道一号线", "乡道", [(6300, 105), (6300, 1050)]),
    ("示例乡道二号线", "乡道", [(32700, 67), (32700, 1150)]),
    ("示例便道一号", "小路", [(18600, 3000), (12000, 9000), (5600, 13700)]),
    ("示例便道二号", "小路", [(33000, 64), (35500, -6000), (37200, -11800)]),
    ("示例便道三号", "小路", [(15000, -17), (13800, -8000), (12500, -14700)]),
]
SETTLEMENTS = [("示例村一", 6300, 1050), ("示例村二", 19050, -830), ("示例村三", 32700, 1150), ("示例村四", 21500, 12500)]
RAILWAYS = [("示例铁路", [(0, -5200), (13000, -5600), (27000, -5300), (40000, -5900)])]
RIVERS = [("示例河", [(3000, 14900), (8500, 8000), (9300, 3500), (9700, -4000), (8200, -9000), (9000, -15800)]),
          ("示例溪", [(30500, 14900), (29800, 7200), (29500, 3000), (29700, -3500), (31000, -9000)])]
RESERVES = [("示例自然保护区", "省级", [(25500, 5200), (29000, 5600), (28600, 9400), (26200, 10100), (24900, 7800)])]

LANDUSE = ("0404", "0401", "0404", "1206", "0305", "1207", "0102")

# base height; then height, wave length west–east, wave length north–south, two phases
HILLS = (920.0, [(34, 17000, 21000, 0.3, 1.1), (22, 13000, 11000, 2.0, 0.4), (14, 9500, 12500, 4.1, 5.2), (60, 80000, 70000, 5.9, 1.9)])


def plot_ids():
    """One mine per cluster."""
    return project.plot_ids([(name, cluster) for name, cluster, *_ in PLOTS], 2022, PLACE.county_code)


def rings():
    return PLACE.stars([(x, y, area) for _, _, x, y, area, _, _ in PLOTS])


def elevation(plots):
    model = Elevation(*PLACE.at(0, 15020), 1300, 1036, HILLS)
    for (_, _, x, y, _, depth, _), ring in zip(PLOTS, plots):
        centre = PLACE.at(x, y)
        top = shapes.to_point_m(ring, centre) - 1.5 * CELL_M
        model.dig(*centre, depth, max(24.0, 0.6 * top), top)
    model.finish()
    return model


def write_plots(folder, plots):
    ids, rows = plot_ids(), []
    for (name, cluster, *_), ring in zip(PLOTS, plots):
        lon, lat = PLACE.zone.lonlat_deg(ring[0][0] - 50, ring[0][1])
        big = cluster in "XYZ"
        rows.append(plot_row({
            "SHENG": "新疆维吾尔自治区", "SHI": "塔城地区", "XIAN": "托里县", "XIANG": TOWN[cluster], "KFX": lon, "KFY": lat,
            "ZTBH": ids[name][:-3], "TBBH": ids[name], "TBTYMJ": shapes.plane_area_m2(ring),
            "KSWZ": f"{TOWN[cluster]}示例采坑{name}", "KZ": "42201" if big else "83907", "GBND": "2012年" if big else "2015年",
            "SDDL": "其他草地,采矿用地", "STWT": "1", "FKYWR": "/", "NXFFS": "3", "NXFFX": "4", "BZ": f"合成数据 {name}",
        }))
    files.shapefile(folder / "plots.shp", plots, PLOT_FIELDS, rows, PLACE.zone)


def write_ledger(folder):
    ids = plot_ids()
    rows = [["TBBH", "投资", "资金来源", "责任单位", "责任人", "监管部门", "完成时限"]]
    for name, cluster, *_, cost in PLOTS:
        due = "2025年12月" if cluster in "XYZ" else "2025年10月"
        rows.append([ids[name], Number(wan_yuan(cost)), "本级财政资金" if cluster in "ABCab" else "申请上级资金", "示例项目法人单位",
                     "生态修复科负责岗", "自然资源局", due])
    files.xlsx(folder / "台账.xlsx", [("图斑", rows), ("说明", project.NOTE)])


def points_of(depth, road, settlement, cluster_plots, area_m2):
    return ((30 if depth >= 30 else 20 if depth >= 20 else 10 if depth >= 10 else 0)
            + (40 if road <= 1000 else 15 if road <= 2000 else 0)
            + (20 if settlement <= 1000 else 10 if settlement <= 2000 else 0)
            + (10 if cluster_plots >= 4 else 5 if cluster_plots >= 2 else 0)
            + (20 if area_m2 >= 150000 else 0))


SCORES = [80, 80, 70, 90, 70, 90, 80, 80, 70, 85, 65, 65, 60, 55, 45, 45, 35, 50, 40, 40, 40, 40, 45, 30, 25, 30, 30, 40]


def verify(plots, model):
    """The values that tuban is to measure, by plane geometry, clear of every step of the scores."""
    if sum(area for _, _, _, _, area, _, _ in PLOTS) != 2112978 or sum(cost for *_, cost in PLOTS) != 46477500:
        raise AssertionError("totals of the plan")
    groups = shapes.clusters(plots, 500.0)
    if groups != shapes.clusters(plots, 300.0) or groups != shapes.clusters(plots, 1500.0):
        raise AssertionError("clusters depend on the gap")
    roads = project.traffic_roads(PLACE, ROADS)
    for i, ((name, _, _, _, area, wanted_depth, _), ring) in enumerate(zip(PLOTS, plots)):
        road = min(shapes.to_line_m(ring, r) for r in roads)
        settlement = min(shapes.to_point_m(ring, PLACE.at(x, y)) for _, x, y in SETTLEMENTS)
        depth = model.depth_m(ring)
        if any(abs(d - s) < 200 for d in (road, settlement) for s in (1000, 2000)):
            raise AssertionError(f"{name}: {road:.0f} m, {settlement:.0f} m from road and settlement, near a step")
        if abs(depth - wanted_depth) > 1.5 or any(abs(depth - s) < 2.5 for s in (10, 20, 30)):
            raise AssertionError(f"{name}: depth {depth:.1f} m, wanted {wanted_depth}")
        score = points_of(depth, road, settlement, groups.count(groups[i]), area)
        if score != SCORES[i]:
            raise AssertionError(f"{name}: score {score}, wanted {SCORES[i]}")


def write(folder):
    plots = rings()
    model = elevation(plots)
    verify(plots, model)
    write_plots(folder, plots)
    project.write_context(folder, PLACE, ROADS, RAILWAYS, SETTLEMENTS, RIVERS, RESERVES)
    project.write_landuse(folder, PLACE, plots, 600.0, LANDUSE, "托里县示例村")
    write_ledger(folder)
    files.geotiff(folder / "dem.tif", model.cells, model.west, model.north, CELL_M, PLACE.zone.epsg)
