"""The Youhao project (友好区): 9 mines of 14 plots. 合成数据: every shape, height, cost and name is made up."""
import files
import project
import shapes
from geodesy import GaussKruger
from schema import PLOT_FIELDS, Number, plot_row, wan_yuan
from terrain import CELL_M, Elevation

PLACE = project.Place(GaussKruger(43), 43_482_000.0, 5_297_000.0, county_code="230719", seed=20220101)

# plot, mine, local x, local y, wanted survey area in 0.01 m², pit depth m, cost in yuan
PLOTS = [
    ("Y1-1", "Y1", 8500, 3470, 1115416, 3, 6700), ("Y2-1", "Y2", 7800, 7000, 867798, 4, 7800),
    ("Y3-1", "Y3", 1400, 3600, 1000000, 3, 14000), ("Y3-2", "Y3", 1800, 3640, 584590, 2, 8200),
    ("Y4-1", "Y4", 3000, 2700, 1409318, 5, 77500),
    ("Y5-1", "Y5", 4800, 3650, 1000000, 6, 70000), ("Y5-2", "Y5", 5150, 3690, 807195, 5, 56500),
    ("Y6-1", "Y6", 2000, 6500, 1750000, 7, 157500), ("Y6-2", "Y6", 2420, 6540, 1248661, 6, 112400),
    ("Y7-1", "Y7", 4500, 7200, 3719538, 12, 706700),
    ("Y8-1", "Y8", 9500, 3460, 2600000, 15, 702000), ("Y8-2", "Y8", 9950, 3500, 2016544, 14, 544500),
    ("Y9-1", "Y9", 3000, 620, 4000000, 24, 1440000), ("Y9-2", "Y9", 3500, 660, 2430940, 18, 875100),
]
# mine: NXFFS (1 natural, 2 assisted, 3 engineering), damage, near a reserve, near a road, score
MINES = {
    "Y1": ("1", "轻度", True, True, 75), "Y2": ("1", "轻度", True, False, 70), "Y3": ("1", "轻度", False, True, 65),
    "Y4": ("2", "轻度", False, True, 55), "Y5": ("2", "中度", False, True, 40), "Y6": ("2", "中度", False, False, 35),
    "Y7": ("3", "中度", False, False, 20), "Y8": ("3", "重度", True, True, 15), "Y9": ("3", "重度", False, False, 0),
}
AREAS = {"Y1": 1115416, "Y2": 867798, "Y3": 1584590, "Y4": 1409318, "Y5": 1807195, "Y6": 2998661, "Y7": 3719538,
         "Y8": 4616544, "Y9": 6430940}
COSTS = {"Y1": 6700, "Y2": 7800, "Y3": 22200, "Y4": 77500, "Y5": 126500, "Y6": 269900, "Y7": 706700, "Y8": 1246500,
         "Y9": 2315100}

ROADS = [
    ("示例省道二号线", "省道", [(0, 3000), (4000, 3200), (8000, 2900), (12000, 3100)]),
    ("示例林区便道", "小路", [(2600, 3130), (2200, 6100), (4300, 6900)]),
]
SETTLEMENTS = [("示例林场", 6200, 2600), ("示例村五", 10900, 2700)]
RAILWAYS = [("示例森林铁路", [(0, 5300), (4200, 5100), (6600, 5000), (6300, 8900)])]
RIVERS = [("示例河二", [(600, 8900), (900, 5000), (600, 1800), (5000, 1600), (11900, 1500)])]
RESERVES = [("示例湿地自然公园", "省级", [(7000, 4100), (10400, 4000), (10600, 6200), (8700, 6600), (7100, 6450)])]

LANDUSE = ("0301", "0307", "0301", "0305", "0103", "0404")
HILLS = (310.0, [(22, 9000, 11000, 0.7, 2.2), (13, 7000, 8000, 3.0, 1.4), (40, 30000, 26000, 1.9, 4.0)])


def plot_ids():
    return project.plot_ids([(name, mine) for name, mine, *_ in PLOTS], 2021, PLACE.county_code)


def rings():
    return PLACE.stars([(x, y, area / 100) for _, _, x, y, area, _, _ in PLOTS])


def elevation(plots):
    model = Elevation(*PLACE.at(0, 9000), 400, 300, HILLS)
    for (_, _, x, y, _, depth, _), ring in zip(PLOTS, plots):
        centre = PLACE.at(x, y)
        top = shapes.to_point_m(ring, centre) - 0.4 * CELL_M
        model.dig(*centre, depth, 0.6 * top, top)
    model.finish()
    return model


def write_plots(folder, plots):
    ids, rows = plot_ids(), []
    for (name, mine, *_), ring in zip(PLOTS, plots):
        lon, lat = PLACE.zone.lonlat_deg(ring[0][0] - 20, ring[0][1])
        mode, _, reserve, _, _ = MINES[mine]
        rows.append(plot_row({
            "SHENG": "黑龙江省", "SHI": "伊春市", "XIAN": "友好区", "XIANG": "示例林场", "KFX": lon, "KFY": lat,
            "ZTBH": ids[name][:-3], "TBBH": ids[name], "TBTYMJ": shapes.plane_area_m2(ring), "KSWZ": f"示例采石场{mine}",
            "KZ": "83907", "GBND": "2014年", "SDDL": "其他林地,采矿用地", "STWT": "3" if mode == "1" else "1", "FKYWR": "/",
            "NXFFS": mode, "NXFFX": "3", "BZ": f"合成数据 {name}" + ("，保护地周边" if reserve else ""),
        }))
    files.shapefile(folder / "plots.shp", plots, PLOT_FIELDS, rows, PLACE.zone)


def write_ledger(folder):
    ids = plot_ids()
    rows = [["TBBH", "损毁程度", "投资", "资金来源", "责任单位", "责任人", "监管部门", "完成时限"]]
    for name, mine, *_, cost in PLOTS:
        fund = "本级财政资金" if MINES[mine][0] == "1" else "申请上级资金"
        rows.append([ids[name], MINES[mine][1], Number(wan_yuan(cost)), fund, "示例林场公司", "矿山修复负责岗", "自然资源局", "2025年10月"])
    files.xlsx(folder / "台账.xlsx", [("图斑", rows), ("说明", project.NOTE)])


MODE_POINTS = {"1": 25, "2": 15, "3": 0}
DAMAGE_POINTS = {"轻度": 35, "中度": 20, "重度": 0}


def verify(plots):
    """Areas and costs add up to the mines', and the distances give each mine its score, well clear of 1 km."""
    for mine in MINES:
        if (sum(area for _, m, _, _, area, _, _ in PLOTS if m == mine) != AREAS[mine]
                or sum(cost for _, m, *_, cost in PLOTS if m == mine) != COSTS[mine]):
            raise AssertionError(f"{mine}: area or cost")
    first = sum(AREAS[m] for m in ("Y1", "Y2", "Y3", "Y4")) + sum(
        area * 40 // 100 for _, m, _, _, area, _, _ in PLOTS if m == "Y5")
    if first != 5700000 or any(area * 40 % 100 for _, m, _, _, area, _, _ in PLOTS if m == "Y5"):
        raise AssertionError("the first period is not 57 000.00 m²")
    roads = project.traffic_roads(PLACE, ROADS)
    for (name, mine, *_), ring in zip(PLOTS, plots):
        road = min(shapes.to_line_m(ring, r) for r in roads)
        reserve = min(shapes.to_ring_m(ring, PLACE.line(p)) for _, _, p in RESERVES)
        if min(abs(road - 1000), abs(reserve - 1000)) < 300:
            raise AssertionError(f"{name}: {road:.0f} m, {reserve:.0f} m from road and reserve, near the step")
        mode, damage, *_, score = MINES[mine]
        if MODE_POINTS[mode] + DAMAGE_POINTS[damage] + 10 * (reserve <= 1000) + 5 * (road <= 1000) != score:
            raise AssertionError(f"{name}: {road:.0f} m, {reserve:.0f} m, not {score} points")


def write(folder):
    plots = rings()
    verify(plots)
    model = elevation(plots)
    write_plots(folder, plots)
    project.write_context(folder, PLACE, ROADS, RAILWAYS, SETTLEMENTS, RIVERS, RESERVES)
    project.write_landuse(folder, PLACE, plots, 350.0, LANDUSE, "友好区示例林场")
    write_ledger(folder)
    files.geotiff(folder / "dem.tif", model.cells, model.west, model.north, CELL_M, PLACE.zone.epsg)
