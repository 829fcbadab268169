"""Inverse Gauss-Krüger on CGCS2000 and the survey area (图斑椭球面积), written for the generator alone.

The transverse Mercator is Krüger's inverse series to the sixth order in the third flattening (Karney 2011, eq. 36),
good to about 5e-9 m within 3000 km of the central meridian. The area is the trapezoid series of
国土调查办发〔2008〕32号 with CGCS2000 constants, edges straight in the Gauss plane and cut at 70 m.
"""
from math import atan, atan2, atanh, ceil, cos, cosh, degrees, hypot, sin, sinh, sqrt

A_M = 6378137.0
FLATTENING = 1 / 298.257222101
B_M = A_M * (1 - FLATTENING)
E2 = FLATTENING * (2 - FLATTENING)
E = sqrt(E2)
N = FLATTENING / (2 - FLATTENING)
RECTIFYING_M = A_M / (1 + N) * (1 + N**2 / 4 + N**4 / 64 + N**6 / 256)

BETA = (
    N / 2 - 2 / 3 * N**2 + 37 / 96 * N**3 - 1 / 360 * N**4 - 81 / 512 * N**5 + 96199 / 604800 * N**6,
    1 / 48 * N**2 + 1 / 15 * N**3 - 437 / 1440 * N**4 + 46 / 105 * N**5 - 1118711 / 3870720 * N**6,
    17 / 480 * N**3 - 37 / 840 * N**4 - 209 / 4480 * N**5 + 5569 / 90720 * N**6,
    4397 / 161280 * N**4 - 11 / 504 * N**5 - 830251 / 7257600 * N**6,
    4583 / 161280 * N**5 - 108847 / 3991680 * N**6,
    20648693 / 638668800 * N**6,
)

MAX_PIECE_M = 70.0


class GaussKruger:
    """A 3-degree zone with the zone number in front of the easting, as EPSG:4513 to 4533."""

    def __init__(self, zone):
        self.zone = zone
        self.meridian_deg = 3.0 * zone
        self.false_easting_m = zone * 1e6 + 500000.0
        self.epsg = 4513 + zone - 25

    def inverse(self, easting_m, northing_m):
        """Longitude less the central meridian, and latitude, both in radians."""
        xi = northing_m / RECTIFYING_M
        eta = (easting_m - self.false_easting_m) / RECTIFYING_M
        xi_sphere, eta_sphere = xi, eta
        for j, beta in enumerate(BETA, start=1):
            xi_sphere -= beta * sin(2 * j * xi) * cosh(2 * j * eta)
            eta_sphere -= beta * cos(2 * j * xi) * sinh(2 * j * eta)
        tau_conformal = sin(xi_sphere) / hypot(sinh(eta_sphere), cos(xi_sphere))
        tau = tau_conformal / (1 - E2)
        for _ in range(6):
            sigma = sinh(E * atanh(E * tau / hypot(1, tau)))
            trial = tau * hypot(1, sigma) - sigma * hypot(1, tau)
            tau += ((tau_conformal - trial) / hypot(1, trial)
                    * (1 + (1 - E2) * tau * tau) / ((1 - E2) * hypot(1, tau)))
        return atan2(sinh(eta_sphere), cos(xi_sphere)), atan(tau)

    def lonlat_deg(self, easting_m, northing_m):
        d_lon, lat = self.inverse(easting_m, northing_m)
        return self.meridian_deg + degrees(d_lon), degrees(lat)

    @property
    def esri_name(self):
        return f"CGCS2000_3_Degree_GK_Zone_{self.zone}"

    @property
    def esri_wkt(self):
        return (
            f'PROJCS["{self.esri_name}",GEOGCS["GCS_China_Geodetic_Coordinate_System_2000",'
            'DATUM["D_China_2000",SPHEROID["CGCS2000",6378137.0,298.257222101]],'
            'PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]],PROJECTION["Gauss_Kruger"],'
            f'PARAMETER["False_Easting",{self.false_easting_m:.1f}],PARAMETER["False_Northing",0.0],'
            f'PARAMETER["Central_Meridian",{self.meridian_deg:.1f}],PARAMETER["Scale_Factor",1.0],'
            'PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]]'
        )

    @property
    def ogc_wkt(self):
        return (
            f'PROJCS["CGCS2000 / 3-degree Gauss-Kruger zone {self.zone}",'
            'GEOGCS["China Geodetic Coordinate System 2000",DATUM["China_2000",'
            'SPHEROID["CGCS2000",6378137,298.257222101,AUTHORITY["EPSG","1024"]],AUTHORITY["EPSG","1043"]],'
            'PRIMEM["Greenwich",0,AUTHORITY["EPSG","8901"]],'
            'UNIT["degree",0.0174532925199433,AUTHORITY["EPSG","9122"]],AUTHORITY["EPSG","4490"]],'
            'PROJECTION["Transverse_Mercator"],PARAMETER["latitude_of_origin",0],'
            f'PARAMETER["central_meridian",{self.meridian_deg:.0f}],PARAMETER["scale_factor",1],'
            f'PARAMETER["false_easting",{self.false_easting_m:.0f}],PARAMETER["false_northing",0],'
            f'UNIT["metre",1,AUTHORITY["EPSG","9001"]],AUTHORITY["EPSG","{self.epsg}"]]'
        )


def _trapezoid_constants():
    e2, e4, e6, e8 = E2, E2**2, E2**3, E2**4
    return (
        1 + 3 / 6 * e2 + 30 / 80 * e4 + 35 / 112 * e6 + 630 / 2304 * e8,
        1 / 6 * e2 + 15 / 80 * e4 + 21 / 112 * e6 + 420 / 2304 * e8,
        3 / 80 * e4 + 7 / 112 * e6 + 180 / 2304 * e8,
        1 / 112 * e6 + 45 / 2304 * e8,
        5 / 2304 * e8,
    )


SERIES = _trapezoid_constants()


def trapezoid_m2(lat_from, lat_to, d_lon):
    """Between two parallels, over a difference of longitude; radians."""
    difference, middle = lat_to - lat_from, (lat_from + lat_to) / 2
    total = 0.0
    for k, constant in enumerate(SERIES):
        odd = 2 * k + 1
        total += (-1) ** k * constant * sin(odd * difference / 2) * cos(odd * middle)
    return 2 * B_M * B_M * d_lon * total


def cut_ring(ring):
    """The ring with each edge cut into equal pieces of at most 70 m in the plane; closed."""
    points = []
    for (x0, y0), (x1, y1) in zip(ring, ring[1:] + ring[:1]):
        pieces = max(1, ceil(hypot(x1 - x0, y1 - y0) / MAX_PIECE_M))
        for i in range(pieces):
            points.append((x0 + (x1 - x0) * i / pieces, y0 + (y1 - y0) * i / pieces))
    points.append(points[0])
    return points


def survey_area_m2(ring, zone):
    """Of a simple ring given once round (not closed), in the plane of `zone`."""
    position = [zone.inverse(x, y) for x, y in cut_ring(ring)]
    reference = position[0][0]
    return abs(sum(
        trapezoid_m2(lat0, lat1, (lon0 + lon1) / 2 - reference)
        for (lon0, lat0), (lon1, lat1) in zip(position, position[1:])
    ))
