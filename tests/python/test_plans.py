"""The whole chain on the demo project of Toli (made-up data), at once and step by step."""

import shutil
import sqlite3

import numpy as np
import pandas as pd
import pytest
import tuban
from conftest import TOLI

PLOTS = [13, 12, 3]
AREA_M2 = [767378.00, 657000.00, 688600.00]


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    return tuban.run(TOLI / "toli.yaml", out=tmp_path_factory.mktemp("run") / "out")


def per_period(plan):
    parts = plan.assignments.to_pandas()
    assert set(parts["share_pct"]) == {100}
    grouped = parts.groupby("period")
    return list(grouped.size()), [round(area, 2) for area in grouped["area_m2"].sum()], int(parts["cost_yuan"].sum())


def test_a_run_gives_the_plan_of_the_project(run):
    assert run.plan.status == "optimal"
    assert run.plan.gap == 0
    assert run.plan.periods == ["2023", "2024", "2025"]
    assert per_period(run.plan) == (PLOTS, AREA_M2, 46_477_500)
    assert sorted(name.rsplit("/", 1)[1] for name in run.files) == ["plan.gpkg", "plan.xlsx", "report.html", "run.json"]


def test_the_geopackage_of_a_run_holds_the_same_plan(run):
    (file,) = [name for name in run.files if name.endswith(".gpkg")]
    with sqlite3.connect(file) as db:
        rows = db.execute("SELECT plot_id, period FROM plots WHERE period IS NOT NULL").fetchall()
    parts = run.plan.assignments
    assert sorted(rows) == sorted(zip(parts["plot_id"], parts["period"]))
    assert tuban.verify(file)["holds"] is True
    assert tuban.explain(file, rows[0][0]) == run.plan.explain(rows[0][0])


def requirements():
    return [
        tuban.at_most("cost_wan_yuan", 1700, in_period=2023, id="money-2023"),
        tuban.at_most("cost_wan_yuan", 1460, in_period=2024, id="money-2024"),
        tuban.at_most("cost_wan_yuan", 1520, in_period=2025, id="money-2025"),
        tuban.not_before(2025, where="area_ha > 15", id="survey"),
        tuban.at_least("area_ha", 195.45, id="target"),
    ]


PREFERENCES = [tuban.earliest("score"), tuban.together("cluster_id"), tuban.least("cost_yuan")]


def test_the_steps_one_by_one_give_the_plan_of_the_run(run):
    table = tuban.run(TOLI / "toli.yaml", out=None, until="measure").table
    ranking = tuban.rank(table, rules=TOLI / "toli.yaml")
    assert ranking.order == run.ranking.order
    plan = tuban.schedule(table, ranking, [2023, 2024, 2025], requirements(), PREFERENCES)
    assert plan.status == "optimal"
    assert plan.assignments.to_pandas().equals(run.plan.assignments.to_pandas())
    checked = plan.verify()
    assert checked["holds"] is True and checked["requirements"] >= 5 and checked["findings"] == []
    explained = plan.explain(ranking.order[0])
    assert explained["plot_id"] == ranking.order[0] and explained["rank"] == 1


def test_a_plan_is_written_over_nothing_but_a_plan(run, tmp_path):
    file = tmp_path / "plan.gpkg"
    run.plan.write(file)
    first = file.read_bytes()
    run.plan.write(file)
    assert file.read_bytes() == first
    foreign = [tmp_path / "context.gpkg", tmp_path / "notes.gpkg"]
    shutil.copy(TOLI / "context.gpkg", foreign[0])
    foreign[1].write_text("mine")
    for other in [*foreign, TOLI / "context.gpkg", TOLI / "plots.dbf"]:  # the last two were read by the run
        before = other.read_bytes()
        with pytest.raises(tuban.Error) as caught:
            run.plan.write(other)
        assert caught.value.code == 8 and caught.value.file == str(other)
        assert other.read_bytes() == before


def test_a_plan_is_not_written_over_the_plan_it_was_made_from(run, tmp_path):
    earlier = tmp_path / "plan.gpkg"
    run.plan.write(earlier)
    project = tmp_path / "again.yaml"
    project.write_text("tuban: 1\nname: x\nplots: {file: plan.gpkg, layer: plots, fields: {id: plot_id}}\nschedule: {periods: [2025]}\n", encoding="utf-8")
    again = tuban.run(project, out=None)
    before = earlier.read_bytes()
    with pytest.raises(tuban.Error) as caught:
        again.plan.write(earlier)
    assert caught.value.code == 8 and earlier.read_bytes() == before


def test_frames_of_other_readers_give_the_same_plan(run):
    import geopandas as gpd

    costs = pd.read_excel(TOLI / "台账.xlsx", sheet_name="图斑", dtype={"TBBH": str})
    plots = gpd.read_file(TOLI / "plots.shp").merge(costs[["TBBH", "投资"]], on="TBBH", validate="one_to_one")
    plots["cost_yuan"] = (plots["投资"] * 10_000).round().astype("int64")
    roads = gpd.read_file(TOLI / "context.gpkg", layer="roads").query("grade != '小路'")
    layers = {
        "road": roads,
        "settlement": gpd.read_file(TOLI / "context.gpkg", layer="settlements"),
    }
    table = tuban.measure(plots, layers=layers, elevation=TOLI / "dem.tif")
    mine, theirs = table.to_pandas(), run.table.to_pandas()
    assert list(mine["plot_id"]) == list(theirs["plot_id"])
    assert np.array_equal(mine["area_m2"], theirs["area_m2"])
    for column in ("road_distance_m", "settlement_distance_m", "elevation_range_m", "pit_depth_max_m"):
        assert np.abs(mine[column] - theirs[column]).max() < 1e-3, column
    assert list(mine["cost_yuan"]) == list(theirs["cost_yuan"])


def test_contributions_add_up_to_the_score(run):
    scores = dict(zip(run.table["plot_id"], run.table["score"]))
    for plot in run.ranking.order:
        assert sum(run.ranking.contributions(plot).values()) == pytest.approx(scores[plot], abs=1e-6)
        assert run.ranking.reason(plot)


def test_rules_may_be_written_in_python():
    table = pd.DataFrame({"plot_id": ["a", "b", "c"], "area_m2": [1.0, 2.0, 3.0], "road_distance_m": [900.0, 100.0, None]})
    ranking = tuban.rank(
        table,
        {
            "gates": [{"id": "large", "when": "area_m2 > 1"}],
            "points": [{"id": "near", "of": "road_distance_m", "curve": [(0, 10), (1000, 0)]}],
        },
    )
    assert ranking.order == ["b", "c"]
    assert ranking.contributions("b") == {"near": 9.0}
    assert any(issue["plot_id"] == "c" for issue in ranking.issues)  # a missing value gives no points, and says so


def test_an_infeasible_plan_is_a_status_with_its_conflict():
    table = pd.DataFrame({"plot_id": ["a", "b"], "area_m2": [10_000.0, 20_000.0], "cost_yuan": [10, 20]})
    ranking = tuban.rank(table)
    plan = tuban.schedule(table, ranking, [2025], [tuban.at_least("area_ha", 3.5, id="target")])
    assert plan.status == "infeasible"
    assert plan.conflicts[0]["id"] == "target"
    assert plan.conflicts[0]["shortfall"] == pytest.approx(0.5)
    assert len(plan.assignments) == 0


def test_every_helper_is_obeyed():
    table = pd.DataFrame(
        {
            "plot_id": list("abcdef"),
            "area_m2": [10_000.0] * 6,
            "cost_yuan": [1, 2, 3, 4, 5, 6],
            "mine_id": ["m", "m", "n", "n", "o", "o"],
        }
    )
    plan = tuban.schedule(
        table,
        tuban.rank(table),
        [{"name": "2022—2023年", "years": [2022, 2023]}, 2024],
        [
            tuban.complete_by(2024),
            tuban.equal("area_ha", 4, within=0.5, in_period=2024),
            tuban.pin(["f"], "2022—2023年"),
            tuban.keep_together("mine_id"),
            tuban.at_most("plots", 3, by="2022—2023年"),
        ],
        [tuban.least("cost_yuan")],
    )
    assert plan.status == "optimal"
    periods = dict(zip(plan.assignments["plot_id"], plan.assignments["period"]))
    assert periods == {"a": "2024", "b": "2024", "c": "2024", "d": "2024", "e": "2022—2023年", "f": "2022—2023年"}
