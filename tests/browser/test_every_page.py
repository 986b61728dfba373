"""Every page of the desk in a real browser: whole, quiet, readable, at both widths and schemes."""

from __future__ import annotations

import re
from typing import Any

import pytest

from browser.live_desk import page_routes
from browser.watched import watched

ROUTES = page_routes()
INLINE = re.compile(
    r"<style\b|<script(?![^>]*\ssrc=)[^>]*>|<[a-z][^>]*?\s(?:style|on[a-z]+)=", re.IGNORECASE
)
DESK = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
LOOKS: dict[str, dict[str, Any]] = {
    "desk, light": {"viewport": DESK, "color_scheme": "light"},
    "desk, dark": {"viewport": DESK, "color_scheme": "dark"},
    "phone, light": {"viewport": PHONE, "color_scheme": "light", "has_touch": True},
    "phone, dark": {"viewport": PHONE, "color_scheme": "dark", "has_touch": True},
    "forced colours": {"viewport": DESK, "forced_colors": "active"},
}


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("route", ROUTES)
def test_a_page_is_whole_quiet_and_accessible(browser, live, route, look):
    with watched(browser, live.base, reduced_motion="reduce", **LOOKS[look]) as seen:
        answer = seen.open(live.address(route))
        assert answer.ok, f"{answer.status}: {seen.page.locator('main').inner_text()}"
        assert seen.overflow() <= 0, "the body scrolls sideways"
        assert seen.violations() == []
        assert (seen.faults, seen.elsewhere, seen.failed) == ([], [], [])


@pytest.mark.parametrize("route", ROUTES)
def test_a_page_runs_under_the_strict_policy(browser, live, route):
    with watched(browser, live.base) as seen:
        answer = seen.open(live.address(route))
        policy = answer.headers["content-security-policy"]
        assert "default-src 'self'" in policy
        assert "unsafe" not in policy
        # As it was sent: what scripts set on their own drawings the policy lets pass.
        assert INLINE.findall(answer.text()) == []
        assert seen.faults == []


@pytest.mark.parametrize("route", ROUTES)
def test_a_page_says_the_same_without_scripts(browser, live, route):
    with watched(browser, live.base, java_script_enabled=False) as seen:
        answer = seen.page.goto(live.address(route))
        assert answer.ok
        assert seen.page.locator("h1").count() == 1
        assert seen.page.locator("main").inner_text().strip()
        for box in seen.page.locator(".chart[data-spec]").all():
            figure = box.locator("xpath=ancestor::figure")
            assert figure.locator("table tbody tr").count() > 0, "a chart without its table"
        assert seen.failed == []


@pytest.mark.parametrize("route", ROUTES)
def test_a_page_can_be_printed(browser, live, route):
    with watched(browser, live.base, viewport=DESK, color_scheme="dark") as seen:
        seen.open(live.address(route))
        seen.page.emulate_media(media="print", color_scheme="dark")
        # Not by a session of its own: when that ends, so does the paper.
        back = seen.page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert back in ("rgb(255, 255, 255)", "rgba(0, 0, 0, 0)"), "ink is spent on the background"
        assert not seen.page.locator("header nav").first.is_visible()
        assert seen.page.pdf().startswith(b"%PDF")


def test_every_place_of_the_navigation_leads_to_its_page(browser, live):
    with watched(browser, live.base) as seen:
        seen.open("/")
        names = seen.page.locator("header nav a").all_inner_texts()
        assert len(names) >= 4
        for name in names:
            seen.open("/")
            seen.page.locator("header nav").get_by_role("link", name=name, exact=True).click()
            seen.page.wait_for_load_state()
            current = seen.page.locator("header nav [aria-current]")
            assert current.inner_text() == name
        assert seen.failed == []


def test_nothing_moves_where_the_reader_asked_for_that(browser, live):
    with watched(browser, live.base, reduced_motion="reduce") as seen:
        seen.open("/leads")
        moving = seen.evaluate(
            "[...document.querySelectorAll('*')].filter(one => {"
            "const style = getComputedStyle(one);"
            "return [style.transitionDuration, style.animationDuration]"
            ".some(text => text.split(', ').some(part => parseFloat(part) > 0))}).length"
        )
        assert moving == 0


def test_a_wrong_address_is_answered_with_a_page(browser, live):
    with watched(browser, live.base) as seen:
        answer = seen.page.goto(live.base + "/leads/EU-XX-RU-999999")
        assert answer.status == 404
        assert seen.page.locator("h1").count() == 1
        assert seen.violations() == []
