"""A dossier as a file: HTML and PDF of one record, and each chart with the numbers it draws."""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
import sys
from itertools import combinations

import pytest
from dossier_lake import RUN, Tale, dossier_lake

from entrepot.api.dossier_whole import whole_dossier
from entrepot.corridor import Corridor
from entrepot.dossier.annex import narrow
from entrepot.dossier.chart_file import chart_bytes
from entrepot.dossier.figure import DataTable, HistogramPanel, PathPanel
from entrepot.dossier.figure_file import figure_chart, figure_csv, panel_numbers
from entrepot.dossier.fonts import FACES, font_folder
from entrepot.dossier.palette import CARD, PAPER, SERIES, contrast, dark, distance
from entrepot.dossier.render import render_country, render_paper
from entrepot.errors import LakeError

LEAD = "EU-KG-RU-870324"
SEEN_APART = 18.0  # CIE L*a*b*; 2.3 is the least that is noticed, lines need far more


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    with dossier_lake(tmp_path_factory.mktemp("whole")) as lake:
        return whole_dossier(lake, "KG", RUN, [Corridor.parse(LEAD)])


@pytest.fixture(scope="module")
def page(whole):
    return render_country(whole.dossier, whole.beside.record, beside=whole.beside)


@pytest.fixture(scope="module")
def figures(whole):
    return (*whole.dossier.figures, *whole.beside.figures)


def of(number: float | None, words: set[str]) -> bool:
    """Whether a number stands among written ones, as far as they are rounded."""
    if number is None:
        return "open" in words
    for text in words:
        bare = text.replace(",", "").replace("−", "-")
        if re.fullmatch(r"-?\d+(\.\d+)?", bare):
            half = 0.5 * 10 ** -len(bare.partition(".")[2])
            if abs(float(bare) - number) <= half * 1.001:
                return True
    return False


def test_page_holds_every_part_an_analyst_asks_for(page):
    for part in ("found", "totals", "leads-in-full", "checks", "claims", "decisions"):
        assert f'id="{part}"' in page
        assert f'href="#{part}"' in page
    for part in ("meaning", "method", "run", "sources", "glossary"):
        assert f'id="{part}"' in page


def test_page_names_the_lake_by_its_digest(whole, page):
    assert re.fullmatch("[0-9a-f]{64}", whole.beside.lake_digest)
    assert whole.beside.lake_digest in page


def test_ids_are_unique_and_links_lead_somewhere_with_leads_in_full(page):
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'href="#([^"]+)"', page)) <= set(ids)


def test_what_nobody_decided_or_claimed_is_said(page):
    assert "Nobody has decided anything about the leads in this dossier." in page
    assert "Not assessed: the lake holds no claim about" in page


def test_a_mirror_that_is_not_held_is_not_assessed(page):
    assert "Mirror, not assessed" in page
    assert "Sales on, not assessed" in page


def test_a_lead_of_another_country_is_refused(tmp_path):
    other = Corridor.parse("EU-AM-RU-870324")
    with dossier_lake(tmp_path) as lake, pytest.raises(LakeError, match="expected leads through"):
        whole_dossier(lake, "KG", RUN, [other])


def test_flagged_leads_are_told_in_full_where_none_is_named(tmp_path):
    with dossier_lake(tmp_path, Tale(flagged=("870324",))) as lake:
        told = whole_dossier(lake, "KG", RUN).beside.leads
    assert [one.told.corridor for one in told] == [LEAD]


def test_every_chart_has_words_and_a_table(figures):
    assert len({figure.key for figure in figures}) == len(figures)
    for figure in figures:
        assert figure.description.endswith(".")
        assert figure.table.rows
        drawn = chart_bytes(figure_chart(figure), "svg").decode()
        assert re.search(r"<title[^>]*>[^<]+</title><desc[^>]*>[^<]+</desc>", drawn)


def test_numbers_of_the_table_are_those_of_the_chart(figures):
    for figure in figures:
        by_month: dict[str, set[str]] = {}
        for row in figure.table.rows:
            by_month.setdefault(row[0], set()).update(row)
        for panel in figure.panels:
            if isinstance(panel, PathPanel):
                # The table of small charts has one scale, each chart its own.
                if len({one.unit for one in figure.panels if isinstance(one, PathPanel)}) > 1:
                    continue
                for item, _, *numbers in panel_numbers(panel):
                    missing = [one for one in numbers if not of(one, by_month[item] | {"open"})]
                    assert missing == [], (figure.key, item)
            elif isinstance(panel, HistogramPanel):
                words = {cell for row in figure.table.rows for cell in row}
                assert all(of(one.value, words) for one in panel.bins)


def test_numbers_of_the_csv_are_those_of_the_description(figures):
    for figure in figures:
        rows = list(csv.DictReader(io.StringIO(figure_csv(figure))))
        described = json.dumps(figure_chart(figure).spec)
        assert len(rows) == sum(len(list(panel_numbers(panel))) for panel in figure.panels)
        for row in rows:
            assert row["unit"]
            assert row["about"] == figure.subtitle
            assert not row["value"] or json.dumps(float(row["value"])) in described


def test_no_cell_of_a_csv_is_a_formula(figures):
    figure = figures[0]
    hostile = DataTable("x", ("a",), (("=HYPERLINK(1)",), ("+1",), ("@x",)))
    bare = type(figure)("k", "t", "s", "d.", "", (), hostile)
    cells = [row[0] for row in csv.reader(io.StringIO(figure_csv(bare)))][1:]
    assert [cell[0] for cell in cells] == ["'"] * 3


def test_a_chart_file_carries_its_source_and_asks_for_nothing(figures):
    for figure in figures:
        drawn = chart_bytes(figure_chart(figure), "svg").decode()
        assert "vintage" in re.sub("<desc.*?</desc>", "", drawn)
        assert not re.search(r'(?:href|src)="', drawn)
        assert chart_bytes(figure_chart(figure), "png").startswith(b"\x89PNG")


def test_numbers_of_the_annex_are_those_of_the_table():
    table = DataTable(
        "Months.",
        ("Month", "Bracket", "Declared", "Low", "High"),
        (("2022-03", "Own", "5", "1", "3"), ("2022-04", "Own", "6", "−2", "4")),
    )
    made = narrow(table)
    assert made.header == ("Month", "Declared", "90 % interval")
    assert made.rows == (("2022-03", "5", "1–3"), ("2022-04", "6", "−2 to 4"))
    assert made.caption == "Months. Bracket: Own."


@pytest.mark.parametrize("background", [PAPER, CARD])
def test_series_stand_out_against_both_backgrounds(background):
    colours = SERIES if background == PAPER else [dark(one) for one in SERIES]
    assert [one for one in colours if contrast(one, background) < 3] == []


@pytest.mark.parametrize("sight", ["usual", "protan", "deutan"])
@pytest.mark.parametrize("is_dark", [False, True])
def test_series_can_be_told_apart_without_red_or_green(sight, is_dark):
    colours = [dark(one) if is_dark else one for one in SERIES]
    near = [pair for pair in combinations(colours, 2) if distance(*pair, sight=sight) < SEEN_APART]
    assert near == []


def test_red_and_green_of_equal_lightness_look_alike_without_green():
    # What the law above would catch: far apart to most, close to a deuteranope.
    pair = ("#C05000", "#6E7A00")
    assert distance(*pair, sight="usual") > 2 * distance(*pair, sight="deutan")


def test_shipped_fonts_hold_cyrillic_and_kazakh_letters():
    fonts = pytest.importorskip("fontTools.ttLib", reason="fontTools comes with WeasyPrint")
    for name in FACES.values():
        letters = fonts.TTFont(font_folder() / name).getBestCmap()
        assert [one for one in "ЖщёқғәіңұүһөԱაΩ–−·…“”→" if ord(one) not in letters] == []
    assert "Bitstream" in (font_folder() / "LICENSE.txt").read_text("utf-8")


@pytest.fixture(scope="module")
def pdf_made():
    """Makes a PDF file; the test is left out where this machine cannot."""
    pytest.importorskip("weasyprint", reason="needs the extra pdf", exc_type=(ImportError, OSError))
    from entrepot.dossier.pdf import to_pdf

    return to_pdf


def small(words):
    return f'<!doctype html><html lang="en"><title>T</title><body><h1>{words}</h1></body></html>'


def test_the_same_page_gives_the_same_pdf(pdf_made):
    first = pdf_made(small("Қазақстан"))
    assert pdf_made(small("Қазақстан")) == first
    assert pdf_made(small("Россия")) != first
    assert b"/CreationDate" not in first


def test_a_pdf_asks_for_nothing_outside(pdf_made, tmp_path):
    from weasyprint.urls import FatalURLFetchingError

    secret = tmp_path / "secret.svg"
    secret.write_text('<svg xmlns="http://www.w3.org/2000/svg"/>')
    with pytest.raises(FatalURLFetchingError, match="expected nothing outside"):
        pdf_made(small(f'<img alt="x" src="{secret.as_uri()}">'))


@pytest.mark.slow
def test_a_pdf_is_tagged_and_holds_its_fonts_and_the_words_of_charts(pdf_made, whole):
    pypdf = pytest.importorskip("pypdf", reason="needs pypdf")
    reader = pypdf.PdfReader(io.BytesIO(pdf_made(render_paper(whole.dossier, whole.beside))))
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    text = "\n".join(page.extract_text() for page in reader.pages)
    for part in ("Contents", "What was found", "Annex: the numbers behind the charts", "Declared"):
        assert part in text
    assert "EUR 104–119 m" in text.replace("\N{NO-BREAK SPACE}", " ")
    assert whole.beside.lake_digest in re.sub(r"\s", "", text)
    assert f"{len(reader.pages)} of {len(reader.pages)}" in text


def test_a_missing_library_is_told_with_what_to_install():
    code = (
        "import sys; sys.modules['weasyprint'] = None\n"
        "from entrepot.dossier.pdf import to_pdf\n"
        "to_pdf('<p>x</p>')"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False, text=True)
    assert "Install entrepot[pdf]" in done.stderr
    assert "libpango-1.0-0" in done.stderr
