"""Frames, files and Arrow streams in and out."""

import geopandas as gpd
import nanoarrow
import numpy as np
import pandas as pd
import pyproj
import pytest
import shapely
import tuban
from conftest import TOLI
from shapes import blobs


class OnlyStream:
    """Another library's table: nothing but an Arrow stream."""

    def __init__(self, table):
        self._table = table

    def __arrow_c_stream__(self, requested_schema=None):
        return self._table.__arrow_c_stream__(requested_schema)


def test_a_frame_goes_in_and_comes_out_the_same():
    plots = blobs(5)
    plots["年度"] = [2021, 2022, 2023, 2024, 2025]
    plots["note"] = ["好", None, "x", "", "y"]
    plots["height"] = [1.5, None, 2.0, 3.0, 4.0]
    back = tuban.read(plots).to_geopandas()
    assert back.crs.to_epsg() == 4490
    assert list(back["plot_id"]) == list(plots["plot_id"])
    assert list(back["年度"]) == [2021, 2022, 2023, 2024, 2025]
    assert back["note"].isna().tolist() == [False, True, False, False, False]
    assert back["note"].fillna("gone").tolist() == ["好", "gone", "x", "", "y"]
    assert back["height"].isna().tolist() == [False, True, False, False, False]
    for mine, theirs in zip(back.geometry, plots.geometry):
        assert shapely.equals(mine, theirs)  # the same bits: nothing is transformed


def test_a_projected_frame_is_measured_in_its_own_plane():
    plots = blobs(5)
    flat = plots.to_crs("EPSG:4516")
    assert np.abs(tuban.area(flat) - tuban.area(plots)).max() < 0.5  # edges are straight in another plane
    assert np.abs(tuban.area(flat, method="geodesic") - tuban.area(plots, method="geodesic")).max() < 1e-3


def test_a_frame_without_crs_is_refused_and_told_how_to_give_one():
    plots = blobs(2).set_crs(None, allow_override=True)
    with pytest.raises(tuban.Error, match="set_crs"):
        tuban.area(plots)
    assert len(tuban.read(plots, crs="EPSG:4490")) == 2


def test_an_integer_column_with_gaps_stays_an_integer_column():
    plots = blobs(3)
    plots["cost_yuan"] = [100, None, 300]
    table = tuban.read(plots)
    costs = table.to_pandas()["cost_yuan"]
    assert costs.dtype == pd.Int64Dtype()
    assert costs.fillna(-1).tolist() == [100, -1, 300]
    assert np.isnan(table["cost_yuan"][1])


def test_an_arrow_stream_is_valid_and_comes_back_the_same():
    plots = blobs(9)
    plots["n"] = [None, *range(8)]
    plots["t"] = ["a", None, "中文", *"bcdefg"]
    table = tuban.read(plots)
    array = nanoarrow.Array(table)  # checks every buffer
    assert array.schema.field(0).name == "plot_id"
    by_name = {array.schema.field(i).name: array.child(i).to_pylist() for i in range(array.n_children)}
    assert by_name["n"] == [None, *range(8)]
    assert by_name["t"] == ["a", None, "中文", *"bcdefg"]
    assert all(shapely.equals(shapely.from_wkb(cell), shape) for cell, shape in zip(by_name["geometry"], plots.geometry))
    again = tuban.read(OnlyStream(table))
    assert again.columns == table.columns
    assert np.array_equal(tuban.area(again), tuban.area(table))
    assert again["t"] == table["t"]


def test_a_file_reads_in_its_order_and_with_its_columns():
    table = tuban.read(TOLI / "plots.shp")
    frame = gpd.read_file(TOLI / "plots.shp")  # the GDAL that pyogrio brings, in the same process
    assert len(table) == len(frame) == 28
    assert table["plot_id"] == list(frame["TBBH"])
    areas = tuban.area(frame)
    assert np.abs(tuban.area(table) - areas).max() < 1e-6
    assert np.abs(np.array([s.area for s in table.to_geopandas().to_crs(4516).geometry]) - frame.area).max() < 1e-2


def test_lines_read_as_a_table_that_serves_as_a_layer():
    context = TOLI / "context.gpkg"
    roads = tuban.read(context, layer="roads", name="name")
    assert not [issue for issue in roads.issues if issue["severity"] == "error"]
    assert set(roads.to_geopandas().geom_type) <= {"LineString", "MultiLineString"}
    frame = gpd.read_file(context, layer="roads")
    ours = tuban.nearest(TOLI / "plots.shp", roads)
    theirs = tuban.nearest(TOLI / "plots.shp", frame)
    assert np.abs(ours["distance_m"] - theirs["distance_m"]).max() < 1e-3


def test_repairs_are_issues():
    bow = shapely.Polygon([(84, 46), (84.002, 46.002), (84.002, 46), (84, 46.0001), (84, 46)])
    plots = gpd.GeoDataFrame({"plot_id": ["bow"]}, geometry=[bow], crs="EPSG:4490")
    issues = tuban.read(plots).issues
    assert {issue["plot_id"] for issue in issues} == {"bow"}
    assert [issue["code"] for issue in issues] == ["self_intersection", "held_out"]
    assert issues[1]["area_before_m2"] != issues[1]["area_after_m2"]


def test_columns_of_a_workbook_are_joined_by_id():
    fields = {"cost_wan_yuan": "投资", "responsible": "责任人"}
    join = {"file": TOLI / "台账.xlsx", "sheet": "图斑", "on": "TBBH"}
    table = tuban.read(TOLI / "plots.shp", fields=fields, join=join)
    book = pd.read_excel(TOLI / "台账.xlsx", sheet_name="图斑", dtype={"TBBH": str}).set_index("TBBH")
    costs = dict(zip(table["plot_id"], table["cost_yuan"]))
    assert len(table) == 28
    assert {name: round(cost) for name, cost in costs.items()} == {
        name: round(cost * 10_000) for name, cost in book["投资"].items()
    }
    assert tuban.read(TOLI / "plots.shp", fields=fields, join=[join]).columns == table.columns
    with pytest.raises(tuban.DataError, match="nowhere.xlsx"):
        tuban.read(TOLI / "plots.shp", join={**join, "file": "nowhere.xlsx"})


def test_a_join_that_cannot_be_is_said():
    with pytest.raises(tuban.Error, match="no key colum"):
        tuban.read(TOLI / "plots.shp", join={"file": "a.csv", "on": "TBBH", "colum": "x"})
    with pytest.raises(tuban.Error, match="lacks file or on"):
        tuban.read(TOLI / "plots.shp", join={"file": "a.csv"})
    with pytest.raises(tuban.Error, match="merge"):
        tuban.read(blobs(2), join={"file": "a.csv", "on": "plot_id"})


def in_file(folder, crs, shapes):
    path = folder / "plots.gpkg"
    gpd.GeoDataFrame({"TBBH": [f"P{i}" for i in range(len(shapes))]}, geometry=list(shapes), crs=crs).to_file(path)
    return path


def moved(shapes, change):
    return shapely.transform(np.array(shapes, dtype=object), lambda xy: np.column_stack(change(xy[:, 0], xy[:, 1])))


def farthest(table, expected):
    """Degrees between the vertices of polygons, whichever way their rings run."""
    ours, theirs = (shapely.get_coordinates(shapely.normalize(list(shapes))) for shapes in (table.to_geopandas().geometry, expected))
    return np.abs(ours - theirs).max()


def test_axes_of_a_file_are_taken_by_the_callers_word(tmp_path):
    plots = blobs(3)
    path = in_file(tmp_path, "EPSG:4490", moved(plots.geometry, lambda x, y: (y, x)))
    with pytest.raises(tuban.DataError):
        tuban.read(path)
    table = tuban.read(path, axes="yx")
    assert farthest(table, plots.geometry) == 0  # exchanged, not computed
    with pytest.raises(tuban.Error, match="yx"):
        tuban.read(path, axes="north")


def test_seven_parameters_bring_another_datum_to_cgcs2000(tmp_path):
    plots = blobs(3)
    path = in_file(tmp_path, "EPSG:4610", plots.geometry)  # Xian 80: a = 6378140 m, 1/f = 298.257
    with pytest.raises(tuban.DataError, match="Xian|西安"):
        tuban.read(path)
    given = {"dx_m": 110.25, "dy_m": -20.5, "dz_m": 7.75, "rx_arcsec": 1.5, "ry_arcsec": -0.75, "rz_arcsec": 2.0, "scale_ppm": -3.0}
    for convention in ("position_vector", "coordinate_frame"):
        by_proj = pyproj.Transformer.from_pipeline(
            "+proj=pipeline +step +proj=unitconvert +xy_in=deg +xy_out=rad +step +proj=cart +a=6378140 +rf=298.257 "
            f"+step +proj=helmert +x=110.25 +y=-20.5 +z=7.75 +rx=1.5 +ry=-0.75 +rz=2 +s=-3 +convention={convention} "
            "+step +inv +proj=cart +a=6378137 +rf=298.257222101 +step +proj=unitconvert +xy_in=rad +xy_out=deg"
        )
        table = tuban.read(path, datum_shift={**given, "convention": convention})
        # 1e-11° is a micrometre: the same formulas in another order
        assert farthest(table, moved(plots.geometry, by_proj.transform)) < 1e-11
        assert "datum_shift_applied" in [issue["code"] for issue in table.issues]
    three = {key: given[key] for key in ("dx_m", "dy_m", "dz_m")}
    assert farthest(tuban.read(path, datum_shift=three), plots.geometry) > 1e-4


def test_four_parameters_bring_a_local_plane_to_cgcs2000(tmp_path):
    plots = blobs(3).to_crs("EPSG:4516")
    with pytest.warns(UserWarning, match="crs"):  # of the file's writer: a local plane has none
        path = in_file(tmp_path, None, moved(plots.geometry, lambda x, y: (x - 28_400_000, y - 5_000_000)))
    plane = {"dx_m": 28_400_010, "dy_m": 5_000_020, "rotation_arcsec": 30.0, "scale_ppm": 5.0, "target": "EPSG:4516"}
    table = tuban.read(path, datum_shift={"plane": plane})
    turn = np.radians(30 / 3600)

    def by_hand(x, y):
        east, north = x - 28_400_000, y - 5_000_000
        return (
            28_400_010 + (1 + 5e-6) * (east * np.cos(turn) - north * np.sin(turn)),
            5_000_020 + (1 + 5e-6) * (east * np.sin(turn) + north * np.cos(turn)),
        )

    expected = gpd.GeoSeries(list(moved(plots.geometry, by_hand)), crs="EPSG:4516").to_crs("EPSG:4490")
    assert farthest(table, expected) < 1e-11


def test_what_is_no_datum_shift_is_said():
    def failing(given, match):
        with pytest.raises(tuban.Error, match=match):
            tuban.read(TOLI / "plots.shp", datum_shift=given)

    three = {"dx_m": 1, "dy_m": 2, "dz_m": 3}
    failing({"dx_m": 1}, "datum_shift lacks dy_m")
    failing({**three, "dx": 1}, "datum_shift has no key dx; expected dx_m, dy_m")
    failing({**three, "dx_m": "1"}, "dx_m is '1'; expected a number")
    failing({**three, "convention": "Bursa"}, "expected position_vector or coordinate_frame")
    failing({**three, "plane": {}}, "datum_shift has no key dx_m; expected plane")
    failing({"plane": {"dx_m": 1, "dy_m": 2}}, "datum_shift.plane lacks target")
    failing(three, "counts as CGCS2000")  # no shift on top of the right datum
    for key, given in (("axes", "yx"), ("datum_shift", three)):
        with pytest.raises(tuban.Error, match=f"{key} is for files"):
            tuban.read(blobs(2), **{key: given})


def test_a_notebook_shows_names_units_and_the_first_rows():
    plots = blobs(25)
    plots["note"] = ["<b>&\"好\"</b>"] + [None] * 24
    shown = tuban.measure(plots)._repr_html_()
    assert shown.count("<tr>") == 21 and "前 20 行" in shown
    assert "图斑面积（m2）<br><code>area_m2</code>" in shown
    assert "&lt;b&gt;&amp;&quot;好&quot;&lt;/b&gt;" in shown and "<b>" not in shown
    assert "None" not in shown


def test_warnings_and_errors_go_to_the_log_and_notes_do_not(caplog):
    crossed = blobs(2)
    crossed.loc[0, "geometry"] = shapely.Polygon([(83.6, 45.9), (83.61, 45.91), (83.61, 45.9), (83.6, 45.91)])
    with caplog.at_level("DEBUG", logger="tuban"):
        table = tuban.read(crossed)
    worth = [issue for issue in table.issues if issue["severity"] != "note"]
    assert worth and [record.issue for record in caplog.records] == worth
    assert {record.levelname for record in caplog.records} <= {"WARNING", "ERROR"}
    assert "row 1" in caplog.records[0].getMessage()
