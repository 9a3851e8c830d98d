"""Write KML 2.2: one document with a folder for each layer, which has a folder for each value of the layer's `CLASSIFIED` column.

Placemarks share styles and balloon templates of plain text. All columns are written as typed data of a schema, from which
`tables.readers.kml` can read the tables again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from qjmap.export.column_names import NOT_IN_XML
from qjmap.export.feature_columns import DECIMALS
from qjmap.export.flat_frame import columns_of, plain_cells
from qjmap.export.legend import CLASSIFIED, Legend
from qjmap.geodesy import cut_at_antimeridian
from qjmap.vocabulary import OTHER

_TYPES = {"float64": "double", "Int64": "int"}
_WIDTH = 2.5
"""Width of lines in pixels."""
_SHOWN = (
    "status", "kind", "category", "mode", "party_names", "place_name", "from_name", "to_name", "start", "value_cny", "source_title",
)  # fmt: skip
"""Columns that a balloon shows, if the layer has them."""


def write_kml(path: Path, layers: Mapping[str, pd.DataFrame], legend: Legend) -> None:
    """Write layers and tables to a KML file; rows without a geometry are placemarks without one."""
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write('<?xml version="1.0" encoding="UTF-8"?>\n<kml xmlns="http://www.opengis.net/kml/2.2">\n')
        file.write(f"<Document>\n<name>{_text(legend.title)}</name>\n<open>1</open>\n")
        credit = "\n".join(legend.credits)
        file.write(f"<description>{_text(credit)}</description>\n" if credit else "")
        for name, frame in layers.items():
            file.writelines(_styles(name, frame, legend))
        for name, frame in layers.items():
            file.writelines(_schema(name, frame, legend))
        for name, frame in layers.items():
            file.writelines(_folder(name, frame, legend, is_flat=len(layers) == 1))
        file.write("</Document>\n</kml>\n")


def _text(value: object) -> str:
    return escape(NOT_IN_XML.sub("", str(value)), {"\r": "&#13;"})


def _schema(layer: str, frame: pd.DataFrame, legend: Legend) -> Iterator[str]:
    yield f'<Schema name="{layer}" id="{layer}">\n'
    for name in columns_of(frame):
        kind = _TYPES.get(str(frame[name].dtype), "string")
        label = legend.column(layer, {"Name": "name", "Description": "description"}.get(name, name))
        yield f'<SimpleField type="{kind}" name={quoteattr(name)}><displayName>{_text(label)}</displayName></SimpleField>\n'
    yield "</Schema>\n"


def _styles(layer: str, frame: pd.DataFrame, legend: Legend) -> Iterator[str]:
    """Yield a style for each value of the layer's `CLASSIFIED` column that is valid in an XML id; none for a table without geometry."""
    if layer not in CLASSIFIED:
        return
    columns = {*columns_of(frame)}
    lines = [f"$[{layer}/{name}/displayName]：$[{layer}/{name}]" for name in _SHOWN if name in columns]
    balloon = "\n".join(["$[name]", *lines, "$[description]"])
    for symbol in legend.symbols(layer):
        red, green, blue = (symbol.color[at : at + 2].lower() for at in (1, 3, 5))
        color = f"<color>ff{blue}{green}{red}</color>"
        drawn = f"<LineStyle>{color}<width>{_WIDTH}</width></LineStyle>"
        if layer in ("places", "sites"):
            drawn = f"<IconStyle>{color}<scale>0.9</scale></IconStyle><LabelStyle><scale>0.8</scale></LabelStyle>"
        if _is_name(symbol.value):
            balloon_style = f"<BalloonStyle><text>{_text(balloon)}</text></BalloonStyle>"
            yield f'<Style id="{layer}.{symbol.value}">{drawn}{balloon_style}</Style>\n'


def _is_name(value: str) -> bool:
    """Return whether a value consists of characters that are valid in an XML id."""
    return all(part.isalnum() for part in value.split("-"))


def _folder(layer: str, frame: pd.DataFrame, legend: Legend, *, is_flat: bool) -> Iterator[str]:
    """Yield the folder of a layer, with a folder for each value of its `CLASSIFIED` column; that of rows without a value comes last.

    If ``is_flat``, the placemarks are directly in the folder of the layer.
    """
    names = columns_of(frame)
    cells = [plain_cells(frame[name]) for name in names]
    shapes = frame.geometry.to_numpy() if isinstance(frame, gpd.GeoDataFrame) else [None] * len(frame)
    yield f"<Folder>\n<name>{_text(legend.table(layer))}</name>\n"
    column = CLASSIFIED.get(layer, "")
    values = cells[names.index(column)] if column in names else [None] * len(frame)
    known = [symbol.value for symbol in legend.symbols(layer)] if column else []

    def marks(rows: Iterable[int]) -> Iterator[str]:
        for row in rows:
            value = str(values[row])
            value = value if value in known and _is_name(value) else OTHER
            yield _placemark(
                layer, names, [cell[row] for cell in cells], shapes[row], f"#{layer}.{value}" if column else ""
            )

    if is_flat or column not in names:
        yield from marks(range(len(frame)))
    else:
        for value in [*known, *sorted({one for one in values if one and one not in known}), None]:
            rows = [row for row, one in enumerate(values) if one == value]
            if rows:
                yield f"<Folder>\n<name>{_text(legend.word(layer, column, value) if value else '—')}</name>\n"
                yield from marks(rows)
                yield "</Folder>\n"
    yield "</Folder>\n"


def _placemark(layer: str, names: Sequence[str], cells: Sequence[Any], shape: Any, style: str) -> str:
    row = dict(zip(names, cells, strict=True))
    parts = ["<Placemark>"]
    for element, value in (("name", row.get("Name")), ("description", row.get("Description"))):
        if value is not None:
            parts.append(f"<{element}>{_text(value)}</{element}>")
    parts.append(f"<styleUrl>{style}</styleUrl>" if style else "")
    parts.append(f'<ExtendedData><SchemaData schemaUrl="#{layer}">')
    for name, value in row.items():
        if value is not None and name not in ("Name", "Description"):
            parts.append(f"<SimpleData name={quoteattr(name)}>{_text(value)}</SimpleData>")
    parts += ["</SchemaData></ExtendedData>", _geometry(cut_at_antimeridian(shape)), "</Placemark>\n"]
    return "".join(parts)


def _geometry(shape: Any) -> str:
    """Return a geometry as a KML element; "" for None and for an empty geometry."""
    if shape is None or shape.is_empty:
        return ""
    if hasattr(shape, "geoms"):
        return f"<MultiGeometry>{''.join(map(_geometry, shape.geoms))}</MultiGeometry>"
    if shape.geom_type == "Polygon":
        inner = "".join(f"<innerBoundaryIs>{_ring(ring)}</innerBoundaryIs>" for ring in shape.interiors)
        return f"<Polygon><outerBoundaryIs>{_ring(shape.exterior)}</outerBoundaryIs>{inner}</Polygon>"
    if shape.geom_type == "Point":
        return f"<Point>{_coordinates(shape)}</Point>"
    return f"<LineString><tessellate>1</tessellate>{_coordinates(shape)}</LineString>"


def _ring(ring: Any) -> str:
    return f"<LinearRing>{_coordinates(ring)}</LinearRing>"


def _coordinates(shape: Any) -> str:
    """Return longitudes and latitudes of the vertices (WGS 84 degrees) as KML writes them."""
    points = np.round(shapely.get_coordinates(shape), DECIMALS) + 0.0
    return f"<coordinates>{' '.join(f'{x!r},{y!r}' for x, y in points.tolist())}</coordinates>"
