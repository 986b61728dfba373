"""Take the three pictures of the documentation anew, from the lake of the demonstration.

Run it with Chromium at hand and the packages of the extra ``dev`` installed::

    python scripts/pictures.py

They show a simulated world and say so. Colours are reduced so that each stays below 150 kB.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from PIL import Image

from entrepot.bench.web import serving
from entrepot.bench.web_lake import demo_lake
from entrepot.settings import Settings

if TYPE_CHECKING:
    from playwright.sync_api import Page, ViewportSize

FOLDER = Path(__file__).resolve().parent.parent / "docs/pictures"
MOST_BYTES = 150_000
COLOURS = (128, 64, 32)
SIZE: ViewportSize = {"width": 1280, "height": 900}


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture, and the click that leads to it from the one before.

    Args:
        name: Its file, without ending.
        click: What is clicked on the page before; empty for the first page.
        top: What stands at its upper edge; the top of the page where empty.
    """

    name: str
    click: str = ""
    top: str = ""


WALK = (
    Picture("1-overview"),
    Picture("2-country", click='main a[href^="/countries/KG"]'),
    Picture("3-lead", click='main a[href^="/leads/EU-KG-"]', top="main figure"),
)


def main() -> int:
    """Make the lake, walk from the first page, and take a picture of each.

    Returns:
        0, or 1 where a picture is too large.
    """
    from playwright.sync_api import sync_playwright

    FOLDER.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix="entrepot-") as folder:
        place = Settings(lake=Path(folder) / "lake")
        demo_lake(place, lambda done, count, words: None)
        with serving(place.lake) as served, sync_playwright() as driver:
            browser = driver.chromium.launch(
                executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
            )
            page = browser.new_page(viewport=SIZE, color_scheme="light", reduced_motion="reduce")
            page.goto(served.address)
            sizes = [_taken(page, picture) for picture in WALK]
            browser.close()
    return int(any(size > MOST_BYTES for size in sizes))


def _taken(page: Page, picture: Picture) -> int:
    if picture.click:
        page.locator(picture.click).first.click()
        page.wait_for_load_state("networkidle")
    if picture.top:
        page.locator(picture.top).first.evaluate("one => one.scrollIntoView()")
    for box in page.locator(".chart[data-drawn]").all():
        box.locator("svg").wait_for(timeout=60_000)
    path = FOLDER / f"{picture.name}.png"
    page.screenshot(path=str(path), timeout=120_000)
    return _reduced(path, COLOURS)


def _reduced(path: Path, colours: Sequence[int]) -> int:
    """Write a picture with no more colours than it takes to stay small; gives its size."""
    with Image.open(path) as opened:
        whole = opened.convert("RGB")
    for count in colours:
        whole.quantize(count, dither=Image.Dither.NONE).save(path, optimize=True)
        if path.stat().st_size <= MOST_BYTES:
            break
    print(f"{path.name}: {path.stat().st_size:,} bytes")
    return path.stat().st_size


if __name__ == "__main__":
    sys.exit(main())
