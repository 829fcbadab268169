"""Errors, progress and Ctrl-C."""

import os
import pathlib
import signal
import subprocess
import sys
import textwrap
import threading
import time

import geopandas as gpd
import pytest
import shapely
import tuban
from conftest import TOLI
from shapes import blobs


def large_plots(count=4000):
    """Plots so long that measuring them takes several seconds."""
    boxes = [shapely.box(84 + i * 1e-5, 44, 86 + i * 1e-5, 46) for i in range(count)]
    return gpd.GeoDataFrame({"plot_id": [f"{i:05}" for i in range(count)]}, geometry=boxes, crs="EPSG:4490").to_crs(4516)


def test_a_broken_project_names_file_line_and_column(tmp_path):
    project = tmp_path / "p.yaml"
    project.write_text("tuban: 1\nname: x\nplots: {file: a.shp}\nrnak: {}\n", encoding="utf-8")
    with pytest.raises(tuban.RuleError) as caught:
        tuban.run(project, out=None)
    error = caught.value
    assert (error.code, error.name) == (4, "invalid_project")
    assert (error.file, error.line, error.column) == (str(project), 4, 1)
    assert "rank" in error.en and "rank" in error.zh


def test_a_broken_condition_is_a_rule_error():
    with pytest.raises(tuban.RuleError, match="area_m2"):
        tuban.rank(tuban.measure(blobs(2)), {"gates": [{"id": "g", "when": "aera_m2 > 1"}]})


def test_unknown_things_are_named():
    plots = blobs(2)
    with pytest.raises(tuban.DataError) as missing:
        tuban.read("no/such/file.shp")
    assert missing.value.code == 3
    with pytest.raises(tuban.Error, match="geodesic"):
        tuban.area(plots, method="karney")
    with pytest.raises(tuban.Error, match="plot_id"):
        tuban.read(plots)["plot_di"]
    with pytest.raises(tuban.Error, match="int"):
        tuban.area(7)
    with pytest.raises(tuban.RuleError, match="2026"):
        tuban.schedule(plots, tuban.rank(tuban.measure(plots)), [2025], [tuban.at_least("plots", 1, in_period=2026)])
    with pytest.raises(tuban.DataError, match="toli-hazard-first"):
        tuban.rank(tuban.measure(plots), rules="toli-hazard-frist")


def test_a_refused_datum_is_a_data_error():
    with pytest.raises(tuban.DataError):
        tuban.area(blobs(2).to_crs("EPSG:4516").set_crs("EPSG:2334", allow_override=True))  # Xian 80


def test_repeated_ids_are_a_data_error():
    plots = blobs(3)
    plots["plot_id"] = ["a", "b", "a"]
    with pytest.raises(tuban.DataError, match="a"):
        tuban.area(plots)


def test_messages_follow_the_language_of_the_environment():
    program = "import tuban\ntry:\n    tuban.area(7)\nexcept tuban.Error as e:\n    print(e)\n"
    said = {
        language: subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "LC_ALL": language, "PYTHONUTF8": "1"},
            capture_output=True,
            check=True,
        ).stdout.decode()
        for language in ("zh_CN.UTF-8", "C.UTF-8")
    }
    assert "读不了" in said["zh_CN.UTF-8"]
    assert "cannot read" in said["C.UTF-8"]


def test_progress_runs_to_the_end_and_may_stop_the_call():
    seen = []
    tuban.measure(blobs(30), progress=lambda complete, what: seen.append(complete))
    assert seen and all(0 <= complete <= 1 for complete in seen)
    start = time.monotonic()
    with pytest.raises(tuban.Cancelled):
        tuban.area(large_plots(), progress=lambda complete, what: False)
    assert time.monotonic() - start < 5


def test_a_failure_in_the_callback_comes_out_of_the_call():
    def fail(complete, what):
        raise LookupError("mine")

    with pytest.raises(LookupError, match="mine"):
        tuban.area(large_plots(), progress=fail)


def test_other_threads_run_during_a_long_call():
    ticks = []
    done = threading.Event()

    def tick():
        while not done.wait(0.01):
            ticks.append(time.monotonic())

    plots = tuban.read(large_plots(1000))
    ticker = threading.Thread(target=tick)
    ticker.start()
    start = time.monotonic()
    tuban.area(plots)
    end = time.monotonic()
    done.set()
    ticker.join()
    during = [tick for tick in ticks if start < tick < end]
    assert end - start > 0.3, "too short to tell"
    assert len(during) > (end - start) / 0.1


def test_ctrl_c_stops_a_long_call():
    # The child tells when a third is done, so the signal surely comes in the middle of the call, and how long the rest takes
    # is judged by its own pace: both hold on a busy machine too.
    program = textwrap.dedent(
        """
        import sys, time, tuban
        sys.path.insert(0, sys.argv[1])
        from test_failures import large_plots
        plots = tuban.read(large_plots(3000))

        def measured(tell):
            start = time.monotonic()
            third = []

            def progress(share, message):
                if share >= 0.33 and not third:
                    third.append(time.monotonic() - start)
                    tell(third[0])

            tuban.area(plots, progress=progress)
            return third[0], time.monotonic() - start

        third, whole = measured(lambda seconds: None)
        try:
            measured(lambda seconds: print(seconds * (whole - third) / third, flush=True))
            print("finished", flush=True)
        finally:
            print(time.monotonic(), flush=True)
        """
    )
    child = subprocess.Popen(
        [sys.executable, "-c", program, str(pathlib.Path(__file__).parent)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    rest_s = float(child.stdout.readline())
    sent = time.monotonic()  # one clock for all processes
    child.send_signal(signal.SIGINT)
    out, err = child.communicate(timeout=300)
    assert "KeyboardInterrupt" in err and "finished" not in out
    took_s = float(out.split()[-1]) - sent
    assert took_s < 0.5 * rest_s, "it went on"


def test_the_measuring_part_loads_no_gdal():
    program = textwrap.dedent(
        """
        import tuban
        maps = open("/proc/self/maps").read()
        assert "libtuban.so" in maps
        assert "libgdal" not in maps, "GDAL is loaded"
        tuban.check(%r)
        assert "libgdal" in open("/proc/self/maps").read()
        """
        % str(TOLI / "plots.shp")
    )
    subprocess.run([sys.executable, "-c", program], check=True)


def test_check_says_what_the_command_says_and_writes_what_it_writes(tmp_path):
    plots = str(TOLI / "plots.shp")
    found = tuban.check(plots, fix=tmp_path / "fixed.gpkg", page=tmp_path / "page.html", lang="en")
    assert found["rows"] == found["usable"] == 28
    assert [area["column"] for area in found["areas"]] == ["TBTYMJ"]
    assert len(tuban.read(tmp_path / "fixed.gpkg")) == 28
    assert "<html lang=\"en\"" in (tmp_path / "page.html").read_text(encoding="utf-8")
    contradicted = tuban.check(plots, crs="EPSG:4490")  # metres are no degrees
    assert "crs_contradicted" in [issue["code"] for issue in contradicted["issues"]]
    assert contradicted["usable"] == 0
    with pytest.raises(tuban.Error, match="yx"):
        tuban.check(plots, axes="north")


def test_the_module_comes_with_its_types():
    folder = pathlib.Path(tuban.__file__).parent
    for name in ("py.typed", "_tuban.pyi", "_tuban_io.pyi"):
        assert (folder / name).exists(), name
    assert "def area(" in (folder / "_tuban.pyi").read_text()
    for name in tuban.__all__:
        assert getattr(tuban, name).__doc__, name
