"""A page carries the columns of the user's own that it shows, and no byte of those that are hidden."""

from __future__ import annotations

import base64
import binascii
import json
import re
import zlib
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from qjmap.column_settings import ColumnSettings
from qjmap.layers.table_payload import filter_classes
from qjmap.payload.chunk_column import CHUNK
from qjmap.pipeline.build import build
from qjmap.project import load_project
from qjmap.tables.own_columns import OwnColumn
from tests.own_tables import HELD_BACK, SECRETS, make_own_region

REPEAT = 400


@pytest.fixture(scope="module", params=[1, REPEAT], ids=["one block", "chunks"])
def page(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(load_project(make_own_region(tmp_path_factory.mktemp("own") / "p", repeat=request.param))).page


def unpacked(text: str) -> Iterator[bytes]:
    """Everything that the page's elements hold, unpacked; texts in byte planes as UTF-8."""
    for body in re.findall(r"<script[^>]*>([^<]*)</script>", text):
        for stream in body.strip().split("."):
            try:
                data = zlib.decompress(base64.b64decode(stream, validate=True), 47)
            except (binascii.Error, zlib.error, ValueError):
                continue
            yield data
            if data[:1] == b"\x02" and len(data) > 2:
                for rows in range(1, CHUNK + 1):
                    planes = np.frombuffer(data[2 + rows * data[1] :], dtype=np.uint8)
                    if len(planes) % 2 == 0:
                        yield planes.reshape(2, -1).T.tobytes().decode("utf-16-le", "replace").encode()


@pytest.mark.slow
def test_the_page_holds_nothing_that_is_hidden(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    whole = b"\n".join([text.encode(), *unpacked(text)])
    assert "铝型材".encode() in whole
    assert b"0012" in whole
    for secret in SECRETS:
        assert secret.encode() not in whole, secret
    (meta,) = re.findall(r'id="qjmap-meta">(.*?)</script>', text)
    assert not {*HELD_BACK} & {*json.loads(meta)["columns"]["sites"]}
    assert not any(f'"name":"{name}"'.encode() in whole for name in HELD_BACK)


@pytest.mark.slow
def test_the_page_is_told_of_labels_units_order_and_filter(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    (meta,) = re.findall(r'id="qjmap-meta">(.*?)</script>', text)
    own = json.loads(meta)["own"]["sites"]
    assert own[0] == {
        "name": "职工人数", "kind": "number", "unit": "人", "label": {"zh": "在岗职工", "en": "Staff"}, "filter": "/职工人数",
    }  # fmt: skip
    assert [column["name"] for column in own[1:4]] == ["占地面积（亩）", "获批日期", "官方网页"]
    kinds = {column["name"]: column["kind"] for column in own}
    assert kinds["官方网页"] == "link"
    assert kinds["统一代码"] == kinds["网络"] == kinds["空列"] == "text"
    assert own[4]["label"] == {"zh": "评级", "en": "Rating"}


def test_classes_hold_about_as_many_rows_each() -> None:
    column = OwnColumn("n", "number", settings=ColumnSettings(filter=True))
    values = pd.Series(np.append(np.arange(1, 1201, dtype=float), np.nan))
    classes = pd.Series(filter_classes(column, values))
    assert classes.iloc[-1] == ""
    counts = classes.iloc[:-1].value_counts()
    assert [*counts.sort_index().index] == ["/200", "200/400", "400/600", "600/800", "800/1000", "1000/"] or len(
        counts
    ) == 6
    assert counts.max() < 2 * counts.min()
    for number, name in zip(values[:-1], classes[:-1], strict=True):
        start, _, end = name.partition("/")
        assert (not start or number >= float(start)) and (not end or number < float(end))
    few = filter_classes(column, pd.Series([3.0, 1.5, np.nan, 3.0]))
    assert few == ["3", "1.5", "", "3"]
    dates = OwnColumn("d", "date", settings=ColumnSettings(filter=True))
    assert filter_classes(dates, pd.Series(["2019-05", "2020年3月", "", "2021"])) == ["2019", "2020", "", "2021"]
