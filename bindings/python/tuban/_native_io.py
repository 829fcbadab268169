"""The part of tuban that reads and writes files, imported on first use."""

from __future__ import annotations

from types import ModuleType

from ._errors import Error


def native_io() -> ModuleType:
    """tuban._tuban_io. Raises tuban.Error where this build has none."""
    try:
        from . import _tuban_io
    except ImportError as failure:
        raise Error(
            f"这个 tuban 没有文件读写部分（编译时没有 GDAL，或找不到系统的 GDAL：{failure}）；请用 geopandas 读，把 GeoDataFrame 交给 tuban",
            f"this tuban cannot read files itself (built without GDAL, or the system's GDAL is missing: {failure}): "
            "read them with geopandas and pass the GeoDataFrame",
        ) from failure
    return _tuban_io
