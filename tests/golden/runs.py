"""Whole runs of both demo projects: the figures by other tools, the same bytes, OUT whole or untouched.

Usage: runs.py PROGRAM ROOT
"""
import json
import random
import re
import resource
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

import openpyxl

from program import PROGRAM, ROOT, accepted, check, edit, finish, hashes, project_copy, rows, tuban

# Areas in 0.01 m² and money in yuan, from the plan of the county and the table of the demo project.
TOLI = [("2023", 13, 76_737_800, 16_892_000), ("2024", 12, 65_700_000, 14_493_000), ("2025", 3, 68_860_000, 15_092_500)]


def periods(out):
    return [(p, n, round(a * 100), c) for p, n, a, c in
            rows(out / "plan.gpkg", "SELECT period, plots, area_m2, cost_yuan FROM periods ORDER BY first_year")]


def cells(sheet):
    return [c.value for row in sheet.iter_rows() for c in row if c.value is not None]


def toli(folder):
    out = folder / "toli"
    done = tuban("run", ROOT / "data/toli/toli.yaml", "-o", out)
    check(done.returncode == 0, f"toli runs: {done.returncode} {done.stderr}")
    check(periods(out) == TOLI, f"toli's periods are {periods(out)}")
    total = rows(out / "plan.gpkg", "SELECT count(*), sum(area_m2), sum(cost_yuan) FROM assignments")[0]
    check((total[0], round(total[1] * 100), total[2]) == (28, 211_297_800, 46_477_500), f"toli's total is {total}")
    numbers = cells(openpyxl.load_workbook(out / "plan.xlsx", data_only=True)["任务分解表"])
    for wanted in (76.7378, 65.7, 68.86, 211.2978, 195.45, 4647.75):
        check(wanted in numbers, f"任务分解表 of toli does not show {wanted}: {numbers}")
    run = json.loads((out / "run.json").read_text(encoding="utf-8"))
    check(run["status"] == "optimal" and run["gap"] == 0, f"toli is {run['status']}, gap {run['gap']}")
    check(accepted(out) in (None, True), "toli passes the outside checker")
    check(tuban("verify", out / "plan.gpkg").returncode == 0, "toli's plan holds when checked again")
    return out


def youhao(folder):
    out = folder / "youhao"
    done = tuban("run", ROOT / "data/youhao/youhao.yaml", "-o", out)
    check(done.returncode == 0, f"youhao runs: {done.returncode} {done.stderr}")
    areas = [p[2] for p in periods(out)]
    check(areas[0] == 5_700_000 and abs(areas[1] - 18_850_000) <= 5_000, f"youhao's areas are {areas}")
    unfinished = rows(out / "plan.gpkg", "SELECT count(*) FROM plots WHERE planned_share < 1 OR planned_share IS NULL")
    check(unfinished == [(0,)], "every plot of youhao is finished")
    mines, plots = rows(out / "plan.gpkg", "SELECT count(DISTINCT mine_id), count(*) FROM plots")[0]
    check(mines == 9 and plots > 9, f"youhao has {mines} mines and {plots} plots")
    sheet = openpyxl.load_workbook(out / "plan.xlsx", data_only=True)["任务分解表"]
    for wanted in (5.7, 18.85, 24.55, "友好区", "计    划", "单位：公顷"):
        check(wanted in cells(sheet), f"任务分解表 of youhao does not show {wanted}: {cells(sheet)}")
    check(accepted(out) in (None, True), "youhao passes the outside checker")
    check(tuban("verify", out / "plan.gpkg").returncode == 0, "youhao's plan holds when checked again")


def same_bytes(folder, first):
    """One thread and many, another locale, language, time zone and place give the bytes of the first run."""
    locales = folder / "locales"
    locales.mkdir()
    made = subprocess.run(["localedef", "-i", "de_DE", "-f", "UTF-8", str(locales / "de_DE.UTF-8")], capture_output=True)
    check(made.returncode in (0, 1) and (locales / "de_DE.UTF-8").exists(), "a locale with a decimal comma can be made")
    german = {"LC_ALL": "de_DE.UTF-8", "LOCPATH": str(locales)}
    for name, words, env in (("one thread", ["--threads", "1"], {}), ("two threads", ["--threads", "2"], {}),
                             ("German locale, English words", ["--lang", "en"], german),
                             ("time zone", [], {"TZ": "America/St_Johns"})):
        out = folder / "again" / "deeper"
        done = tuban("run", ROOT / "data/toli/toli.yaml", "-o", out, *words, env=env, cwd=folder)
        check(done.returncode == 0 and hashes(out) == hashes(first), f"the same bytes: {name}")
        check(accepted(first, out) in (None, True), f"the outside checker sees the same bytes: {name}")
        shutil.rmtree(folder / "again")


def shuffled_rows(folder, first):
    """Rows of the input in another order give the same values per plot."""
    import geopandas
    project = project_copy("toli", folder / "shuffled")
    frame = geopandas.read_file(project / "plots.shp", encoding="GBK")
    for part in project.glob("plots.*"):
        part.unlink()
    frame.sample(frac=1, random_state=7).to_file(project / "plots.gpkg", layer="plots")
    edit(project / "toli.yaml", ("file: plots.shp", "file: plots.gpkg"))
    out = folder / "shuffled-out"
    done = tuban("run", project / "toli.yaml", "-o", out)
    check(done.returncode == 0, f"shuffled rows run: {done.stderr}")
    for sql in ("SELECT plot_id, area_m2, road_distance_m, cluster_id, score, rank, period, reason_zh FROM plots ORDER BY 1",
                "SELECT plot_id, period, share, area_m2, cost_yuan FROM assignments ORDER BY 1, 2"):
        check(rows(out / "plan.gpkg", sql) == rows(first / "plan.gpkg", sql), f"shuffled rows: {sql}")


def foreign_places(folder):
    """What is not ours is never replaced."""
    for name, prepare in (("a file", lambda p: p.write_text("mine")),
                          ("a foreign folder", lambda p: (p.mkdir(), (p / "thesis.doc").write_text("mine"))),
                          ("our folder with a guest", lambda p: (shutil.copytree(folder / "toli", p), (p / "notes.txt").write_text("mine"))),
                          ("a folder without run.json", lambda p: (p.mkdir(), (p / "plan.gpkg").write_text("mine")))):
        place = folder / "place"
        prepare(place)
        before = place.read_text() if place.is_file() else hashes(place)
        done = tuban("run", ROOT / "data/toli/toli.yaml", "-o", place)
        after = place.read_text() if place.is_file() else hashes(place)
        check(done.returncode == 8 and before == after, f"OUT is {name}: {done.returncode}")
        shutil.rmtree(place) if place.is_dir() else place.unlink()
    check(tuban("run", ROOT / "data/toli/toli.yaml", "-o", "/proc/out").returncode == 8, "OUT cannot be made")


def taken_places(folder):
    """Where OUT is taken, the refusal names a folder that works: the words after -o, used as they stand."""
    for name, prepare in (("other results", lambda p: shutil.copytree(folder / "toli", p / "toli")),
                          ("a guest", lambda p: (p.mkdir(), (p / "notes.txt").write_text("mine"))),
                          ("a guest at the place proposed first", lambda p: ((p / "toli").mkdir(parents=True), (p / "toli" / "notes.txt").write_text("mine"))),
                          ("a file", lambda p: p.write_text("mine"))):
        here = folder / "taken"
        here.mkdir()
        prepare(here / "out")
        place = None
        for language, replaced in (("zh", "替换那里以前的结果"), ("en", "replaces the earlier result there")):
            refused = tuban("run", ROOT / "data/toli/toli.yaml", "--lang", language, cwd=here)
            place = re.search(r"-o (out[-/\w]+)", refused.stderr)
            if not check(refused.returncode == 8 and place, f"out holds {name} ({language}): {refused.returncode} {refused.stderr}"):
                continue
            holds = (here / place.group(1)).exists()
            check((replaced in refused.stderr) == holds, f"out holds {name} ({language}): {refused.stderr}")
        if place:
            done = tuban("run", ROOT / "data/toli/toli.yaml", "-o", place.group(1), cwd=here)
            check(done.returncode == 0 and (here / place.group(1) / "plan.gpkg").exists(), f"out holds {name}: {done.stderr}")
        shutil.rmtree(here)


def full_disk(folder):
    """Every limit on the size of files leaves OUT as it was and nothing beside it."""
    out = folder / "toli"
    before = hashes(out)
    for kib in (1, 64, 200):
        done = tuban("run", ROOT / "data/toli/toli.yaml", "-o", out,
                     preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (kib * 1024, kib * 1024)))
        check(done.returncode == 8, f"files of at most {kib} KiB: exit {done.returncode} {done.stderr[-300:]}")
        check(hashes(out) == before, f"files of at most {kib} KiB: OUT is as it was")
    small = folder / "small"
    small.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", str(small)], capture_output=True).returncode != 0:
        print("not checked: a full file system (this machine does not let the test mount one)")
    else:
        done = tuban("run", ROOT / "data/toli/toli.yaml", "-o", small / "out")
        left = list(small.iterdir())
        subprocess.run(["umount", str(small)], check=True)
        check(done.returncode == 8 and not left, f"a full file system: exit {done.returncode}, left {left}")
    check(not list(folder.glob(".toli.tuban-*")), "nothing is left beside OUT")


def kills(folder):
    """A kill at any moment leaves the old OUT or the new one, and the next run clears away what it left."""
    out = folder / "toli"
    before = hashes(out)
    start = time.monotonic()
    tuban("run", ROOT / "data/toli/toli.yaml", "-o", out)
    whole = time.monotonic() - start
    moments = random.Random(11)
    for _ in range(12):
        run = subprocess.Popen([str(PROGRAM), "run", str(ROOT / "data/toli/toli.yaml"), "-o", str(out), "-q"],
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(moments.uniform(0, whole))
        run.kill()
        run.wait()
        check(hashes(out) == before and json.loads((out / "run.json").read_text())["status"] == "optimal",
              "OUT is whole after a kill")
    tuban("run", ROOT / "data/toli/toli.yaml", "-o", out)
    check(not list(folder.glob(".toli.tuban-*")), "the next run clears away what killed runs left")


def interrupts(folder):
    """Ctrl-C at any moment leaves OUT as it was."""
    out = folder / "toli"
    before = hashes(out)
    for delay in (0.02, 0.2, 0.4, 0.8):  # before main() libraries are still loaded: Ctrl-C ends that, and shells say 130 too
        run = subprocess.Popen([str(PROGRAM), "run", str(ROOT / "data/toli/toli.yaml"), "-o", str(out)],
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(delay)
        run.send_signal(signal.SIGINT)
        code = run.wait(timeout=30)
        check(code in (0, 130, -signal.SIGINT), f"Ctrl-C after {delay} s: exit {code}")
        check(hashes(out) == before, f"Ctrl-C after {delay} s: OUT is as it was")


def many_plots(folder):
    """A project whose run takes some seconds: 8000 plots of 60 corners; 合成数据."""
    import geopandas
    import numpy
    import shapely
    place, turn = numpy.arange(8000), numpy.linspace(0, 2 * numpy.pi, 60, endpoint=False)
    lon = 83 + 0.004 * (place % 200)[:, None] + 0.0015 * numpy.cos(turn)
    lat = 45 + 0.004 * (place // 200)[:, None] + 0.001 * numpy.sin(turn)
    frame = geopandas.GeoDataFrame({"TBBH": [f"CT{i:05d}" for i in place]}, geometry=shapely.polygons(numpy.stack([lon, lat], axis=-1)), crs="EPSG:4490")
    frame.to_file(folder / "many.gpkg", layer="plots")
    (folder / "many.yaml").write_text("tuban: 1\nname: 合成数据\nplots: {file: many.gpkg}\n", encoding="utf-8")
    return folder / "many.yaml"


def run_until(project, out, share=None, times=1):
    """Runs a project and sends Ctrl-C (so many times) once its progress has reached a share. Exit code, what was said, seconds from the start
    to each line of progress, seconds until Ctrl-C (or the end) and after it."""
    start = time.monotonic()
    run = subprocess.Popen([str(PROGRAM), "run", str(project), "-o", str(out), "--progress", "json", "-q", "--lang", "en"],
                           stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, encoding="utf-8")
    said, reached, sent = "", [], None
    for line in run.stderr:
        if not line.startswith("{"):
            said += line
            continue
        reached.append((json.loads(line)["complete"], time.monotonic() - start))
        if share is not None and sent is None and reached[-1][0] >= share:
            for _ in range(times):
                run.send_signal(signal.SIGINT)
                time.sleep(0.002 if times > 1 else 0)
            sent = time.monotonic()
    code, end = run.wait(), time.monotonic()
    return code, said, reached, (sent or end) - start, end - (sent or end)


def prompt_interrupts(folder):
    """Ctrl-C ends a run with 130 long before its rest would have been done, and by the library's own stop."""
    project, out = many_plots(folder), folder / "many-out"
    code, said, reached, whole, _ = run_until(project, out)
    check(code == 0, f"many plots run: exit {code}, {said}")
    before, stopped = hashes(out), 0
    for share in (0.1, 0.3, 0.57):  # reading, checking, measuring: by progress, so the moment is the same on a busy machine
        until = next(seconds for complete, seconds in reached if complete >= share)
        code, said, lines, elapsed, took = run_until(project, out, share)
        rest = elapsed * (whole - until) / until  # at the pace of this very run
        check(code == 130, f"Ctrl-C at {share}: exit {code}")
        check(took < 0.5 * rest, f"Ctrl-C at {share}: ended after {took:.2f} s, and the rest would have taken {rest:.2f} s")
        check(lines[-1][0] < 0.9, f"Ctrl-C at {share}: went on to {lines[-1][0]}")
        check(hashes(out) == before, f"Ctrl-C at {share}: OUT is as it was")
        stopped += "interrupted" in said
    # A library that does not stop within a second is left by an alarm, without a word: a very busy machine may see that once.
    check(stopped >= 2, f"only {stopped} of 3 runs stopped by themselves")
    for share, times in ((0.1, 2), (0.57, 2), (0.975, 2), (0.975, 1)):  # impatient ones, and while the page is written
        code, said, _, _, took = run_until(project, out, share, times)
        check(code == 130 or code == 0 and share > 0.9, f"{times} Ctrl-C at {share}: exit {code}, {said}")
        check(took < 5, f"{times} Ctrl-C at {share}: ended after {took:.2f} s")
        check(hashes(out) == before, f"{times} Ctrl-C at {share}: OUT is as it was")
        check(not list(folder.glob(".many-out.tuban-*")), f"{times} Ctrl-C at {share}: nothing is left beside OUT")


def progress(folder):
    """JSON lines for programs, nothing on a pipe."""
    out = folder / "progress"
    done = tuban("run", ROOT / "data/toli/toli.yaml", "-o", out, "--progress", "json", "-q")
    lines = [json.loads(line) for line in done.stderr.splitlines() if line.startswith("{")]
    check(len(lines) > 5 and all(0 <= line["complete"] <= 1 for line in lines), "progress comes as JSON lines")
    check(lines and all(a["complete"] <= b["complete"] + 1e-9 for a, b in zip(lines, lines[1:])), "progress never runs back")
    quiet = tuban("run", ROOT / "data/toli/toli.yaml", "-o", out)
    check("\r" not in quiet.stderr and "%" not in quiet.stderr, "no bar on a pipe")
    check("\x1b" not in quiet.stderr + quiet.stdout, "no colours on a pipe")


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        inputs = hashes(ROOT / "data")
        first = toli(folder)
        youhao(folder)
        same_bytes(folder, first)
        shuffled_rows(folder, first)
        foreign_places(folder)
        taken_places(folder)
        full_disk(folder)
        kills(folder)
        interrupts(folder)
        prompt_interrupts(folder)
        progress(folder)
        check(hashes(ROOT / "data") == inputs, "no input is touched and no file appears beside one")
    finish()


main()
