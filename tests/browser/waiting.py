"""Waits for states of a page. No test waits for a time: a busy machine needs longer, an idle one need not wait."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from playwright.sync_api import Page

T = TypeVar("T")
_STILL = """(frames) => new Promise((resolve, reject) => {
  let left = frames, budget = 1200;
  const observer = new MutationObserver(() => { left = frames; });
  observer.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
  const step = () => {
    budget -= 1;
    if (budget < 0) reject(new Error("the page keeps changing"));
    else if (left > 0) { left -= 1; requestAnimationFrame(step); return; }
    else resolve();
    observer.disconnect();
  };
  requestAnimationFrame(step);
})"""


def wait_until_still(page: Page, frames: int = 6) -> None:
    """Wait until the document has not changed for some animation frames; a map that moves changes it in every frame."""
    page.evaluate(_STILL, frames)


def wait_for(page: Page, read: Callable[[], T], accept: Callable[[T], bool] = bool, tries: int = 300) -> T:
    """Read a state once per animation frame until it is accepted; return it, or what was read last."""
    state = read()
    for _ in range(tries):
        if accept(state):
            break
        page.evaluate("() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))")
        state = read()
    return state
