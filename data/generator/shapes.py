"""Star polygons of a wanted area, and the plane measures with which the generator checks itself."""
from math import cos, hypot, pi, sin, sqrt

from geodesy import survey_area_m2

# Vertices lie on a grid of 2^-20 m (about 1 µm): fine enough for 0.01 m² (the area is then off by some 1e-4 m²), and
# so coarse that the last bit of another machine's sine does not change a byte.
GRID = 2.0**20
VERTICES = 20


def snap(value):
    return round(value * GRID) / GRID


def star(x, y, area_m2, zone, rng):
    """Ring of 20 vertices, counter-clockwise from due east, whose survey area rounds to `area_m2`."""
    step = 2 * pi / VERTICES
    spokes = []
    for k in range(VERTICES):
        jitter = 0.0 if k % (VERTICES // 2) == 0 else (rng.random() - 0.5) * 0.5 * step
        reach = (1.05 if k % 2 else 0.95) * (1 + (rng.random() - 0.5) * 0.12)
        spokes.append((reach * cos(k * step + jitter), 0.0 if k % (VERTICES // 2) == 0 else reach * sin(k * step + jitter)))

    def at(scale):
        return [(x + scale * dx, y + scale * dy) for dx, dy in spokes]

    scale = sqrt(area_m2 / pi)
    for _ in range(8):
        scale *= sqrt(area_m2 / survey_area_m2(at(scale), zone))
    ring = [(snap(px), snap(py)) for px, py in at(scale)]
    off = survey_area_m2(ring, zone) - area_m2
    if abs(off) > 1e-3:
        raise AssertionError(f"a polygon misses its area by {off} m²")
    return ring


def plane_area_m2(ring):
    x0, y0 = ring[0]
    total = 0.0
    for (xa, ya), (xb, yb) in zip(ring, ring[1:] + ring[:1]):
        total += (xa - x0) * (yb - y0) - (xb - x0) * (ya - y0)
    return abs(total) / 2


def edges(ring):
    return list(zip(ring, ring[1:] + ring[:1]))


def point_segment_m(p, a, b):
    dx, dy = b[0] - a[0], b[1] - a[1]
    length2 = dx * dx + dy * dy
    t = 0.0 if length2 == 0 else max(0.0, min(1.0, ((p[0] - a[0]) * dx + (p[1] - a[1]) * dy) / length2))
    return hypot(p[0] - a[0] - t * dx, p[1] - a[1] - t * dy)


def segments_m(s, t):
    """Between two segments that do not cross."""
    return min(point_segment_m(s[0], *t), point_segment_m(s[1], *t), point_segment_m(t[0], *s), point_segment_m(t[1], *s))


def to_line_m(ring, line):
    return min(segments_m(e, s) for e in edges(ring) for s in zip(line, line[1:]))


def to_point_m(ring, point):
    return min(point_segment_m(point, a, b) for a, b in edges(ring))


def to_ring_m(ring, other):
    return min(segments_m(e, s) for e in edges(ring) for s in edges(other))


def contains(ring, p):
    inside = False
    for (xa, ya), (xb, yb) in edges(ring):
        if (ya > p[1]) != (yb > p[1]) and p[0] < xa + (p[1] - ya) / (yb - ya) * (xb - xa):
            inside = not inside
    return inside


def clusters(rings, within_m):
    """Smallest index of the group of each ring; groups join rings nearer to each other than `within_m`."""
    label = list(range(len(rings)))
    for i in range(len(rings)):
        for j in range(i):
            if abs(rings[i][0][0] - rings[j][0][0]) < 5000 and to_ring_m(rings[i], rings[j]) <= within_m:
                a, b = label[i], label[j]
                label = [min(a, b) if k in (a, b) else k for k in label]
    return label


def surroundings(rings, half_m):
    """Two parcels per plot, north and south of it, that touch the plot and each other and overlap nothing.

    Plots of a row stand side by side from west to east, so a parcel ends half-way to the neighbour.
    """
    parcels = []
    for ring in rings:
        y = ring[0][1]
        west = ring[VERTICES // 2][0] - half_m
        east = ring[0][0] + half_m
        for other in rings:
            if other is not ring and abs(other[0][1] - y) < 3 * half_m:
                if east > other[VERTICES // 2][0] >= ring[0][0]:
                    east = min(east, (ring[0][0] + other[VERTICES // 2][0]) / 2)
                if west < other[0][0] <= ring[VERTICES // 2][0]:
                    west = max(west, (ring[VERTICES // 2][0] + other[0][0]) / 2)
        west, east = snap(west), snap(east)
        y_west = ring[VERTICES // 2][1]
        north = [(east, ring[0][1])] + [(east, y + half_m), (west, y + half_m), (west, y_west)]
        north += ring[VERTICES // 2:0:-1] + [ring[0]]
        south = [(west, y_west), (west, y - half_m), (east, y - half_m), (east, ring[0][1])]
        south += [ring[0]] + ring[:VERTICES // 2 - 1:-1]
        parcels.append((north, south))
    return parcels
