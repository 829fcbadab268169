"""Measures of plots, alone and against what lies around them."""

from __future__ import annotations

import operator
import os
from typing import Mapping, Optional, Sequence

import numpy as np

from . import _tuban
from ._errors import Error
from ._issues import told
from ._native_io import native_io
from ._progress import Progress, running
from ._table import Table, TableLike, as_layer, as_plots, read


def area(plots: TableLike, method: str = "survey", *, progress: Progress = None, threads: int = 0) -> np.ndarray:
    """Area of each plot on the CGCS2000 ellipsoid, m², unrounded; NaN where there is no area.

    method  "survey": the official series, edges straight in the source's plane and cut at 70 m;
            "survey_vertices": the same series, one trapezoid per edge; "geodesic": geodesic edges (Karney)

    Accuracy: the series 1e-10 relative between 16° and 55° of latitude; geodesic about 1e-4 m² per plot.
    """
    return _tuban.area(as_plots(plots), method, running(progress, threads))


def nearest(
    plots: TableLike,
    layer: TableLike,
    *,
    max_range_m: float = 500_000.0,
    progress: Progress = None,
    threads: int = 0,
) -> Table:
    """Shortest distance on the ellipsoid from each plot to the nearest feature of a layer.

    Columns: plot_id; distance_m (0 if they touch or one holds the other); target_id, target_name of that feature;
    error_m, a bound on the error of distance_m; plot_lon_deg, plot_lat_deg, target_lon_deg, target_lat_deg, the two
    ends of the shortest line. All null for plots without geometry and where nothing lies within max_range_m (0 to
    2 000 000 m). Accuracy: 1 mm.
    """
    columns = _tuban.nearest(as_plots(plots), as_layer(layer), float(max_range_m), running(progress, threads))
    return Table(columns)


def k_nearest(
    plots: TableLike,
    layer: TableLike,
    count: int,
    *,
    max_range_m: float = 500_000.0,
    progress: Progress = None,
    threads: int = 0,
) -> Table:
    """The count nearest features of a layer to each plot: a row for each plot and feature, by plot, then distance.

    Columns as nearest() has them, and borderline: 1 where the errors leave open whether the feature is among the count
    nearest, or in range. Fewer rows for a plot where fewer features lie within max_range_m (0 to 2 000 000 m), none for
    plots without geometry. Of features at the same distance those that come first in the layer are taken.
    """
    columns = _tuban.k_nearest(
        as_plots(plots), as_layer(layer), _count(count), float(max_range_m), running(progress, threads)
    )
    return Table(columns)


def all_within(
    plots: TableLike, layer: TableLike, distance_m: float, *, progress: Progress = None, threads: int = 0
) -> Table:
    """All features of a layer at most distance_m (0 to 300 000 m) from each plot: a row for each plot and feature.

    By plot, then distance, then the order of the layer; 0 m asks for what touches. Columns as k_nearest() has them, borderline
    where a distance is within its error of distance_m.
    """
    columns = _tuban.all_within(as_plots(plots), as_layer(layer), float(distance_m), running(progress, threads))
    return Table(columns)


def _count(count: int) -> int:
    whole = operator.index(count)
    if whole < 1:
        raise Error(f"要求的要素个数为 {whole}，应至少为 1", f"count is {whole}, must be at least 1")
    return whole


def share_within(
    plots: TableLike, layer: TableLike, distance_m: float, *, progress: Progress = None, threads: int = 0
) -> np.ndarray:
    """Share of each plot's area within distance_m (0 to 100 000 m) of any feature of the layer, 0 to 1.

    0 m counts what the layer's polygons cover. NaN for plots without geometry. Accuracy: 1e-6.
    """
    return _tuban.share_within(as_plots(plots), as_layer(layer), float(distance_m), running(progress, threads))


def measure(
    plots: TableLike,
    layers: Optional[Mapping[str, TableLike]] = None,
    elevation: Optional[str] = None,
    *,
    columns: Optional[Sequence[str]] = None,
    progress: Progress = None,
    threads: int = 0,
) -> Table:
    """All that can be measured of the plots, as a Table with their columns and geometry.

    layers     {"road": roads, …}: the names begin the columns (road_distance_m)
    elevation  path of a raster of heights in m
    columns    indicator columns wanted ("road_distance_m"); default: all

    Areas are in m² (area_m2 is what a plan counts, rounded half-up to 0.01; area_ha = area_m2 / 10 000), lengths in m,
    slopes in degrees. A value that cannot be had is null.
    Raises tuban.RuleError for an unknown column, or one whose layer or elevation is missing.
    """
    given = as_plots(plots)
    around = {name: as_layer(layer) for name, layer in (layers or {}).items()}
    heights = None if elevation is None else native_io().open_elevation(os.fspath(elevation))
    wanted = None if columns is None else list(columns)
    measured, issues, requests = _tuban.measure(given, around, heights, wanted, running(progress, threads))
    return Table(
        measured,
        plots=given,
        issues=(read(plots).issues if isinstance(plots, Table) else given.issues()) + told(issues),
        requests=requests,
    )
