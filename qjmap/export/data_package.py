"""Describe a folder of CSV files as a Data Package: `datapackage.json` with a Table Schema (Frictionless) of every table."""

from __future__ import annotations

import json
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import pandas as pd

from qjmap.export.column_names import names_in_format
from qjmap.export.flat_frame import columns_of
from qjmap.export.geoparquet import arrow_type
from qjmap.export.legend import Legend
from qjmap.schema import COMPANIONS, TABLES

FILE = "datapackage.json"
_TYPES = {"double": "number", "int64": "integer", "date32[day]": "date", "string": "string"}
_KEYS: Mapping[str, str] = MappingProxyType({"corridor": "corridors"})
"""Foreign keys: column -> the table to which it refers. Other columns may refer to several tables, or to names in the gazetteer."""


def data_package(name: str, layers: Mapping[str, pd.DataFrame], legend: Legend) -> bytes:
    """Return the descriptor (JSON, UTF-8) of the package ``name`` of CSV files ``<table>.csv``; parameters as in `formats.write_layers`."""
    package = {
        "profile": "tabular-data-package",
        "name": name,
        "title": legend.title,
        **({"version": legend.as_of} if legend.as_of else {}),
        "sources": [{"title": credit} for credit in legend.credits],
        "resources": [_resource(table, frame, legend) for table, frame in layers.items()],
    }
    return (json.dumps(package, ensure_ascii=False, indent=1) + "\n").encode()


def _resource(table: str, frame: pd.DataFrame, legend: Legend) -> dict[str, Any]:
    return {
        "profile": "tabular-data-resource",
        "name": table.replace("_", "-"),
        "title": legend.table(table),
        "path": f"{table}.csv",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "dialect": {"delimiter": ",", "lineTerminator": "\r\n", "quoteChar": '"', "doubleQuote": True, "header": True},
        "schema": _schema(table, frame, legend),
    }


def _schema(table: str, frame: pd.DataFrame, legend: Legend) -> dict[str, Any]:
    columns = columns_of(frame)
    shown = names_in_format(columns, "csv")
    fields = [_field(table, name, shown[name], frame, legend) for name in columns]
    if len(columns) < len(frame.columns):
        is_point = table in ("places", "sites")
        fields += (
            [{"name": axis, "type": "number", "title": f"{axis} (WGS 84)"} for axis in ("lon", "lat")]
            if is_point
            else []
        )
        fields += [] if is_point else [{"name": "wkt", "type": "string", "title": "WKT (WGS 84)"}]
    keys = [
        {"fields": column, "reference": {"resource": other, "fields": "id"}}
        for column, other in _KEYS.items()
        if column in TABLES[table]
    ]
    return {"fields": fields, "missingValues": [""], "primaryKey": "id", **({"foreignKeys": keys} if keys else {})}


def _field(table: str, name: str, shown: str, frame: pd.DataFrame, legend: Legend) -> dict[str, Any]:
    field: dict[str, Any] = {
        "name": shown,
        "type": _TYPES.get(str(arrow_type(frame[name].dtype)), "string"),
        "title": legend.column(table, name),
    }
    column = TABLES[table].column(name) if name in TABLES[table] else None
    if column is not None and column.required:
        field["constraints"] = {"required": True}
    if column is not None and column.name == "id":
        field["constraints"] = {"required": True, "unique": True}
    if name in COMPANIONS[table]:
        field["description"] = legend.column(table, COMPANIONS[table][name])
    return field
