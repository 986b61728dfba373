"""A page of the browser with everything that went wrong on it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, Response, expect

AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text(encoding="utf-8")
SERIOUS = ("serious", "critical")
FIT = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@dataclass
class Watched:
    """A page, and what was seen while it was open.

    Args:
        page: The page.
        base: Address of the desk.
        faults: Errors of the console and of scripts.
        elsewhere: Requests to another host.
        failed: Answers of 400 and above.
    """

    page: Page
    base: str
    faults: list[str] = field(default_factory=list)
    elsewhere: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)

    def open(self, address: str) -> Response:
        """Open a page and wait until its charts are drawn."""
        where = address if address.startswith("http") else self.base + address
        answer = self.page.goto(where, wait_until="load")
        assert answer is not None
        self.drawn()
        return answer

    def drawn(self) -> None:
        """Wait until every chart of the page is drawn."""
        for box in self.page.locator(".chart[data-spec]").all():
            if box.is_visible():
                box.scroll_into_view_if_needed()
                expect(box.locator("svg")).to_have_count(1, timeout=20_000)

    def evaluate(self, script: str) -> Any:
        """What a script says; unlike the page's own scripts it may be any text."""
        session = self.page.context.new_cdp_session(self.page)
        asked = {"expression": script, "awaitPromise": True, "returnByValue": True}
        told = session.send("Runtime.evaluate", asked)
        session.detach()
        assert "exceptionDetails" not in told, told["exceptionDetails"]
        return told["result"].get("value")

    def violations(self) -> list[str]:
        """What axe-core finds that is serious or critical: rule, and the elements."""
        self.evaluate(AXE + ";true")
        found = json.loads(self.evaluate("axe.run().then(seen => JSON.stringify(seen.violations))"))
        return [
            f"{one['id']}: {[node['html'][:160] for node in one['nodes'][:4]]}"
            for one in found
            if one["impact"] in SERIOUS
        ]

    def overflow(self) -> int:
        """By how many pixels the page is wider than its window."""
        return int(self.evaluate(FIT))


@contextmanager
def watched(browser: Browser, base: str, **how: Any) -> Iterator[Watched]:
    """Open a fresh browser context and watch it."""
    context = browser.new_context(**how)
    page = context.new_page()
    seen = Watched(page, base)
    page.on(
        "console",
        lambda said: seen.faults.append(said.text) if said.type in ("error", "warning") else None,
    )
    page.on("pageerror", lambda error: seen.faults.append(str(error)))
    page.on(
        "request",
        lambda asked: (
            None
            if asked.url.startswith((base, "data:", "blob:"))
            else seen.elsewhere.append(asked.url)
        ),
    )
    page.on(
        "response",
        lambda got: seen.failed.append(f"{got.status} {got.url}") if got.status >= 400 else None,
    )
    try:
        yield seen
    finally:
        context.close()
