"""What readers come for, click by click."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from browser.live_desk import SHIPMENTS
from browser.watched import watched


def test_back_from_a_lead_keeps_the_view(browser, live):
    with watched(browser, live.base) as seen:
        seen.open("/leads")
        seen.page.get_by_label("flagged only").check()
        seen.page.wait_for_url("**flagged=1**")
        expect(seen.page.locator("p.count")).to_be_visible()
        seen.page.get_by_label("Through").select_option(live.held["code"])
        seen.page.wait_for_url("**country=**")
        expect(seen.page.locator("#results tbody tr").first).to_be_visible()
        seen.page.locator("#results.htmx-request").wait_for(state="detached")
        view, shown = seen.page.url, seen.page.locator("p.count").inner_text()
        seen.page.locator('#results a[href^="/leads/"]').first.click()
        seen.page.wait_for_url("**/leads/*-*")
        seen.page.go_back()
        seen.page.wait_for_url(view)
        expect(seen.page.locator("p.count")).to_have_text(shown)
        expect(seen.page.get_by_label("Through")).to_have_value(live.held["code"])
        expect(seen.page.get_by_label("flagged only")).to_be_checked()
        assert (seen.faults, seen.elsewhere) == ([], [])


def test_an_address_alone_shows_the_same_view(browser, live):
    with watched(browser, live.base) as seen:
        where = f"/leads?country={live.held['code']}&flagged=1"
        seen.open(where)
        expect(seen.page.get_by_label("Through")).to_have_value(live.held["code"])
        expect(seen.page.get_by_label("flagged only")).to_be_checked()


def test_how_much_and_how_sure_is_three_clicks_from_the_first_page(browser, live):
    with watched(browser, live.base) as seen:
        seen.open("/")
        seen.page.locator('main a[href^="/countries/"]').first.click()
        seen.page.wait_for_url("**/countries/**")
        said = seen.page.locator("main").inner_text()
        assert "90 % interval" in said.replace("\N{NO-BREAK SPACE}", " ")
        seen.page.locator('main a[href^="/leads/"]').first.click()
        seen.page.wait_for_url("**/leads/**")
        seen.drawn()
        expect(seen.page.locator("#caveats")).to_be_visible()
        assert seen.page.locator("main code").count() > 0, "no evidence is named"
        assert (seen.faults, seen.failed) == ([], [])


def test_a_decision_on_a_lead_stands_in_its_history(browser, live):
    with watched(browser, live.base) as seen:
        seen.open(f"/leads/{live.held['lead']}")
        link = seen.page.locator('a[href*="/decisions"]').first
        form = seen.page.locator('form[action*="/decisions"]').first
        if form.count() == 0:
            link.click()
            seen.page.wait_for_url("**/decisions**")
        words = "Asked the customs service on 3 June."
        for choice in form.locator("select").all():
            choice.select_option(index=1)
        if form.locator("input[type=radio]").count():
            form.locator("input[type=radio]").first.check()
        form.locator("textarea").first.fill(words)
        for line in form.locator("input[type=text], input:not([type])").all():
            if line.is_visible() and not line.input_value():
                line.fill("A. Analyst")
        form.locator("button[type=submit], button").first.click()
        seen.page.wait_for_load_state()
        expect(seen.page.get_by_text(words).first).to_be_visible()
        seen.open(f"/leads/{live.held['lead']}/decisions")
        expect(seen.page.get_by_text(words).first).to_be_visible()
        assert seen.violations() == []


def test_the_table_is_taken_away_as_it_is_shown(browser, live):
    with watched(browser, live.base) as seen:
        seen.open(f"/leads?country={live.held['code']}")
        shown = re.search(r"([\d,]+) lead", seen.page.locator("p.count").inner_text())
        with seen.page.expect_download() as got:
            seen.page.get_by_role("link", name="CSV").click()
        lines = got.value.path().read_text(encoding="utf-8").splitlines()
        assert len(lines) - 1 == int(shown[1].replace(",", ""))


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_chart_follows_the_scheme_of_the_reader(browser, live, theme):
    other = {"light": "dark", "dark": "light"}[theme]
    with watched(browser, live.base, color_scheme=theme) as seen:
        seen.open("/")
        before = seen.page.locator("#map svg").evaluate("one => one.outerHTML")
        seen.page.emulate_media(color_scheme=other)
        expect(seen.page.locator("#map svg")).to_have_count(1)
        seen.page.wait_for_timeout(1500)
        after = seen.page.locator("#map svg").evaluate("one => one.outerHTML")
        assert before != after


def test_shipments_are_sent_confirmed_screened_and_taken_away(browser, live):
    with watched(browser, live.base) as seen:
        seen.open("/screen")
        seen.page.get_by_label("Day whose lists and acts count").fill("2024-06-03")
        sent = {"name": "lines.csv", "mimeType": "text/csv", "buffer": SHIPMENTS.encode()}
        seen.page.get_by_label("File of shipments", exact=True).set_input_files(sent)
        seen.page.get_by_role("button", name="Look at the columns").click()
        seen.page.wait_for_url("**/screen/*")
        expect(seen.page.get_by_role("combobox").first).to_be_visible()
        seen.page.get_by_role("button", name="Screen", exact=True).click()
        # The page shows the work until it is done, and then leads to the results.
        expect(seen.page.locator("#state, #results").first).to_be_visible()
        results = seen.page.get_by_role("link", name="Show the results")
        expect(results.or_(seen.page.locator("#results")).first).to_be_visible(timeout=120_000)
        if results.count():
            results.click()
        expect(seen.page.locator("#results")).to_contain_text("2 lines")
        assert seen.violations() == []
        with seen.page.expect_download() as got:
            seen.page.locator("#results").get_by_role("link", name="CSV").click()
        assert len(got.value.path().read_text(encoding="utf-8-sig").splitlines()) == 3
        assert (seen.faults, seen.elsewhere, seen.failed) == ([], [], [])
