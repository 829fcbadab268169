"""Measures through Python against pyproj and shapely."""

import math

import geopandas as gpd
import numpy as np
import pytest
import shapely
import tuban
from shapes import GEOD, around, blobs, densified, in_plane


def test_geodesic_areas_are_those_of_pyproj():
    plots = blobs(60)
    expected = np.array([abs(GEOD.geometry_area_perimeter(shape)[0]) for shape in plots.geometry])
    assert np.abs(tuban.area(plots, method="geodesic") - expected).max() < 1e-4  # m²


def test_survey_area_of_a_quadrangle_of_meridians_and_parallels_is_the_closed_form():
    f = 1 / 298.257222101
    e = math.sqrt(f * (2 - f))
    b = 6378137.0 * (1 - f)

    def zone(lat_deg):
        s = math.sin(math.radians(lat_deg))
        return s / (1 - (e * s) ** 2) + math.log((1 + e * s) / (1 - e * s)) / (2 * e)

    box = (84.0, 46.0, 84.004, 46.003)
    expected = b * b / 2 * math.radians(box[2] - box[0]) * (zone(box[3]) - zone(box[1]))
    plots = gpd.GeoDataFrame({"plot_id": ["a"]}, geometry=[shapely.box(*box)], crs="EPSG:4490")
    assert expected == pytest.approx(103_300, abs=500)
    assert abs(tuban.area(plots)[0] - expected) < 1e-4


def test_area_does_not_depend_on_where_the_frame_comes_from():
    plots = blobs(10)
    table = tuban.read(plots)
    assert np.array_equal(tuban.area(plots), tuban.area(table))


def test_nearest_points_are_within_a_millimetre_of_geodesic_distances():
    plots = blobs(12)
    rng = np.random.default_rng(3)
    lons, lats = rng.uniform(83.9, 84.1, 25), rng.uniform(45.9, 46.1, 25)
    wells = gpd.GeoDataFrame(
        {"id": [f"W{number}" for number in range(25)], "name": [f"well {number}" for number in range(25)]},
        geometry=gpd.points_from_xy(lons, lats),
        crs="EPSG:4490",
    )
    found = tuban.nearest(plots, wells)
    assert found["plot_id"] == list(plots["plot_id"])
    cut = [densified(shape, 2.0) for shape in plots.geometry]
    distances = np.array(
        [
            [shapely.distance(shapely.Point(0, 0), in_plane(shape, around(lon, lat))) for lon, lat in zip(lons, lats)]
            for shape in cut
        ]
    )
    assert np.abs(found["distance_m"] - distances.min(axis=1)).max() < 1e-3
    assert found["target_id"] == [f"W{number}" for number in distances.argmin(axis=1)]
    assert found["target_name"] == [f"well {number}" for number in distances.argmin(axis=1)]
    ends = GEOD.inv(
        found["plot_lon_deg"], found["plot_lat_deg"], found["target_lon_deg"], found["target_lat_deg"]
    )[2]
    assert np.abs(ends - found["distance_m"]).max() < 1e-3


def wells_around(count):
    rng = np.random.default_rng(7)
    return gpd.GeoDataFrame(
        {"id": [f"W{number}" for number in range(count)]},
        geometry=gpd.points_from_xy(rng.uniform(83.95, 84.05, count), rng.uniform(45.95, 46.05, count)),
        crs="EPSG:4490",
    )


def test_k_nearest_and_all_within_are_the_sorted_distances_to_each_feature():
    plots, wells = blobs(9), wells_around(14)
    singly = [tuban.nearest(plots, wells.iloc[[number]])["distance_m"] for number in range(len(wells))]
    every = np.array(singly).T  # plots × wells
    near = tuban.k_nearest(plots, wells, 3).to_pandas()
    assert list(near["plot_id"]) == [plot for plot in plots["plot_id"] for _ in range(3)]
    assert np.array_equal(near["distance_m"].to_numpy().reshape(-1, 3), np.sort(every, axis=1)[:, :3])
    assert list(near["target_id"]) == [f"W{number}" for row in every for number in np.argsort(row, kind="stable")[:3]]
    limit_m = float(np.median(every))
    inside = tuban.all_within(plots, wells, limit_m).to_pandas()
    assert len(inside) == (every <= limit_m).sum()
    assert (inside["distance_m"] <= limit_m).all() and (inside["error_m"] < 1e-3).all()
    assert list(inside["target_id"]) == [
        f"W{number}" for row in every for number in np.argsort(row, kind="stable") if row[number] <= limit_m
    ]
    assert inside["borderline"].sum() == (np.abs(inside["distance_m"] - limit_m) <= inside["error_m"]).sum()


def test_less_than_one_nearest_feature_is_refused():
    for count in (0, -3):
        with pytest.raises(tuban.Error, match=str(count)):
            tuban.k_nearest(blobs(1), wells_around(1), count)


def test_a_plot_on_a_line_is_at_no_distance():
    plots = blobs(1)
    centre = plots.geometry[0].representative_point()
    road = gpd.GeoDataFrame(
        geometry=[shapely.LineString([(centre.x - 0.1, centre.y), (centre.x + 0.1, centre.y)])], crs="EPSG:4490"
    )
    assert tuban.nearest(plots, road)["distance_m"][0] == 0.0


def test_nothing_in_range_is_null():
    found = tuban.nearest(blobs(2), gpd.GeoDataFrame(geometry=gpd.points_from_xy([90.0], [46.0]), crs="EPSG:4490"), max_range_m=1000)
    assert np.isnan(found["distance_m"]).all()
    assert found["target_id"] == [None, None]


def test_share_within_is_that_of_a_dense_reference():
    plots = blobs(6, radius_m=400.0, spread_deg=0.002)
    road = shapely.LineString([(84.0, 45.9), (84.0, 46.1)])  # a meridian: straight in the plane round a point of it
    shares = tuban.share_within(plots, gpd.GeoDataFrame(geometry=[road], crs="EPSG:4490"), 120)
    plane = around(84.0, 46.0)
    band = shapely.box(-120, -12000, 120, 12000)
    for shape, share in zip(plots.geometry, shares):
        flat = in_plane(densified(shape, 1.0), plane)
        assert abs(share - flat.intersection(band).area / flat.area) < 2e-6
    assert 0.01 < shares.min() and shares.max() < 0.99


def test_measure_gives_columns_units_and_keeps_the_order():
    plots = blobs(8).iloc[::-1]
    road = gpd.GeoDataFrame({"name": ["S201"]}, geometry=[shapely.LineString([(84, 45.9), (84, 46.1)])], crs="EPSG:4490")
    table = tuban.measure(plots, layers={"road": road})
    assert table["plot_id"] == list(plots["plot_id"])
    assert table.unit("road_distance_m") == "m"
    assert np.array_equal(table["road_distance_m"], tuban.nearest(plots, road)["distance_m"])
    assert np.allclose(table["area_m2"], tuban.area(plots), atol=0.005001, rtol=0)
    assert np.array_equal(table["area_ha"], table["area_m2"] / 10000)


def test_results_do_not_depend_on_threads():
    plots = blobs(40)
    road = gpd.GeoDataFrame(geometry=[shapely.LineString([(84, 45.9), (84.01, 46.1)])], crs="EPSG:4490")
    one, two = (tuban.nearest(plots, road, threads=n).to_pandas() for n in (1, 2))
    assert one.equals(two)
