"""A header over two or three rows, merged or not -> one text per column: 坐标 above 经度 and 纬度 -> 坐标 经度, 坐标 纬度."""

from __future__ import annotations

from collections.abc import Sequence

from qjmap.tables.readers.cell_shapes import shape
from qjmap.tables.readers.row_words import compact, is_unit

_MAX_CHILD = 24  # maximum length of a cell below the top row, in characters

Row = Sequence[str]


def stacked_header(rows: Sequence[Row], index: int) -> tuple[int, int, list[str]] | None:
    """Return the indices of first and last row, and the texts by column, of a header of several rows that includes row `index`.

    None if the header is that row alone.
    """
    for first, last in ((-2, 0), (-1, 1), (0, 2), (-1, 0), (0, 1)):
        if index + first >= 0 and index + last < len(rows):
            part = rows[index + first : index + last + 1]
            if (joined := _join(part)) is not None:
                return index + first, index + last, joined
    return None


def _join(rows: Sequence[Row]) -> list[str] | None:
    """Join the rows of a header into one text per column, from the lowest row upwards; None if they do not form one header."""
    width = max(map(len, rows))
    texts = [[cell.strip("\ufeff").strip() for cell in row] + [""] * (width - len(row)) for row in rows]
    joined = texts[-1]
    if not all(_may_be_child(row) for row in texts[1:]):
        return None
    for level in range(len(texts) - 2, -1, -1):
        combined = _combine(texts[level], joined, needs_leaf=level == 0)
        if combined is None:
            return None
        joined = combined
    return joined


def _may_be_child(row: Row) -> bool:
    """Whether a row may be a lower row of a header: it holds short words only."""
    return any(row) and all(shape(cell) in ("", "text") and len(cell) <= _MAX_CHILD for cell in row)


def _combine(parents: Row, children: Row, *, needs_leaf: bool) -> list[str] | None:
    """Join a row of a header with the row below it; None if they do not form one header.

    Parameters
    ----------
    needs_leaf : whether some cell of the upper row must have no cell below it. If all have one, the upper row is a title or a band of
        titles.
    """
    if len({compact(cell) for cell in parents if cell}) < 2:
        return None
    joined = list[str]()
    stacked = leaf = False
    index = 0
    while index < len(parents):
        end = _end_of_span(parents, children, index)
        parent = parents[index]
        if end - index > 1:
            joined += [f"{parent} {child}" for child in children[index:end]]
            stacked = True
            index = end
            continue
        child = children[index]
        if not parent:
            joined.append(child)
            stacked |= bool(child)
        elif not child or compact(child) == compact(parent):
            joined.append(parent)
            leaf = True
        elif is_unit(compact(child)):
            joined.append(f"{parent}（{child.strip('()（）')}）")
        else:
            return None
        index += 1
    return joined if stacked and (leaf or not needs_leaf) else None


def _end_of_span(parents: Row, children: Row, start: int) -> int:
    """Return the index after the last column that the upper cell in column `start` spans.

    It spans several columns only if the cells below are all filled and not all the same; else it spans one.
    """
    parent, end = parents[start], start + 1
    if not parent or not children[start] or compact(children[start]) == compact(parent):
        return end
    while end < len(parents) and children[end] and (not parents[end] or compact(parents[end]) == compact(parent)):
        end += 1
    return end if len({compact(child) for child in children[start:end]}) > 1 else start + 1
