"""Register the accessor ``qjmap`` of DataFrame and Series, whichever of pandas and qjmap is imported first.

An accessor can be registered only after pandas is imported. If that has not happened yet, an import hook registers the accessor at the
end of the import of pandas.
"""

from __future__ import annotations

import sys
from importlib import import_module
from importlib.machinery import ModuleSpec
from importlib.util import find_spec
from types import ModuleType
from typing import Any


class Accessor:
    """The accessor `qjmap` of a DataFrame or Series: ``frame.qjmap.explore()`` is ``qjmap.explore(frame)``."""

    def __init__(self, data: Any) -> None:
        self._data = data

    def explore(self, *arguments: Any, **options: Any) -> Any:
        """Return the page of the frame or series. Arguments, result and errors are as in `qjmap.explore`."""
        return import_module("qjmap").explore(self._data, *arguments, **options)


class _WhenImported:
    """Meta path finder that registers the accessor at the end of the import of pandas.

    A mere search for pandas, as by `importlib.util.find_spec`, registers nothing.
    """

    _searching = False

    def find_spec(self, name: str, path: Any = None, target: ModuleType | None = None) -> ModuleSpec | None:
        """Return the specification of pandas, with a loader that registers the accessor; None for other modules."""
        if name != "pandas" or self._searching:
            return None
        self._searching = True
        try:
            spec = find_spec(name)
        finally:
            self._searching = False
        if spec is not None and spec.loader is not None:
            execute = spec.loader.exec_module

            def execute_and_register(module: ModuleType) -> None:
                if self in sys.meta_path:
                    sys.meta_path.remove(self)
                execute(module)
                _register(module)

            spec.loader.exec_module = execute_and_register  # type: ignore[method-assign]
        return spec


def register() -> None:
    """Register the accessor now if pandas is imported, else at the end of its import."""
    pandas = sys.modules.get("pandas")
    if pandas is None:
        sys.meta_path.insert(0, _WhenImported())
    else:
        _register(pandas)


def _register(pandas: Any) -> None:
    if hasattr(pandas, "api") and not hasattr(pandas.DataFrame, "qjmap"):
        pandas.api.extensions.register_dataframe_accessor("qjmap")(Accessor)
        pandas.api.extensions.register_series_accessor("qjmap")(Accessor)
