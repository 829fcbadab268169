"""DuckDB spatial in memory, one thread. Its joins search boxes that are asked for; ST_DWithin as a join's condition is slower."""
import importlib.util
from pathlib import Path

import duckdb

from dialogue import by_row, groups, serve

FIRST_RANGE_M = 500.0
LAST_RANGE_M = 500_000.0


def connect():
    session = duckdb.connect(config={"allow_unsigned_extensions": True, "threads": 1})
    folder = Path(importlib.util.find_spec("duckdb_extension_spatial").submodule_search_locations[0])
    session.execute(f"LOAD '{next(folder.rglob('spatial.duckdb_extension'))}'")
    return session


class Duckdb:
    version = f"DuckDB spatial {duckdb.__version__}"

    def __init__(self):
        self.session = connect()

    def load(self, folder):
        for name in ("plots", "layer"):
            self.session.execute(
                f"CREATE OR REPLACE TABLE {name} AS SELECT number, geom FROM ST_Read('{folder}/{name}_plane.gpkg')")
        self.take(self.session.execute("SELECT count(*) FROM plots").fetchone()[0])

    def take(self, count):
        self.count = count
        self.session.execute(f"CREATE OR REPLACE TABLE taken AS SELECT * FROM plots WHERE number < {count}")

    def query(self, words):
        return self.session.execute(words).fetchnumpy()

    def nearest(self):
        """Boxes grown by a range; what lies farther than it is searched again with four times as much."""
        answer = by_row(self.count, [], [])
        self.session.execute("CREATE OR REPLACE TEMP TABLE open AS SELECT * FROM taken")
        reach = FIRST_RANGE_M
        while reach < LAST_RANGE_M:
            found = self.query(f"""
                SELECT p.number, min(ST_Distance(p.geom, l.geom)) AS m
                FROM (SELECT *, ST_Expand(ST_Envelope(geom), {reach}) AS box FROM open) p JOIN layer l ON ST_Intersects(p.box, l.geom)
                GROUP BY 1 HAVING m <= {reach}""")
            answer[found["number"]] = found["m"]
            missing = self.count_open(answer)
            if not missing:
                break
            reach *= 4
        return answer

    def count_open(self, answer):
        """Leaves in the table only the plots without an answer."""
        rows = [int(row) for row in (answer != answer).nonzero()[0]]
        self.session.execute("CREATE OR REPLACE TEMP TABLE open AS SELECT * FROM taken WHERE list_contains(?, number)", [rows])
        return len(rows)

    def share(self, within_m):
        found = self.query(f"""
            SELECT p.number, ST_Area(ST_Intersection(any_value(p.geom), ST_Union_Agg(ST_Buffer(l.geom, {within_m})))) AS part
            FROM (SELECT *, ST_Expand(ST_Envelope(geom), {within_m}) AS box FROM taken) p JOIN layer l ON ST_Intersects(p.box, l.geom)
            GROUP BY 1""")
        areas = self.query("SELECT number, ST_Area(geom) AS whole FROM taken")
        parts = by_row(self.count, range(self.count), 0.0)
        parts[found["number"]] = found["part"]
        return parts / by_row(self.count, areas["number"], areas["whole"])

    def clusters(self, within_m):
        pairs = self.query(f"""
            SELECT a.number AS a, b.number AS b
            FROM (SELECT *, ST_Expand(ST_Envelope(geom), {within_m}) AS box FROM taken) a JOIN taken b ON ST_Intersects(a.box, b.geom)
            WHERE a.number < b.number AND ST_Distance(a.geom, b.geom) <= {within_m}""")
        return groups(self.count, pairs["a"], pairs["b"])


serve(Duckdb())
