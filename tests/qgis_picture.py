"""What QGIS makes of an exported project: `python3 tests/qgis_picture.py atlas.qgz atlas.png`, with the Python that has QGIS.

It fails where a layer does not open, lacks the rows of its table, its symbols or labels, or draws nothing; or where the project does not open at
the place where the map does. The picture shows all layers that are on.
"""

from __future__ import annotations

import os
import sqlite3
import sys
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from qgis.core import (  # type: ignore[import-not-found]
    QgsApplication,
    QgsMapRendererParallelJob,
    QgsMapSettings,
    QgsProject,
    QgsRectangle,
)
from qgis.PyQt.QtCore import QSize  # type: ignore[import-not-found]
from qgis.PyQt.QtGui import QColor, QImage  # type: ignore[import-not-found]

SIZE = (1600, 1100)
"""Width and height of the picture in pixels."""
WHITE = QColor("white")


def opening(project: Path) -> QgsRectangle:
    """Return the extent at which the project opens, in degrees."""
    with zipfile.ZipFile(project) as archive:
        root = ET.fromstring(archive.read("project.qgs"))
    extent = root.find("mapcanvas/extent")
    if extent is None:
        raise SystemExit("the project has no opening view")
    return QgsRectangle(*(float(extent.findtext(name) or "nan") for name in ("xmin", "ymin", "xmax", "ymax")))


def drawn(layers: Sequence[Any], extent: QgsRectangle) -> QImage:
    """Draw layers, the topmost first."""
    settings = QgsMapSettings()
    settings.setLayers(list(layers))
    settings.setDestinationCrs(layers[0].crs())
    settings.setOutputSize(QSize(*SIZE))
    settings.setBackgroundColor(WHITE)
    settings.setExtent(extent)
    job = QgsMapRendererParallelJob(settings)
    job.start()
    job.waitForFinished()
    return job.renderedImage()


def is_blank(image: QImage) -> bool:
    """Return whether all pixels are white."""
    return all(image.pixelColor(x, y) == WHITE for x in range(0, image.width(), 2) for y in range(0, image.height(), 2))


def faults(layer: Any, rows: int) -> Iterator[str]:
    """Yield what is wrong with a layer whose table has so many rows."""
    if not layer.isValid():
        yield "does not open"
        return
    if layer.featureCount() != rows:
        yield f"has {layer.featureCount()} rows, not {rows}"
    if not layer.isSpatial():
        return
    renderer = layer.renderer()
    if renderer.type() != "categorizedSymbol":
        yield f"is drawn by {renderer.type()}"
        return
    if not layer.labelsEnabled():
        yield "has no labels"
    known = {category.value() for category in renderer.categories()}
    values = {feature[renderer.classAttribute()] for feature in layer.getFeatures()}
    if values - known and "" not in known:
        yield f"has no symbol for {sorted(map(str, values - known))}"
    if is_blank(drawn([layer], layer.extent().buffered(1))):
        yield "draws nothing"


def main(project: Path, picture: Path) -> int:
    """Check a project and write its picture; return 1 if anything is wrong, else 0."""
    QgsApplication.setPrefixPath("/usr", True)
    application = QgsApplication([], False)
    application.initQgis()
    held = QgsProject.instance()
    if not held.read(str(project)):
        sys.stdout.write(f"{project} does not open\n")
        return 1
    with closing(sqlite3.connect(project.with_suffix(".gpkg"))) as connection:
        names = [
            name for (name,) in connection.execute("SELECT table_name FROM gpkg_contents") if name != "layer_styles"
        ]
        rows = {name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in names}
    layers = {layer.id().removeprefix("qjmap_"): layer for layer in held.mapLayers().values()}
    wrong = [f"{name} has no layer" for name in rows if name not in layers]
    for name, layer in layers.items():
        wrong += [f"{name} {fault}" for fault in faults(layer, rows.get(name, 0))]
    on = [node.layer() for node in held.layerTreeRoot().findLayers() if node.isVisible() and node.layer().isSpatial()]
    image = drawn(on, opening(project))
    image.save(str(picture))
    if is_blank(image):
        wrong.append("the opening view shows nothing")
    sys.stdout.write(("\n".join(wrong) or f"{len(layers)} layers, {picture}") + "\n")
    return int(bool(wrong))


if __name__ == "__main__":
    code = main(Path(sys.argv[1]), Path(sys.argv[2]))
    sys.stdout.flush()
    os._exit(code)  # QGIS does not always end its threads
