"""A 30 m elevation model with hills and dug pits, and the depth that a plane through the rim gives."""
from math import ceil, floor, hypot, pi, sin

from shapes import contains, edges

CELL_M = 30.0


class Elevation:
    """Whole metres, row by row from the north-west corner."""

    def __init__(self, west, north, columns, rows, hills):
        self.west, self.north, self.columns, self.rows = west, north, columns, rows
        base = hills[0]
        east_west = [[sin(2 * pi * (c + 0.5) * CELL_M / length + phase) for c in range(columns)]
                     for _, length, _, phase, _ in hills[1]]
        north_south = [[sin(2 * pi * (r + 0.5) * CELL_M / length + phase) for r in range(rows)]
                       for _, _, length, _, phase in hills[1]]
        heights = [height for height, *_ in hills[1]]
        self.ground = []
        for r in range(rows):
            waves = [(height * south[r], east) for height, south, east in zip(heights, north_south, east_west)]
            self.ground.append([base + sum(w * east[c] for w, east in waves) for c in range(columns)])
        self.cells = None

    def centre(self, column, row):
        return self.west + (column + 0.5) * CELL_M, self.north - (row + 0.5) * CELL_M

    def dig(self, x, y, depth_m, bottom_m, top_m):
        """A pit whose floor follows the ground: whole depth within `bottom_m` of the middle, nothing beyond `top_m`."""
        for r in range(floor((self.north - y - top_m) / CELL_M), ceil((self.north - y + top_m) / CELL_M)):
            for c in range(floor((x - top_m - self.west) / CELL_M), ceil((x + top_m - self.west) / CELL_M)):
                px, py = self.centre(c, r)
                away = hypot(px - x, py - y)
                if away < top_m:
                    self.ground[r][c] -= depth_m * min(1.0, (top_m - away) / (top_m - bottom_m))

    def finish(self):
        self.cells = [[round(height) for height in row] for row in self.ground]

    def at(self, x, y):
        """Bilinear between cell centres."""
        u, v = (x - self.west) / CELL_M - 0.5, (self.north - y) / CELL_M - 0.5
        c, r = floor(u), floor(v)
        u, v = u - c, v - r
        upper, lower = self.cells[r], self.cells[r + 1]
        return (1 - v) * ((1 - u) * upper[c] + u * upper[c + 1]) + v * ((1 - u) * lower[c] + u * lower[c + 1])

    def depth_m(self, ring):
        """Greatest depth of a cell with its centre in the ring below the plane fitted to the rim."""
        x0 = sum(x for x, _ in ring) / len(ring)
        y0 = sum(y for _, y in ring) / len(ring)
        samples = []
        for (xa, ya), (xb, yb) in edges(ring):
            length = hypot(xb - xa, yb - ya)
            pieces = max(1, ceil(length / (CELL_M / 2)))
            for i in range(pieces):
                t = (i + 0.5) / pieces
                x, y = xa + t * (xb - xa), ya + t * (yb - ya)
                samples.append((length / pieces, x - x0, y - y0, self.at(x, y)))
        plane = fit_plane(samples)
        xs, ys = [x for x, _ in ring], [y for _, y in ring]
        deepest = 0.0
        for r in range(floor((self.north - max(ys)) / CELL_M), ceil((self.north - min(ys)) / CELL_M)):
            for c in range(floor((min(xs) - self.west) / CELL_M), ceil((max(xs) - self.west) / CELL_M)):
                p = self.centre(c, r)
                if contains(ring, p):
                    rim = plane[0] + plane[1] * (p[0] - x0) + plane[2] * (p[1] - y0)
                    deepest = max(deepest, rim - self.cells[r][c])
        return deepest


def fit_plane(samples):
    """z = p0 + p1·x + p2·y by weighted least squares over (weight, x, y, z)."""
    m = [[0.0] * 4 for _ in range(3)]
    for weight, x, y, z in samples:
        row = (1.0, x, y)
        for i in range(3):
            for j in range(3):
                m[i][j] += weight * row[i] * row[j]
            m[i][3] += weight * row[i] * z
    for i in range(3):
        for k in range(3):
            if k != i:
                factor = m[k][i] / m[i][i]
                m[k] = [a - factor * b for a, b in zip(m[k], m[i])]
    return [m[i][3] / m[i][i] for i in range(3)]
