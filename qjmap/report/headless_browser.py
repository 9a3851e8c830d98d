"""Make pictures and PDF files of pages with a browser that is installed on this machine, without a window and without a network."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

VARIABLE = "QJMAP_BROWSER"
"""Environment variable with the name or path of the browser's program; if it is empty, no browser is used."""
_PROGRAMS = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "microsoft-edge",
    "msedge",
)
_PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
    r"C:\Program Files\Microsoft\Edge\Application\msedge.exe",
)
_SECONDS = 120
_PATIENCE_MS = 20_000
"""Virtual time in milliseconds within which a page must be ready; in the browser it passes faster than real time."""
_READY = 'data-qjmap="ready"'
_DRAWING = re.compile(r'<svg([^>]*) id="qj-drawing"(>.*?</svg>)', re.DOTALL)
_BARS = 150
"""Height in CSS pixels that is added to the window for the browser's own bars; the size of a drawing does not depend on it."""


@dataclass(frozen=True)
class Drawing:
    """A map as the bytes of an SVG file, and of a PNG file with the same content."""

    svg: bytes
    png: bytes


def find_browser() -> str | None:
    """Return the path of a browser of the Chromium family: if `VARIABLE` is set only the one that it names, else any installed one; None if
    there is none.
    """
    if VARIABLE in os.environ:
        return shutil.which(os.environ[VARIABLE])
    named = (shutil.which(name) for name in _PROGRAMS)
    return next(filter(None, (*named, *(place for place in _PLACES if Path(place).is_file()))), None)


def picture(page: Path, *, width: int, height: int, scale: float = 2, address: str = "?embed=picture") -> bytes | None:
    """Return a PNG screenshot of a page of an atlas; None if there is no browser or the page does not become ready.

    Parameters
    ----------
    page : the page's HTML file.
    width, height : size of the window in CSS pixels.
    scale : pixels of the picture per CSS pixel.
    address : query and fragment to append to the page's address, with ? and #.
    """
    with tempfile.TemporaryDirectory() as folder:
        said, image = _photograph(page.resolve().as_uri() + address, folder, (width, height), scale)
        return image if _READY in said else None


def drawing(page: Path, *, width: int, height: int, scale: float = 2, address: str = "") -> Drawing | None:
    """Return the map of a page as SVG, drawn by the page's scripts, and a PNG picture of that; None if there is no browser or it fails.

    Parameters
    ----------
    width, height : size of the map in CSS pixels.
    scale : pixels of the PNG picture per CSS pixel.
    address : fragment of the page's address, without #.
    """
    with tempfile.TemporaryDirectory() as folder:
        window = f"--window-size={width},{height + _BARS}"
        address = f"{page.resolve().as_uri()}?embed=picture&svg={width}x{height}#{address}"
        found = _DRAWING.search(_run(address, folder, window, "--dump-dom") or "")
        if found is None:
            return None
        # The browser serialises it as HTML: without a namespace, and with an entity that XML does not have.
        svg = f'<svg xmlns="http://www.w3.org/2000/svg"{found[1]}{found[2]}'.replace("&nbsp;", "\xa0").encode()
        file = Path(folder, "drawing.svg")
        file.write_bytes(svg)
        _, image = _photograph(file.as_uri(), folder, (width, height), scale)
        return Drawing(svg, image) if image is not None else None


def _photograph(address: str, folder: str, size: tuple[int, int], scale: float) -> tuple[str, bytes | None]:
    """Return the document at an address as HTML ("" if the browser fails), and a PNG picture of its window (None if there is none).

    Parameters
    ----------
    folder : folder for temporary files.
    size : width and height of the window in CSS pixels.
    """
    out = Path(folder, "picture.png")
    window = (f"--window-size={size[0]},{size[1]}", f"--force-device-scale-factor={scale}", "--hide-scrollbars")
    said = _run(address, folder, *window, "--dump-dom", f"--screenshot={out}")
    return said or "", out.read_bytes() if said is not None and out.is_file() else None


def pdf(document: Path) -> bytes | None:
    """Return an HTML file as PDF, with the paper size that its styles set; None if there is no browser or the browser fails."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder, "document.pdf")
        _run(document.resolve().as_uri(), folder, "--no-pdf-header-footer", f"--print-to-pdf={out}")
        return out.read_bytes() if out.is_file() else None


def _run(address: str, folder: str, *arguments: str) -> str | None:
    """Open an address in the browser, without a network and with an empty profile.

    Return its standard output; None if there is no browser, or it fails or takes more than `_SECONDS`. `folder` is for its profile.
    """
    browser = find_browser()
    if browser is None:
        return None
    is_root = hasattr(os, "geteuid") and os.geteuid() == 0  # Chromium refuses to run as root with its sandbox
    command = [
        browser, "--headless=new", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update",
        "--host-resolver-rules=MAP * ~NOTFOUND", f"--user-data-dir={folder}/profile", f"--virtual-time-budget={_PATIENCE_MS}",
        *(["--no-sandbox"] if is_root else []), *arguments, address,
    ]  # fmt: skip
    try:
        done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False, timeout=_SECONDS)  # noqa: S603
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout if done.returncode == 0 else None
