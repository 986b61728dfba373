"""The page of a screened file, and its answers line by line, with two checks of our own."""

from __future__ import annotations

import re
import tracemalloc
from datetime import date

from entrepot.api.screening import Ground, screen_lines
from entrepot.dossier.screen_file import write_csv
from entrepot.dossier.screen_page import SHOWN, PageLines, render_screening
from entrepot.dossier.screen_rows import Heading, harmless
from entrepot.screening.check import Check, Hit, Known, Result, not_assessed
from entrepot.screening.policy import Policy
from entrepot.screening.shipment import Goods, Party, Shipment

DAY = date(2024, 6, 3)
HEADING = Heading(
    "s.csv", "0" * 64, "2024-06-03", "0.1", "default 1", ("own 7",), ("A1 version 1",)
)
HIT = Hit(
    "buyer", "<b>Alpha", "x1", "Alpha & Co", "own", "possible", 0.8, {"words": {"share": 0.7}}
)


def coded(shipment: Shipment, known: Known) -> Result:
    if shipment.goods.commodity is None:
        return not_assessed("A1", "review", ("goods.commodity",))
    is_found = shipment.goods.commodity == "854231"
    answer = "flagged" if is_found else "clear"
    return Result("A1", answer, "review", "A sentence.", ("goods.commodity",), ("Act, annex",))


def named(shipment: Shipment, known: Known) -> Result:
    answer = "flagged" if known.hits else "clear"
    return Result("B1", answer, "block", "May be listed.", ("buyer.name",), (), known.hits)


CHECKS = (
    Check("A1", 1, "Code", "An act", ("goods.commodity",), coded),
    Check("B1", 1, "Name", "An act", ("buyer.name",), named),
)


def line(row, commodity, name="<b>Alpha"):
    goods = Goods(commodity)
    return Shipment("0" * 16, row, f"S-{row}", parties=(Party("buyer", name),), goods=goods)


def found(shipment, on, policy):
    return (HIT,) if shipment.parties[0].name == "<b>Alpha" else ()


def answers(shipments):
    return screen_lines(shipments, DAY, Policy(required=()), Ground(CHECKS, hits=found))


def page(shipments):
    held = PageLines()
    for one in answers(shipments):
        held.take(one)
    return render_screening(HEADING, held)


def test_each_line_has_the_verdict_of_its_severest_flag():
    made = answers([line(1, "854231"), line(2, "854231", "Beta"), line(3, "010121", "Beta")])
    assert [one.verdict for one in made] == ["block", "review", "clear"]


def test_a_page_shows_why_and_escapes_what_it_shows():
    text = page([line(1, None)])
    assert "<b>Alpha" not in text
    assert "&lt;b&gt;Alpha" in text
    assert "possible 0.80 (words: share 0.7)" in text
    assert '<td class="text wrap small">A1</td>' in text
    assert "own 7" in text


def test_a_page_counts_the_lines_it_leaves_out():
    text = page(line(row, "854231", "Beta") for row in range(SHOWN + 5))
    assert "5 more lines are not on this page" in text
    assert "2,005 lines." in text


def test_formulas_are_escaped_whatever_they_begin_with():
    texts = ["=1", "+1", "-1+cmd|x", "-a", "@a", "\t=1", "\r=1", " =1"]
    assert [harmless(text) for text in texts] == [f"'{text}" for text in texts]
    assert harmless("Alpha = Beta") == "Alpha = Beta"


def test_a_negative_number_stays_a_number():
    assert [harmless(text) for text in ("-1", "-12.5", "-1,5")] == ["-1", "-12.5", "-1,5"]


def test_every_link_inside_a_page_leads_somewhere_and_every_table_has_a_caption():
    for shipments in ([line(1, "854231")], [line(1, "010121", "Beta")], []):
        text = page(shipments)
        targets = set(re.findall(r'id="([^"]+)"', text))
        assert set(re.findall(r'href="#([^"]+)"', text)) <= targets
        assert set(re.findall(r'aria-labelledby="([^"]+)"', text)) <= targets
        assert text.count("<table>") == text.count("<caption>")
        assert text.count("<th ") == text.count("<th scope=")


def test_many_lines_stream_in_bounded_memory(tmp_path):
    def peak(count):
        tracemalloc.start()
        lines = answers(line(row, "854231", "Beta") for row in range(count))
        write_csv(tmp_path / "r.csv", HEADING, lines)
        held = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return held

    peak(10)  # what is loaded once
    assert peak(10_000) < peak(500) + 1_000_000
