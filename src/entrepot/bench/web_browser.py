"""What a reader waits for in a real browser: the first words of a page, and what it loads."""

from __future__ import annotations

import importlib.util
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Browser

BROWSER = "chromium"
_QUIET = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)
_PAINT = (
    "new Promise(done => new PerformanceObserver(seen => {"
    "const first = seen.getEntriesByName('first-contentful-paint')[0];"
    "if (first) done(first.startTime) }).observe({type: 'paint', buffered: true}))"
)


@dataclass(frozen=True, slots=True)
class PaintTrial:
    """One page in a browser that has nothing kept.

    Args:
        address: The page.
        paint_ms: First contentful paint, milliseconds from the start of the navigation.
        kilobytes: All that travelled, page and everything it loads, kB of a thousand bytes.
        request_count: Requests it took.
        elsewhere_count: Requests to another host.
    """

    address: str
    paint_ms: float
    kilobytes: float
    request_count: int
    elsewhere_count: int


def is_installed() -> bool:
    """Whether a browser and what drives it are there."""
    return shutil.which(BROWSER) is not None and importlib.util.find_spec("playwright") is not None


def painted(base: str, addresses: Sequence[str]) -> list[PaintTrial]:
    """Open pages in a browser, each with an empty cache.

    Args:
        base: Address of the desk.
        addresses: The pages.

    Returns:
        One trial a page.
    """
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=shutil.which(BROWSER), args=list(_QUIET))
        try:
            # The first page of a browser pays for the browser's own start.
            _painted(browser, base, addresses[0])
            return [_painted(browser, base, address) for address in addresses]
        finally:
            browser.close()


def _painted(browser: Browser, base: str, address: str) -> PaintTrial:
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    session = context.new_cdp_session(page)
    sizes: list[float] = []
    asked: list[str] = []
    session.on("Network.loadingFinished", lambda one: sizes.append(one["encodedDataLength"]))
    session.on("Network.requestWillBeSent", lambda one: asked.append(one["request"]["url"]))
    session.send("Network.enable")
    page.goto(base + address, wait_until="networkidle")
    told: dict[str, Any] = session.send(
        "Runtime.evaluate", {"expression": _PAINT, "awaitPromise": True, "returnByValue": True}
    )
    context.close()
    away = [url for url in asked if not url.startswith((base, "data:", "blob:"))]
    return PaintTrial(address, told["result"]["value"], sum(sizes) / 1000, len(asked), len(away))
