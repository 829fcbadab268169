"""The synthetic series (合成数据, seeded): star-shaped plots, and lines as of roads, in a square that grows with the lines."""
import numpy
import pyproj
import shapely

from cases import told_of, write_case

SEED = 20240601
PLANE = "EPSG:4537"  # 3° Gauss–Krüger, central meridian 84° E
LONLAT = "EPSG:4490"
CENTRE = (84.0, 45.5)
LINE_SEGMENTS = 10
MEAN_SEGMENT_M = 50.0
SIDE_M = 316_000.0  # of 1e6 segments
TOWN_SEGMENTS = 5_000  # one town for so many
TOWN_RADIUS_M = 3_000.0


def side_m(segments):
    """As dense a net of lines whatever their number: 100 km, a county, for 1e5 segments; 1000 km, a nation, for 1e7."""
    return SIDE_M * (segments / 1e6) ** 0.5


def starts(numbers, count, side, towns):
    """Half of the places anywhere, half in towns."""
    anywhere = numbers.uniform(-side / 2, side / 2, (count - count // 2, 2))
    centres = numbers.uniform(-side / 2, side / 2, (towns, 2))
    in_towns = centres[numbers.integers(0, towns, count // 2)] + numbers.normal(0, TOWN_RADIUS_M, (count // 2, 2))
    return numbers.permutation(numpy.concatenate([anywhere, in_towns]))


def make_lines(numbers, segments, side):
    count = max(segments // LINE_SEGMENTS, 1)
    begin = starts(numbers, count, side, max(segments // TOWN_SEGMENTS, 1))
    heading = numbers.uniform(0, 2 * numpy.pi, (count, 1)) + numpy.cumsum(numbers.normal(0, 0.3, (count, LINE_SEGMENTS)), axis=1)
    step = numbers.uniform(0.5, 1.5, (count, LINE_SEGMENTS)) * MEAN_SEGMENT_M
    way = numpy.stack([step * numpy.cos(heading), step * numpy.sin(heading)], axis=2)
    return shapely.linestrings(numpy.concatenate([begin[:, None], begin[:, None] + numpy.cumsum(way, axis=1)], axis=1))


def make_plots(numbers, count, side):
    """Stars of 8 to 64 vertices, 20 to 300 m in radius."""
    corners = numbers.integers(8, 65, count)
    plot = numpy.repeat(numpy.arange(count), corners)
    place = numpy.arange(len(plot)) - numpy.repeat(numpy.cumsum(corners) - corners, corners)
    angle = 2 * numpy.pi * (place + numbers.uniform(0.1, 0.9, len(plot))) / corners[plot]
    radius = numbers.uniform(20, 300, count)[plot] * numbers.uniform(0.5, 1.0, len(plot))
    centre = numbers.uniform(-side / 2, side / 2, (count, 2))[plot]
    ring = centre + numpy.stack([radius * numpy.cos(angle), radius * numpy.sin(angle)], axis=1)
    return shapely.polygons(shapely.linearrings(ring, indices=plot))


def synthetic(folder, plots, segments):
    """The case of so many plots and segments; made once, kept in its folder."""
    if there := told_of(folder):
        return there
    numbers = numpy.random.default_rng([SEED, plots, segments])
    side = side_m(segments)
    centre = numpy.array(pyproj.Transformer.from_crs(LONLAT, PLANE, always_xy=True).transform(*CENTRE))
    shapes = [shapely.transform(made, lambda at: at + centre)
              for made in (make_plots(numbers, plots, side), make_lines(numbers, segments, side))]
    return write_case(folder, *shapes, (PLANE, LONLAT), SEED)
