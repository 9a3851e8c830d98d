"""Choice of the reader: a file is what its suffix says, or is refused with its kind and a way out."""

from __future__ import annotations

import io
import re
import sqlite3
import zipfile
from pathlib import Path

import pytest

from qjmap.errors import UsageError
from qjmap.i18n import texts
from qjmap.tables.readers import detect_kind
from tests.tables.helpers import TEXT, read
from tests.tables.table_files import ods, text_of, xls, xlsx, zipped

ROWS = [["名称", "地址"], ["甲厂", "某路1号"], ["乙厂", "某路2号"]]
NAMES = ["甲厂", "乙厂"]
VRT = '<OGRVRTDataSource><OGRVRTLayer name="a"><SrcDataSource>{}</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>'


@pytest.mark.parametrize("name", ["a.csv", "a.txt", "a.xls", "a.xlsx", "a.ods", "a.et", "a.tsv", "a"])
@pytest.mark.parametrize("make", [xlsx, xls, ods, lambda rows: text_of(rows, "\t").encode("gb18030")])
def test_the_contents_of_a_table_decide(tmp_path: Path, name: str, make: object) -> None:
    found = read(tmp_path, make(ROWS), name)  # type: ignore[operator]
    assert list(found.frame["name"]) == NAMES
    said = [note.params["what"] for note in found.notes if note.key == "note-not-its-name"]
    assert bool(said) == (
        name not in {"a.xls", "a.xlsx", "a.ods", "a.et"}
        if make in (xlsx, xls, ods)
        else name not in {"a.csv", "a.txt", "a.tsv", "a"}
    )


def test_every_kind_has_its_words_in_both_languages() -> None:
    words = texts("kinds")
    named = {detect_kind.unread_kind(suffix) for suffix in detect_kind._UNREAD_SUFFIXES}
    for kind in named | set(detect_kind.VECTOR_KINDS.values()) | {"xml", "mail", "sqlite", "binary"}:
        assert all(words[f"{word}-{kind}"][lang] for word in ("kind", "way") for lang in ("zh", "en")), kind


def a_database() -> bytes:
    base = sqlite3.connect(":memory:")
    base.execute("create table a (b)")
    return base.serialize()


def opendocument(kind: str) -> bytes:
    """A small OpenDocument file without worksheets."""
    return zipped(
        {"mimetype": f"application/vnd.oasis.opendocument.{kind}", "content.xml": "<office:document-content/>"}
    )


OTHERS: dict[str, tuple[bytes, str]] = {
    "a.pdf": (b"%PDF-1.7\n...", "PDF"),
    "b.csv": (b"%PDF-1.7\n...", "PDF"),
    "c.xlsx": (zipped({"word/document.xml": "<w/>", "[Content_Types].xml": "x"}), "Word"),
    "d.docx": (zipped({"word/document.xml": "<w/>", "[Content_Types].xml": "x"}), "Word"),
    "e.doc": (b"plain", "Word"),
    "f.wps": (b"\0\1\2", "Word"),
    "g.dwg": (b"AC1032\0\0\0", "CAD"),
    "h.mdb": (b"\0\1\0\0Standard Jet DB\0", "Access"),
    "i.rar": (b"Rar!\x1a\x07\0", "RAR"),
    "j.7z": (b"7z\xbc\xaf\x27\x1c\0", "7z"),
    "k.csv.gz": (b"\x1f\x8b\x08\0", "gzip"),
    "l.csv": (b"\x1f\x8b\x08\0", "gzip"),
    "m.tab": (b"!table\n!version 300\n", "MapInfo"),
    "n.mif": (b"Version 300\n", "MapInfo"),
    "o.numbers": (zipped({"Index/Document.iwa": b"x"}), "Numbers"),
    "p.png": (b"\x89PNG\r\n\x1a\n\0", "图片"),
    "q.xls": (b"\x89PNG\r\n\x1a\n\0", "图片"),
    "r.exe": (b"MZ\x90\0\3", "程序"),
    "s.csv": (b"\x7fELF\2\1\1\0", "程序"),
    "t.sqlite": (a_database(), "SQLite"),
    "u.csv": (a_database(), "SQLite"),
    "v.dbf": (b"\x03\x7a\1\1", "dBase"),
    "w.shx": (b"\0\0\x27\x0a", "shapefile"),
    "x.mht": (b"MIME-Version: 1.0\r\nContent-Type: multipart/related\r\n", "MHTML"),
    "y.xls": (b"From: <x>\r\nMIME-Version: 1.0\r\n", "MHTML"),
    "z.csv": (b'<?xml version="1.0"?><kml xmlns="x"/>', "KML"),
    "aa.txt": (b'<gpx version="1.1"/>', "GPX"),
    "ab.csv": (VRT.format("x").encode(), "XML"),
    "ac.xls": (b"<?xml version='1.0'?><osm/>", "XML"),
    "ad.csv": (b"fgb\x03fgb\0", "FlatGeobuf"),
    "ae.xlsx": (zipped({"a.shp": b"\0\0\x27\x0a"}), "ZIP"),
    "af.zip.xls": (zipped({"doc.kml": "<kml/>"}), "KMZ"),
    "ag.fods": (b"<?xml version='1.0'?><office:document/>", "OpenDocument"),
    "ah.pptx": (zipped({"ppt/presentation.xml": "<p/>"}), "演示"),
    "ai.qgz": (zipped({"a.qgs": "<qgis/>"}), "工程"),
    "aj.vrt": (VRT.format("x").encode(), "VRT"),
    "ak.odt": (opendocument("text"), "文字文档"),
    "al.ods": (opendocument("text"), "文字文档"),
    "am.xlsx": (opendocument("text-template"), "文字文档"),
    "an.csv": (opendocument("presentation"), "演示"),
}


@pytest.mark.parametrize("name", OTHERS)
def test_kinds_that_are_not_read_are_told_by_name(tmp_path: Path, name: str) -> None:
    data, word = OTHERS[name]
    with pytest.raises(UsageError) as caught:
        read(tmp_path, data, name)
    assert caught.value.code == "kind-not-read"
    assert word in caught.value.line("zh")
    assert caught.value.exit_code == 2


@pytest.mark.parametrize("name", ["a.kml", "a.shp", "a.gpkg", "a.fgb", "a.zip", "a.kmz", "a.gpx"])
def test_a_file_of_features_is_what_its_name_says(tmp_path: Path, name: str) -> None:
    secret = tmp_path / "secret.csv"
    secret.write_text("名称,lon,lat\n秘密,106,29\n")
    others = [
        VRT.format(secret).encode(),
        b"\xef\xbb\xbf \n" + VRT.format(secret).encode(),
        f"<!-- <kml> -->{VRT.format(secret)}".encode(),
        TEXT.encode(),
        xlsx(ROWS),
        xls(ROWS),
        b"{}",
        b"",
        b"%PDF-1.7",
        f'<?xml version="1.0" encoding="UTF-16"?>{VRT.format(secret)}'.encode("utf-16"),
    ]
    for data in others:
        with pytest.raises(UsageError) as caught:
            read(tmp_path, data, name)
        assert caught.value.exit_code == 2
        assert "秘密" not in caught.value.line("zh")


@pytest.mark.parametrize(
    "start", ["BM公司", "MZ公司", "II公司", "<甲>厂", "{甲}", "[甲]", "RIFF厂", "AC1032厂", "%甲", "!甲"]
)
def test_a_text_may_begin_with_any_letters(tmp_path: Path, start: str) -> None:
    found = read(tmp_path, f"{start},名称\nx,甲厂\n", "a.csv")
    assert list(found.frame["name"]) == ["甲厂"]
    assert start in found.header


def test_an_archive_with_two_members_of_one_name_is_read_in_one_way(tmp_path: Path) -> None:
    """The member that is counted is the member that is read."""
    out = io.BytesIO(xlsx(ROWS))
    with zipfile.ZipFile(out, "a") as package, pytest.warns(UserWarning):
        first = package.read("xl/worksheets/sheet1.xml")
        package.writestr("xl/worksheets/sheet1.xml", re.sub(rb'r="A1"', b'r="A1" ', first))
    assert list(read(tmp_path, out.getvalue(), "a.xlsx").frame["name"]) == NAMES
