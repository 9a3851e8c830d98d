"""Files that a page cannot read, dropped on it: one sentence names the kind, whatever the file is called, and the way out."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from qjmap.i18n import texts
from tests.browser.conftest import PHONE, Opened, dropped

Open = Callable[..., Opened]

KML = b'<?xml version="1.0" encoding="UTF-8"?>\n<!-- made -->\n<kml xmlns="http://www.opengis.net/kml/2.2"><Document/></kml>'
OLE = bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 504


def packed(*names: str) -> bytes:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as archive:
        for name in names:
            archive.writestr(
                name, "application/vnd.oasis.opendocument.spreadsheet" if name == "mimetype" else "x" * 3000
            )
    return whole.getvalue()


def wide(word: str) -> bytes:
    return OLE + word.encode("utf-16-le") + b"\0" * 200


CASES: list[tuple[str, bytes, str]] = [
    ("a.kml", KML, "kml"),
    ("a.csv", KML, "kml"),
    ("a.kml", KML.decode().replace("UTF-8", "UTF-16").encode("utf-16"), "kml"),
    ("a.kml", b"\xef\xbb\xbf  \n" + KML, "kml"),
    ("a.txt", b'<k:kml xmlns:k="http://www.opengis.net/kml/2.2"></k:kml>', "kml"),
    ("a.kmz", packed("doc.kml", "files/a.png"), "kmz"),
    ("a.zip", packed("a/b/doc.KML"), "kmz"),
    ("a.xlsx", packed("doc.kml"), "kmz"),
    ("a.kmz", b"PK\x03\x04 damaged", "kmz"),
    ("a.gpx", b'<?xml version="1.0"?><gpx version="1.1"><wpt/></gpx>', "gpx"),
    ("a.xlsx", packed("[Content_Types].xml", "xl/workbook.xml"), "damaged"),
    ("a.csv", packed("[Content_Types].xml", "xl/workbook.xml"), "damaged"),
    ("a.xlsx", b"PK\x03\x04" + b"\0" * 40, "damaged"),
    ("a.xlsb", packed("[Content_Types].xml", "xl/workbook.bin"), "workbook"),
    ("a.ods", packed("mimetype", "content.xml"), "damaged"),
    ("a.odt", packed("mimetype2", "content.xml"), "zip"),
    ("a.docx", packed("[Content_Types].xml", "word/document.xml"), "document"),
    ("a.xls", wide("Workbook"), "workbook"),
    ("a.et", OLE, "workbook"),
    ("表.csv", wide("Workbook"), "workbook"),
    ("a.doc", wide("WordDocument"), "document"),
    ("a.xlsx", wide("EncryptedPackage"), "locked"),
    ("a.xls", b"<html xmlns:o='urn:x'><table><tr><td>1</td></tr></table></html>", "webpage"),
    ("a.xls", b"<!DOCTYPE html>\n<html></html>", "webpage"),
    ("a.csv", b"<table border=1><tr><td>x</td></tr></table>", "webpage"),
    ("a.xls", b"MIME-Version: 1.0\r\nContent-Type: multipart/related", "webpage"),
    ("a.xls", b'<?xml version="1.0"?>\n<?mso-application progid="Excel.Sheet"?>\n<Workbook xmlns="urn:x"/>', "spreadsheet"),
    ("a.csv", b'<?xml version="1.0"?><data><row/></data>', "xml"),
    ("a.geojson", b'{"type":"FeatureCollection","features":[]}', "geojson"),
    ("a.csv", b'{\n "features": [], "type": "FeatureCollection"}', "geojson"),
    ("a.json", b'{"type": "Point", "coordinates": [1, 2]}', "geojson"),
    ("a.geojson", b"damaged", "geojson"),
    ("a.json", b'[{"name": "x"}]', "json"),
    ("a.gpkg", b"SQLite format 3\0" + b"\0" * 100, "geopackage"),
    ("a.csv", b"SQLite format 3\0" + b"\0" * 100, "geopackage"),
    ("a.shp", b"\0\0\x27\x0a" + b"\0" * 96, "shapefile"),
    ("a.dbf", b"\x03\x7e\x01\x01" + b"\0" * 60, "shapefile"),
    ("a.prj", b'GEOGCS["GCS_WGS_1984"]', "shapefile"),
    ("a.zip", packed("a/b.shp", "a/b.dbf"), "vector"),
    ("a.fgb", b"fgb\x03fgb\0", "vector"),
    ("a.parquet", b"PAR1xxxxPAR1", "parquet"),
    ("a.zip", packed("a.csv"), "zip"),
    ("a.rar", b"Rar!\x1a\x07", "archive"),
    ("a.pdf", b"%PDF-1.7", "document"),
    ("a.png", b"\x89PNG\r\n\x1a\n", "picture"),
]  # fmt: skip


def test_every_kind_is_named_with_the_way_out(open_file: Open, region_page: Path) -> None:
    opened = open_file(region_page)
    opened.wait_ready()
    page = opened.page
    for number, (name, data, kind) in enumerate(CASES):
        name = f"{number} {name}"
        dropped(page, name, data)
        page.locator("#qj-drop h3", has_text=name).wait_for()
        said = page.locator("#qj-drop .qj-drop-wrong")
        assert said.get_attribute("data-kind") == kind, name
        expect(said).to_have_text(texts("page")[f"drop.kind.{kind}"]["zh"])
        assert page.locator("#qj-drop .qj-fault").count() == 0
    page.locator("#qj-language").click()
    expect(said).to_have_text(texts("page")[f"drop.kind.{kind}"]["en"])


@pytest.mark.parametrize(
    ("text", "kind"),
    [(KML.decode(), "kml"), ('{"type":"FeatureCollection","features":[]}', "geojson"), ("<html></html>", "webpage")],
)
def test_what_is_pasted_is_named_too(open_file: Open, region_page: Path, text: str, kind: str) -> None:
    opened = open_file(region_page)
    opened.wait_ready()
    opened.page.locator("#qj-drop-button").click()
    opened.page.locator("#qj-drop-paste").fill(text)
    opened.page.locator('[data-act="read_paste"]').click()
    expect(opened.page.locator(f'#qj-drop [data-kind="{kind}"]')).to_be_visible()


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.csv", "名称,类别\n<html>厂,企业\n".encode()),
        ("a.csv", "<名称>,类别\n甲,企业\n".encode()),
        ("a.csv", "[名称],类别\n甲,企业\n".encode()),
        ("a.txt", "{名称},类别\n甲,企业\n".encode()),
        ("a.xls", "名称\t类别\n甲\t企业\n".encode("gb18030")),
        ("a.xlsx", "名称,类别\n甲,企业\n".encode("utf-16")),
        ("名称", "名称,类别\n甲,企业\n".encode()),
    ],
)  # fmt: skip
def test_a_text_table_is_read_whatever_it_is_called(open_file: Open, region_page: Path, name: str, data: bytes) -> None:
    opened = open_file(region_page)
    opened.wait_ready()
    dropped(opened.page, name, data)
    expect(opened.page.locator("#qj-drop-summary")).to_be_visible()


def test_a_file_that_is_too_large_and_one_that_cannot_be_opened(open_file: Open, region_page: Path) -> None:
    opened = open_file(region_page)
    opened.wait_ready()
    for kind, file in (
        ("large", "Object.defineProperty(new File(['x'], 'a.csv'), 'size', { value: 65 * 1024 * 1024 })"),
        (
            "unreadable",
            "((no) => Object.assign(new File(['x'], 'f'), { arrayBuffer: no, slice: () => ({ arrayBuffer: no }) }))(() => Promise.reject())",
        ),
    ):
        opened.page.evaluate(
            f"""() => {{
                const event = new DragEvent("drop", {{ bubbles: true, cancelable: true }});
                Object.defineProperty(event, "dataTransfer", {{ value: {{ types: ["Files"], files: [{file}] }} }});
                document.body.dispatchEvent(event);
            }}"""
        )
        expect(opened.page.locator(f'#qj-drop [data-kind="{kind}"]')).to_be_visible()


@pytest.mark.parametrize("options", [{}, {"viewport": PHONE}], ids=["desktop", "phone"])
def test_the_sentence_stands_whole_in_the_card(
    open_file: Open, region_page: Path, options: dict[str, dict[str, int]]
) -> None:
    opened = open_file(region_page, **options)
    opened.wait_ready()
    dropped(opened.page, "名称很长" * 20 + ".gpkg", b"SQLite format 3\0")
    said, card = opened.page.locator("#qj-drop .qj-drop-wrong"), opened.page.locator("#qj-drop")
    expect(said).to_be_in_viewport(ratio=1)
    box, around = said.bounding_box(), card.bounding_box()
    assert box is not None
    assert around is not None
    assert around["x"] <= box["x"]
    assert box["x"] + box["width"] <= around["x"] + around["width"]
    assert card.evaluate("one => one.scrollWidth <= one.clientWidth")


def test_of_several_files_the_first_is_read_and_the_others_are_counted(open_file: Open, region_page: Path) -> None:
    opened = open_file(region_page)
    opened.wait_ready()
    opened.page.evaluate(
        """() => {
            const transfer = new DataTransfer();
            for (const name of ["one.csv", "two.csv", "three.csv"]) transfer.items.add(new File(["名称\\n" + name], name));
            document.body.dispatchEvent(new DragEvent("drop", { dataTransfer: transfer, bubbles: true, cancelable: true }));
        }"""
    )
    expect(opened.page.locator("#qj-drop h3", has_text="one.csv")).to_be_visible()
    expect(opened.page.locator("#qj-drop")).to_contain_text("另外 2 个没有读取")
