"""PostGIS in the database that run started: planar geometry, or geography (on the spheroid, from longitude and latitude).

Usage: TUBAN_PEERS_DATABASE=CONNECTION peer_postgis.py geometry|geography
"""
import os
import sys

import geopandas
import numpy
import psycopg
import shapely

from dialogue import NotOffered, by_row, groups, serve


class Postgis:
    def __init__(self, kind, connection):
        self.kind = kind
        self.session = psycopg.connect(connection, autocommit=True)
        self.session.execute("CREATE EXTENSION IF NOT EXISTS postgis SCHEMA public")
        self.session.execute("SET max_parallel_workers_per_gather = 0; SET jit = off; SET work_mem = '256MB'")
        self.session.execute(f"CREATE SCHEMA IF NOT EXISTS {kind}; SET search_path = {kind}, public")
        self.version = f"PostGIS {self.one('SELECT PostGIS_Lib_Version()')} {kind} (PostgreSQL {self.one('SHOW server_version').split()[0]})"

    def one(self, words):
        return self.session.execute(words).fetchone()[0]

    @property
    def helper(self):
        return self.session.info.backend_pid

    def load(self, folder):
        """Both tables with their spatial index, as any user has them: making it counts as reading."""
        files = ("plots_plane", "layer_plane") if self.kind == "geometry" else ("plots", "layer")
        for name, file in zip(("plots", "layer"), files):
            self.copy(name, geopandas.read_file(f"{folder}/{file}.gpkg"))
        self.take(self.one("SELECT count(*) FROM plots"))

    def copy(self, name, frame):
        shapes = shapely.to_wkb(shapely.set_srid(frame.geometry.to_numpy(), frame.crs.to_epsg() or 0), hex=True, include_srid=True)
        self.session.execute(f"DROP TABLE IF EXISTS {name}; CREATE UNLOGGED TABLE {name} (number int PRIMARY KEY, geom {self.kind})")
        with self.session.cursor().copy(f"COPY {name} FROM STDIN") as rows:
            for number, shape in zip(frame["number"], shapes):
                rows.write_row((number, shape))
        self.session.execute(f"CREATE INDEX ON {name} USING gist (geom)")
        self.session.execute(f"VACUUM ANALYZE {name}")

    def take(self, count):
        self.count = count

    def query(self, words):
        """The two columns of a result."""
        with self.session.cursor(binary=True) as cursor:
            cursor.execute(words)
            return numpy.array(cursor.fetchall(), dtype=float).reshape(-1, 2).T

    def nearest(self):
        row, distance = self.query(f"""
            SELECT p.number, ST_Distance(p.geom, n.geom) FROM plots p
            CROSS JOIN LATERAL (SELECT l.geom FROM layer l ORDER BY l.geom <-> p.geom LIMIT 1) n WHERE p.number < {self.count}""")
        return by_row(self.count, row, distance)

    def share(self, within_m):
        if self.kind == "geography":
            raise NotOffered("buffers and unions of geography go through a plane")
        row, part = self.query(f"""
            SELECT p.number, ST_Area(ST_Intersection(p.geom, ST_Union(ST_Buffer(l.geom, {within_m})))) / ST_Area(p.geom)
            FROM plots p JOIN layer l ON ST_DWithin(p.geom, l.geom, {within_m}) WHERE p.number < {self.count}
            GROUP BY p.number, p.geom""")
        return numpy.nan_to_num(by_row(self.count, row, part))

    def clusters(self, within_m):
        if self.kind == "geometry":
            row, group = self.query(f"""
                SELECT number, ST_ClusterDBSCAN(geom, eps := {within_m}, minpoints := 1) OVER () FROM plots WHERE number < {self.count}""")
            return by_row(self.count, row, group)
        # ST_DWithin of geography says yes of some polygons that are a kilometre apart (3.3): ST_Distance has the last word.
        first, second = self.query(f"""
            SELECT a.number, b.number FROM plots a JOIN plots b ON ST_DWithin(a.geom, b.geom, {within_m})
            WHERE a.number < b.number AND b.number < {self.count} AND ST_Distance(a.geom, b.geom) <= {within_m}""").astype(int)
        return groups(self.count, first, second)


peer = Postgis(sys.argv[1], os.environ["TUBAN_PEERS_DATABASE"])
serve(peer, peer.helper)
