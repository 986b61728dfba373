"""With the keyboard alone."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from browser.live_desk import page_routes
from browser.watched import watched

# What a reader must be able to reach, in the order it stands on the page.
STOPS = (
    "[...document.querySelectorAll("
    "'a[href], button, input, select, textarea, summary, [tabindex=\"0\"]')]"
    ".filter(one => one.checkVisibility({visibilityProperty: true}) && !one.disabled"
    " && one.type !== 'hidden' && one.tabIndex >= 0"
    " && !(one.type === 'radio' && one !== stop(one)))"
)
# Of a group of radio buttons Tab reaches the chosen one, or the first.
STOP = (
    "window.stop = one => { const group = [...(one.form ?? document).querySelectorAll("
    "`input[type=radio][name='${one.name}']`)]; return group.find(it => it.checked) ?? group[0] }"
)
NAMED = "document.activeElement.outerHTML.slice(0, 140)"
FOCUS = (
    "(() => { const style = getComputedStyle(document.activeElement);"
    "return style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2 })()"
)


@pytest.mark.parametrize("route", page_routes())
def test_tab_reaches_everything_in_order_and_shows_where_it_is(browser, live, route):
    with watched(browser, live.base, viewport={"width": 1440, "height": 900}) as seen:
        seen.open(live.address(route))
        seen.evaluate(
            f"{STOP}; window.stops = {STOPS}; document.activeElement.blur();"
            "window.reached = new Set(); window.unseen = []; window.past = -1; window.back = []"
        )
        wanted = min(seen.evaluate("stops.length"), 120)
        # Day, month, year and the calendar of a date are places of their own.
        dates = seen.evaluate("document.querySelectorAll('input[type=date]').length")
        for _ in range(wanted + 3 * dates):
            seen.page.keyboard.press("Tab")
            seen.evaluate(
                "(() => { const at = stops.indexOf(document.activeElement);"
                "reached.add(at); if (at < past) back.push(document.activeElement.outerHTML);"
                f"past = at; if (!({FOCUS})) unseen.push({NAMED}) }})()"
            )
            if seen.evaluate("past") == wanted - 1:
                break
        assert seen.evaluate("back") == [], "Tab goes back"
        assert seen.evaluate("unseen") == [], "the focus cannot be seen"
        missed = seen.evaluate(
            f"stops.slice(0, {wanted}).filter((one, at) => !reached.has(at))"
            ".map(one => one.outerHTML.slice(0, 140))"
        )
        assert missed == [], "Tab never gets there"


def test_the_first_tab_leads_past_the_navigation(browser, live):
    with watched(browser, live.base) as seen:
        seen.open("/leads")
        seen.page.keyboard.press("Tab")
        expect(seen.page.locator(":focus")).to_have_text("Skip to the content")
        seen.page.keyboard.press("Enter")
        expect(seen.page.locator("#main")).to_be_focused()
        seen.page.keyboard.press("Tab")
        assert seen.evaluate("document.activeElement.closest('main') !== null")


def test_enter_sorts_and_the_focus_stays_in_the_table(browser, live):
    with watched(browser, live.base) as seen:
        seen.open("/leads")
        head = seen.page.locator("a.sort").first
        name = head.inner_text().split("▼")[0].split("▲")[0].strip()
        head.focus()
        seen.page.keyboard.press("Enter")
        seen.page.wait_for_url("**sort=**")
        expect(seen.page.locator("th[aria-sort]")).to_have_count(1)
        expect(seen.page.locator("th[aria-sort]")).to_contain_text(name)
        expect(seen.page.locator("a.sort:focus")).to_contain_text(name)
        assert seen.faults == []


def test_enter_in_a_filter_shows_the_rows(browser, live):
    with watched(browser, live.base) as seen:
        seen.open("/leads")
        before = seen.page.locator("p.count").inner_text()
        box = seen.page.get_by_label("Product code begins with")
        code = seen.page.locator('#results a[href^="/leads/"]').first.get_attribute("href")
        box.focus()
        seen.page.keyboard.type(code.split("?")[0].rsplit("-", 1)[1])
        seen.page.keyboard.press("Enter")
        seen.page.wait_for_url("**commodity=**")
        expect(seen.page.locator("p.count")).not_to_have_text(before)
        assert seen.faults == []
