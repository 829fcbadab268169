"""The one table type, and how other things become one."""

from __future__ import annotations

import html
import json
import os
from dataclasses import dataclass
from typing import Any, Dict, Iterator, List, Mapping, Optional, Sequence, Union

import numpy as np

from . import _tuban
from ._errors import Error
from ._issues import told
from ._native_io import native_io
from ._progress import Progress, running

TableLike = Any
"""A Table, a path, a GeoDataFrame or DataFrame, or anything with __arrow_c_stream__."""


_rows_shown = 20
"""Rows that a notebook shows of a table."""


def _html(text: str) -> str:
    return html.escape(text, quote=True)


class Table:
    """Rows with columns and, mostly, geometry. Made by tuban.read() and by what measures; never changed in place.

    table["area_m2"] is a numpy array for numbers (null: NaN) and a list for texts (null: None). Rows keep the order of
    their source.
    """

    def __init__(
        self,
        columns: _tuban.Columns,
        *,
        plots: Any = None,
        layer: Any = None,
        geometry: Optional[List[Optional[bytes]]] = None,
        issues: Sequence[Dict[str, Any]] = (),
        requests: Optional[_tuban.Requests] = None,
    ) -> None:
        self._columns = columns
        self._plots_of = plots  # a _tuban.Plots, or a function that makes them
        self._layer_of = layer  # a _tuban.Layer, or a function that makes one
        self._geometry = geometry
        self._requests = requests
        self._issues = list(issues)

    def __len__(self) -> int:
        return len(self._columns)

    @property
    def columns(self) -> List[str]:
        """Names of the columns, in order."""
        return self._columns.names()

    @property
    def issues(self) -> List[Dict[str, Any]]:
        """What reading and measuring found: dicts of severity (note, warning, error), code, row (from 1), plot_id,
        zh, en, and for repairs area_before_m2 and area_after_m2."""
        return list(self._issues)

    def unit(self, column: str) -> str:
        """Unit of a column: "m", "m2", "ha", "deg", "yuan"; "" for none."""
        return self._columns.unit(column)

    def alias(self, column: str) -> str:
        """Chinese name of a column, without its unit; may be empty."""
        return self._columns.alias(column)

    def __contains__(self, column: object) -> bool:
        return column in self.columns

    def __iter__(self) -> Iterator[str]:
        return iter(self.columns)

    def __getitem__(self, column: str) -> Union[np.ndarray, List[Optional[str]]]:
        return self._columns.column(column)

    def __repr__(self) -> str:
        kind = "" if self._wkb() is None else " with geometry"
        return f"<tuban.Table: {len(self)} rows, {len(self.columns)} columns{kind}>"

    def _repr_html_(self) -> str:
        """The first rows for a notebook: Chinese names with units over the columns' names."""
        heads = []
        for name in self.columns:
            alias, unit = self.alias(name), self.unit(name)
            words = f"{alias}（{unit}）" if alias and unit else alias or unit
            heads.append(f"<th>{_html(words)}<br><code>{_html(name)}</code></th>" if words else f"<th><code>{_html(name)}</code></th>")
        shown = min(len(self), _rows_shown)
        cells = [self._columns.cells(name) for name in self.columns]
        align = ["left" if self._columns.kind(name) == "text" else "right" for name in self.columns]
        lines = [
            "<tr>" + "".join(
                f'<td style="text-align: {side}">{"" if column[row] is None else _html(str(column[row]))}</td>'
                for side, column in zip(align, cells)
            ) + "</tr>"
            for row in range(shown)
        ]
        left_out = "" if shown == len(self) else f"（前 {shown} 行 / first {shown} rows）"
        caption = f"{_html(repr(self)[1:-1])}{left_out}"
        return (
            f"<table><caption>{caption}</caption><thead><tr>{''.join(heads)}</tr></thead>"
            f"<tbody>{''.join(lines)}</tbody></table>"
        )

    def to_pandas(self) -> Any:
        """A pandas DataFrame without geometry; integers with nulls are Int64."""
        import pandas as pd

        data = {}
        for name in self.columns:
            cells = self._columns.cells(name)
            kind = self._columns.kind(name)
            if kind == "integer":
                data[name] = pd.array(cells, dtype="Int64" if None in cells else "int64")
            elif kind == "real":
                data[name] = self._columns.column(name)
            else:
                data[name] = pd.array(cells, dtype=object)
        return pd.DataFrame(data, columns=self.columns)

    def to_geopandas(self) -> Any:
        """A GeoDataFrame in longitude and latitude (EPSG:4490). Rows without geometry have None."""
        import geopandas as gpd
        import shapely

        wkb = self._wkb()
        if wkb is None:
            raise Error("这张表没有图形", "this table has no geometry")
        frame = self.to_pandas()
        name = "geometry" if "geometry" not in frame.columns else "geometry_4490"
        shapes = shapely.from_wkb(np.array(wkb, dtype=object))
        return gpd.GeoDataFrame(frame, geometry=gpd.GeoSeries(shapes, crs="EPSG:4490").rename(name))

    def __arrow_c_stream__(self, requested_schema: Optional[object] = None) -> object:
        """Arrow C stream: the columns, and geometry as WKB (geoarrow.wkb) in longitude and latitude."""
        return _tuban.export_stream(self._columns, self._wkb())

    def _wkb(self) -> Optional[List[Optional[bytes]]]:
        if self._geometry is None and self._plots_of is not None and self._as_plots().has_polygons():
            self._geometry = self._plots_of.wkb()
        return self._geometry

    def _as_plots(self) -> _tuban.Plots:
        if callable(self._plots_of):
            self._plots_of = self._plots_of()
        if self._plots_of is None:
            self._plots_of = _tuban.Plots.from_rows(_ids(self._columns, None), self._columns)
        return self._plots_of

    def _as_layer(self) -> _tuban.Layer:
        if callable(self._layer_of):
            self._layer_of = self._layer_of()
        if self._layer_of is None:
            wkb = self._wkb()
            if wkb is None:
                raise Error("这张表没有图形，不能作为图层", "this table has no geometry and cannot be a layer")
            ids = _layer_ids(self._columns, None)
            self._layer_of = _tuban.Layer.from_wkb(wkb, ids, _names(self._columns), "EPSG:4490")
        return self._layer_of


def _ids(columns: _tuban.Columns, wanted: Optional[str]) -> List[str]:
    """Ids of rows: the column named, else plot_id or TBBH, else row-000001 and on."""
    names = columns.names()
    if wanted is None:
        wanted = next((name for name in ("plot_id", "TBBH") if name in names), None)
    cells = [None] * len(columns) if wanted is None else columns.cells(wanted)
    return [f"row-{row:06}" if cell is None or cell == "" else str(cell) for row, cell in enumerate(cells, 1)]


def _layer_ids(columns: _tuban.Columns, wanted: Optional[str]) -> List[str]:
    """Ids of features: the column named, else osm_id, id, fid or plot_id, first that has a value, else the row from 0."""
    names = [wanted] if wanted else [name for name in ("osm_id", "id", "fid", "plot_id") if name in columns.names()]
    candidates = [columns.cells(name) for name in names]
    return [
        next((str(cells[row]) for cells in candidates if cells[row] not in (None, "")), str(row))
        for row in range(len(columns))
    ]


def _names(columns: _tuban.Columns, wanted: Optional[str] = None) -> List[str]:
    name = wanted or ("name" if "name" in columns.names() else None)
    cells = [None] * len(columns) if name is None else columns.cells(name)
    return ["" if cell is None else str(cell) for cell in cells]


def _no_crs() -> Error:
    return Error(
        "图形没有坐标系；请先给出，例如 gdf.set_crs(\"EPSG:4490\")，或在调用里写 crs=\"EPSG:4490\"",
        'the geometry has no CRS: give one first, as gdf.set_crs("EPSG:4490") or crs="EPSG:4490" in the call',
    )


def _put(columns: _tuban.Columns, name: str, cells: List[Any]) -> None:
    """Adds a column of Python values: whole numbers, numbers, or texts."""
    present = [cell for cell in cells if cell is not None]
    if all(isinstance(cell, (bool, int, np.integer, np.bool_)) for cell in present) and present:
        columns.put_integer(name, [None if cell is None else int(cell) for cell in cells])
    elif all(isinstance(cell, (bool, int, float, np.number, np.bool_)) for cell in present) and present:
        columns.put_real(name, [None if cell is None else float(cell) for cell in cells])
    else:
        columns.put_text(name, [None if cell is None else str(cell) for cell in cells])


def _columns_of_frame(frame: Any, leave_out: Sequence[str]) -> _tuban.Columns:
    import pandas as pd

    columns = _tuban.Columns()
    for name in frame.columns:
        if name in leave_out:
            continue
        missing = pd.isna(frame[name]).to_numpy()
        cells = frame[name].tolist()
        _put(columns, str(name), [None if gone else cell for cell, gone in zip(cells, missing)])
    return _whole_costs(columns)


def _whole_costs(columns: _tuban.Columns) -> _tuban.Columns:
    """cost_yuan is whole yuan everywhere, half up."""
    if "cost_yuan" in columns.names() and columns.kind("cost_yuan") == "real":
        cells = columns.cells("cost_yuan")
        columns.put_integer("cost_yuan", [None if cell is None else int(np.floor(cell + 0.5)) for cell in cells])
    return columns


@dataclass
class _Features:
    """Rows with geometry on their way in."""

    columns: _tuban.Columns
    wkb: List[Optional[bytes]]
    crs: str
    id: Optional[str]
    name: Optional[str]

    def __post_init__(self) -> None:
        if not self.columns.names():  # geometry alone
            self.columns.put_text("plot_id", [f"row-{row:06}" for row in range(1, len(self.wkb) + 1)])

    def plots(self) -> _tuban.Plots:
        return _tuban.Plots.from_wkb(self.wkb, _ids(self.columns, self.id), self.crs, self.columns)

    def layer(self) -> _tuban.Layer:
        ids = _layer_ids(self.columns, self.id)
        return _tuban.Layer.from_wkb(self.wkb, ids, _names(self.columns, self.name), self.crs)

    def table(self) -> Table:
        if not self.wkb or any(_is_polygon(each) for each in self.wkb):
            plots = self.plots()
            return Table(plots.attributes(), plots=plots, layer=self.layer, issues=told(plots.issues()))
        layer = self.layer()
        return Table(self.columns, plots=self.plots, layer=layer, geometry=layer.wkb(), issues=told(layer.issues()))


def _is_polygon(wkb: Optional[bytes]) -> bool:
    """Polygon, MultiPolygon or a collection, with or without Z and M."""
    if not wkb or len(wkb) < 5:
        return False
    code = int.from_bytes(wkb[1:5], "little" if wkb[0] == 1 else "big")
    return (code & 0xFFFF) % 1000 in (3, 6, 7)


def _crs_text(crs: Any) -> str:
    """A pyproj CRS as tuban reads it: its code where it has one, else WKT."""
    code = crs.to_epsg(min_confidence=100)
    return f"EPSG:{code}" if code else crs.to_wkt()


def _features_of_frame(frame: Any, crs: Optional[str], id: Optional[str], name: Optional[str]) -> _Features:
    if crs is None and frame.crs is None:
        raise _no_crs()
    import shapely

    wkb = [None if shape is None else bytes(shape) for shape in shapely.to_wkb(frame.geometry.to_numpy())]
    geometries = [column for column in frame.columns if str(frame[column].dtype) == "geometry"]
    return _Features(_columns_of_frame(frame, geometries), wkb, crs or _crs_text(frame.crs), id, name)


def _features_of_stream(
    source: Any, crs: Optional[str], id: Optional[str], name: Optional[str]
) -> Union[_Features, _tuban.Columns]:
    columns, wkb, metadata = _tuban.import_stream(source.__arrow_c_stream__())
    columns = _whole_costs(columns)
    if wkb is None:
        return columns
    if crs is None:
        given = json.loads(metadata).get("crs") if metadata else None
        if not given:
            raise _no_crs()
        crs = given if isinstance(given, str) else json.dumps(given)
    return _Features(columns, wkb, crs, id, name)


def _in_memory(
    source: Any, crs: Optional[str] = None, id: Optional[str] = None, name: Optional[str] = None
) -> Union[None, _Features, _tuban.Columns]:
    """Features or bare columns of an object; None if it is a path."""
    if _is_frame(source, "geopandas"):
        return _features_of_frame(source, crs, id, name)
    if _is_frame(source, "pandas"):
        return _columns_of_frame(source, ())
    if hasattr(source, "__arrow_c_stream__"):
        return _features_of_stream(source, crs, id, name)
    if isinstance(source, (str, os.PathLike)):
        return None
    raise Error(
        f"读不了 {type(source).__name__}；应为路径、tuban.Table、GeoDataFrame 或 Arrow 流",
        f"cannot read a {type(source).__name__}; expected a path, a tuban.Table, a GeoDataFrame or an Arrow stream",
    )


def _is_frame(source: Any, module: str) -> bool:
    return any(base.__module__.split(".")[0] == module and base.__name__.endswith("DataFrame") for base in type(source).__mro__)


def read(
    source: TableLike,
    *,
    layer: str = "",
    crs: Optional[str] = None,
    encoding: Optional[str] = None,
    axes: Optional[str] = None,
    datum_shift: Optional[Mapping[str, Any]] = None,
    id: Union[None, str, Sequence[str]] = None,
    name: Optional[str] = None,
    fields: Optional[Mapping[str, str]] = None,
    join: Union[None, Mapping[str, Any], Sequence[Mapping[str, Any]]] = None,
    progress: Progress = None,
    threads: int = 0,
) -> Table:
    """Reads plots or a layer from a file, GeoDataFrame, DataFrame or Arrow stream.

    source    path of any vector file GDAL opens (or CSV, XLSX: rows without geometry), or such an object
    layer     which layer of the file; needed only if there are several
    crs       "EPSG:4516" or WKT: overrides what the source says; a source without CRS needs it
    encoding  "GBK", "UTF-8" …: overrides the file's
    axes      of files: "xy" (east first) or "yx" (north first): takes the file's coordinates so
    datum_shift  of files: from Beijing 54, Xian 80 … to CGCS2000, as a project's `datum_shift:`: {"dx_m": …, "dy_m": …,
              "dz_m": …}, with rx_arcsec, ry_arcsec, rz_arcsec, scale_ppm and "convention" ("position_vector" or
              "coordinate_frame") of seven parameters; or {"plane": {"dx_m": …, "dy_m": …, "rotation_arcsec": …,
              "scale_ppm": …, "target": "EPSG:4516"}}
    id        column of ids (of files: several, first non-empty wins). Default: TBBH or plot_id, else row-000001 and on
    name      column of names
    fields    of files: columns for mine, town, mode, responsible, cost_yuan or cost_wan_yuan, and area_m2, area_ha or
              area_mu (the area that counts instead of the survey area)
    join      of files: more columns by id, as a project's `join:`: {"file": "台账.xlsx", "sheet": "图斑", "on": "TBBH"}
              ("layer", "encoding" as well), or a list of such; rows without a partner are issues

    Issues of severity warning and above also go to logging.getLogger("tuban").
    Returns a Table in the order of the source; invalid polygons are repaired or held out, each with an issue.
    Raises tuban.DataError for a missing or broken file, an unknown or refused CRS, duplicate ids; tuban.Error for a
    frame without CRS.
    """
    of_files = {"join": join, "axes": axes, "datum_shift": datum_shift}
    if isinstance(source, Table):
        _refuse(of_files)
        return source
    one_id = id if id is None or isinstance(id, str) else next(iter(id), None)
    features = _in_memory(source, crs, one_id, name)
    if features is not None:
        _refuse(of_files)
    if isinstance(features, _Features):
        return features.table()
    if features is not None:
        return Table(features)
    columns: Dict[str, List[str]] = {key: [value] for key, value in (fields or {}).items()}
    if id is not None:
        columns["id"] = [id] if isinstance(id, str) else list(id)
    if name is not None:
        columns["name"] = [name]
    given = native_io().Source(os.fspath(source), layer, crs, encoding, columns)
    given.set_axes(axes)
    if datum_shift is not None:
        _shift(given, datum_shift)
    for each in _joins(join):
        given.join(*each)
    return _from_file(given, running(progress, threads))


_instead = {
    "join": ("请先用 pandas 的 merge 连接", "merge tables with pandas first"),
    "axes": ("请先对调坐标", "exchange the coordinates first"),
    "datum_shift": ("请先用 to_crs 转换", "transform them with to_crs first"),
}


def _refuse(of_files: Mapping[str, Any]) -> None:
    """What only a file can be read with."""
    for key, given in of_files.items():
        if given:
            zh, en = _instead[key]
            raise Error(f"{key} 只用于文件；内存中的表{zh}", f"{key} is for files; of tables in memory, {en}")


_helmert_numbers = ("dx_m", "dy_m", "dz_m", "rx_arcsec", "ry_arcsec", "rz_arcsec", "scale_ppm")
_plane_numbers = ("dx_m", "dy_m", "rotation_arcsec", "scale_ppm")


def _shift(source: Any, given: Mapping[str, Any]) -> None:
    """Gives a source the parameters of a project's `datum_shift:`."""
    if "plane" in given:
        _expect("datum_shift", given, ("plane",), ("plane",))
        plane = given["plane"]
        _expect("datum_shift.plane", plane, (*_plane_numbers, "target"), ("dx_m", "dy_m", "target"))
        source.plane_shift(_numbers("datum_shift.plane", plane, _plane_numbers), plane["target"])
        return
    _expect("datum_shift", given, (*_helmert_numbers, "convention", "plane"), ("dx_m", "dy_m", "dz_m"))
    convention = given.get("convention", "position_vector")
    if convention not in ("position_vector", "coordinate_frame"):
        raise Error(
            f"datum_shift 的 convention 是“{convention}”；应为 position_vector 或 coordinate_frame",
            f'datum_shift: convention is "{convention}"; expected position_vector or coordinate_frame',
        )
    source.helmert(_numbers("datum_shift", given, _helmert_numbers), convention == "coordinate_frame")


def _expect(what: str, given: Mapping[str, Any], known: Sequence[str], needed: Sequence[str]) -> None:
    unknown = sorted(set(given) - set(known))
    lacking = [key for key in needed if key not in given]
    if unknown or lacking:
        raise Error(
            f"{what} 里{'没有键 ' + unknown[0] if unknown else '缺 ' + lacking[0]}；应为 {'、'.join(known)}",
            f"{what} {'has no key ' + unknown[0] if unknown else 'lacks ' + lacking[0]}; expected {', '.join(known)}",
        )


def _numbers(what: str, given: Mapping[str, Any], keys: Sequence[str]) -> Dict[str, float]:
    found = {key: given[key] for key in keys if key in given}
    for key, value in found.items():
        if isinstance(value, bool) or not isinstance(value, (int, float, np.number)) or not np.isfinite(value):
            raise Error(f"{what} 的 {key} 是 {value!r}；应为数", f"{what}: {key} is {value!r}; expected a number")
    return {key: float(value) for key, value in found.items()}


def _joins(join: Any) -> Iterator[List[Any]]:
    """file, sheet or layer, on, encoding of each table to join."""
    for each in [join] if isinstance(join, Mapping) else join or []:
        unknown = sorted(set(each) - {"file", "sheet", "layer", "on", "encoding"})
        if unknown or "file" not in each or "on" not in each:
            raise Error(
                f"join 里{'没有键 ' + unknown[0] if unknown else '缺 file 或 on'}；应为 file、sheet、layer、on、encoding",
                f"join {'has no key ' + unknown[0] if unknown else 'lacks file or on'}; expected file, sheet, layer, on, encoding",
            )
        yield [os.fspath(each["file"]), each.get("sheet", each.get("layer", "")), each["on"], each.get("encoding")]


def _from_file(source: Any, how: _tuban.Running) -> Table:
    io = native_io()
    plots = io.read(source, how)
    if plots.has_polygons() or all(state == "no_geometry" for state in plots.states()):
        return Table(
            plots.attributes(), plots=plots, layer=lambda: io.read_layer(source, how), issues=told(plots.issues())
        )
    held_out = any(issue["code"] != "not_polygon" and issue["severity"] == "error" for issue in plots.issues())
    layer = io.read_layer(source, how)
    return Table(
        plots.attributes(),
        plots=plots,
        layer=layer,
        geometry=layer.wkb(),
        issues=told(plots.issues() if held_out else layer.issues()),
    )


def as_plots(source: TableLike) -> _tuban.Plots:
    """The plots of whatever stands for plots."""
    return read(source)._as_plots()


def as_layer(source: TableLike) -> _tuban.Layer:
    """The layer of whatever stands for a layer."""
    if isinstance(source, Table):
        return source._as_layer()
    features = _in_memory(source)
    if isinstance(features, _Features):
        return features.layer()
    if features is not None:
        return Table(features)._as_layer()
    io = native_io()
    return io.read_layer(io.Source(os.fspath(source), "", None, None, {}), running(None, 0))
