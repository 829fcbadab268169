"""SedonaDB in memory, one thread: ST_DWithin as a join."""
import os

os.environ["TOKIO_WORKER_THREADS"] = "1"  # before the library starts its threads

import sedonadb  # noqa: E402

from dialogue import by_growing_range, groups, serve, shares  # noqa: E402


class Sedona:
    version = f"SedonaDB {sedonadb.__version__}"

    def __init__(self):
        self.session = sedonadb.connect()
        self.session.sql("SET datafusion.execution.target_partitions = 1").execute()

    def load(self, folder):
        for name in ("plots", "layer"):
            self.session.read_pyogrio(f"{folder}/{name}_plane.gpkg").to_memtable().to_view(name, overwrite=True)
        self.take(int(self.query("SELECT count(*) AS n FROM plots")["n"][0]))

    def take(self, count):
        self.count = count
        self.session.sql(f"SELECT * FROM plots WHERE number < {count}").to_memtable().to_view("taken", overwrite=True)

    def table(self, words):
        return self.session.sql(words).to_arrow_table()

    def query(self, words):
        table = self.table(words)
        return {name: table[name].to_numpy() for name in table.column_names}

    def view(self, name, table):
        self.session.create_data_frame(table).to_view(name, overwrite=True)

    def nearest(self):
        """ST_KNN as a join takes three times as long."""
        self.view("open", self.table("SELECT * FROM taken"))
        return by_growing_range(self.count, self.search)

    def search(self, reach_m):
        found = self.table(f"""
            SELECT p.number AS number, min(ST_Distance(p.geom, l.geom)) AS m
            FROM open p JOIN layer l ON ST_DWithin(p.geom, l.geom, {reach_m}) GROUP BY p.number""")
        self.view("found", found)
        self.view("open", self.table("SELECT o.* FROM open o LEFT ANTI JOIN found f ON o.number = f.number"))
        return found["number"].to_numpy(), found["m"].to_numpy()

    def share(self, within_m):
        found = self.query(f"""
            SELECT p.number AS number, ST_Area(ST_Intersection(first_value(p.geom), ST_Union_Agg(ST_Buffer(l.geom, {within_m})))) AS part
            FROM taken p JOIN layer l ON ST_DWithin(p.geom, l.geom, {within_m}) GROUP BY p.number""")
        areas = self.query("SELECT number, ST_Area(geom) AS whole FROM taken")
        return shares(self.count, (found["number"], found["part"]), (areas["number"], areas["whole"]))

    def clusters(self, within_m):
        pairs = self.query(f"""
            SELECT a.number AS a, b.number AS b FROM taken a JOIN taken b ON ST_DWithin(a.geom, b.geom, {within_m})
            WHERE a.number < b.number""")
        return groups(self.count, pairs["a"], pairs["b"])


serve(Sedona())
