"""Write the page of two editions: the page of the new one, with what is gone, new and changed marked on map, list and panel."""

from __future__ import annotations

from pathlib import Path

from qjmap.atomic_write import write_all
from qjmap.diff import Edition
from qjmap.pipeline.both_editions import both_editions
from qjmap.pipeline.map import page_bytes


def compare(old: Edition, new: Edition, out: Path, folder: Path) -> None:
    """Write the page of two editions.

    Parameters
    ----------
    out : path of the page.
    folder : as in `both_editions`.
    """
    old_name = Path(old.name).resolve().stem if Path(old.name).exists() else old.name
    both = both_editions(old, new, folder, old_name=old_name)
    write_all({out: page_bytes(both.atlas, view=both.view, changes=both.changes)}, durable=False)
