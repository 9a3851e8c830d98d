"""Makes the picture of the map in the README: the page as it opens, in a headless Chromium."""

from __future__ import annotations

import shutil
import sys
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

HERE = Path(__file__).parent
_CHROMIUMS = ("chromium", "chromium-browser", "google-chrome")


def main() -> None:
    """Opens maps/qijiang.html and writes maps/qijiang.png."""
    browser_path = next((path for name in _CHROMIUMS if (path := shutil.which(name))), None)
    if browser_path is None:
        sys.exit("no Chromium on this machine: run `make browser` first")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.goto((HERE / "qijiang.html").resolve().as_uri())
        page.wait_for_selector("html[data-qjmap=ready]", state="attached")
        page.wait_for_timeout(500)
        shot = page.screenshot()
        browser.close()
    # Levels of four: no eye sees the difference, and the file has a quarter fewer bytes.
    picture = Image.open(BytesIO(shot)).convert("RGB").point(lambda value: min(255, (value + 2) // 4 * 4))
    picture.save(HERE / "qijiang.png", optimize=True)


if __name__ == "__main__":
    main()
