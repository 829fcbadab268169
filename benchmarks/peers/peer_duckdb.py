"""DuckDB spatial in memory, one thread. Its joins search boxes that are asked for; ST_DWithin as a join's condition is slower."""
import importlib.util
from pathlib import Path

import duckdb

from dialogue import by_growing_range, groups, serve, shares


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
        self.session.execute("CREATE OR REPLACE TEMP TABLE open AS SELECT * FROM taken")
        return by_growing_range(self.count, self.search)

    def search(self, reach_m):
        self.session.execute(f"""
            CREATE OR REPLACE TEMP TABLE found AS SELECT p.number, min(ST_Distance(p.geom, l.geom)) AS m
            FROM (SELECT *, ST_Expand(ST_Envelope(geom), {reach_m}) AS box FROM open) p JOIN layer l ON ST_Intersects(p.box, l.geom)
            GROUP BY 1 HAVING m <= {reach_m}""")
        self.session.execute("CREATE OR REPLACE TEMP TABLE open AS SELECT * FROM open WHERE number NOT IN (SELECT number FROM found)")
        found = self.query("SELECT * FROM found")
        return found["number"], found["m"]

    def share(self, within_m):
        found = self.query(f"""
            SELECT p.number, ST_Area(ST_Intersection(any_value(p.geom), ST_Union_Agg(ST_Buffer(l.geom, {within_m})))) AS part
            FROM (SELECT *, ST_Expand(ST_Envelope(geom), {within_m}) AS box FROM taken) p JOIN layer l ON ST_Intersects(p.box, l.geom)
            GROUP BY 1""")
        areas = self.query("SELECT number, ST_Area(geom) AS whole FROM taken")
        return shares(self.count, (found["number"], found["part"]), (areas["number"], areas["whole"]))

    def clusters(self, within_m):
        """All pairs both ways: any condition on the numbers in the query makes its join one of numbers, not of boxes."""
        pairs = self.query(f"""
            SELECT a, b FROM (
                SELECT a.number AS a, b.number AS b, ST_Distance(a.geom, b.geom) AS m
                FROM (SELECT *, ST_Expand(ST_Envelope(geom), {within_m}) AS box FROM taken) a JOIN taken b ON ST_Intersects(a.box, b.geom))
            WHERE m <= {within_m}""")
        return groups(self.count, pairs["a"], pairs["b"])


serve(Duckdb())
