"""A page about a country says what was found, in both brackets, and accuses nobody."""

from __future__ import annotations

import re
from html import unescape
from html.parser import HTMLParser
from itertools import pairwise

import pytest
from dossier_lake import EVENT, GOODS, PARAMETERS, RUN, Tale, dossier_lake, run_row

from entrepot.dossier.gather import gather_country, latest_run
from entrepot.dossier.leads import SHOWN
from entrepot.dossier.render import render_country
from entrepot.errors import CodeError, LakeError
from entrepot.lake import open_lake
from entrepot.tables import RUNS, SOURCES

HOSTILE = '<script>alert("x")</script> & <b>bold</b>'


def gathered(folder, tale=None):
    with dossier_lake(folder, tale) as lake:
        return gather_country(lake, "KG", None)


@pytest.fixture(scope="module")
def dossier(tmp_path_factory):
    return gathered(tmp_path_factory.mktemp("real"))


@pytest.fixture(scope="module")
def page(dossier):
    return render_country(dossier)


class Outline(HTMLParser):
    """Elements of a page in order, and the attributes that could reach outside."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.ids: list[str] = []
        self.targets: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        for name, value in attrs:
            self.attributes.append((tag, name, value or ""))
            if name == "id":
                self.ids.append(value)
            if name in ("href", "src", "srcset", "action", "data", "poster", "xlink:href"):
                self.targets.append(value)


def text_of(page: str) -> str:
    bare = re.sub(r"<style>.*?</style>", "", page, flags=re.DOTALL)
    return unescape(re.sub(r"<[^>]+>", " ", bare)).replace("\N{NO-BREAK SPACE}", " ")


def test_headline_says_what_was_declared_expected_and_left_over(dossier):
    # 16.11 m a month for nine months; 3.64 m expected, 0.8 to 1.25 times that is the interval.
    first, common, partner = dossier.headline
    assert first == (
        "EU exports of listed goods to Kyrgyzstan in March–November 2022 were EUR 145 m (FOB)."
    )
    assert "EUR 26.2–41.0 m were expected in March–November 2022" in common
    assert "an excess of EUR 104–119 m (90 % interval; point estimate EUR 112 m)" in common
    assert "EUR 52.4–81.9 m were expected in March–November 2022" in partner
    assert "an excess of EUR 63.1–92.6 m (90 % interval; point estimate EUR 79.5 m)" in partner


def test_every_amount_of_a_sentence_carries_its_unit_and_its_period(dossier):
    sentences = (*dossier.headline, dossier.leads.verdict)
    assert [line for line in sentences if "March–November 2022" not in line] == []
    for line in (*dossier.headline, dossier.verdict):
        without_period = line.replace("March–November 2022", "").replace("90 %", "")
        bare = re.sub(r"EUR [\d.,–−]+( to [\d.,−]+)?( (m|bn|thousand)\b)?", "", without_period)
        assert not re.search(r"\d", bare), line


def test_both_brackets_are_shown_side_by_side(dossier, page):
    assert [total.conclusion.bracket for total in dossier.totals] == ["common", "partner"]
    assert dossier.absent == ()
    assert all(len(row.cells) == 2 for row in (*dossier.leads.rows, *dossier.groups))
    assert text_of(page).count("EUR 104–119 m") >= 2
    assert text_of(page).count("EUR 63.1–92.6 m") >= 2


def test_a_missing_bracket_is_named_and_not_invented(tmp_path):
    dossier = gathered(tmp_path, Tale(brackets=("common",)))
    assert len(dossier.absent) == 1
    assert "Own path: not computed" in dossier.absent[0]
    assert dossier.absent[0] in text_of(render_country(dossier))
    assert all(len(row.cells) == 1 for row in dossier.leads.rows)


def test_the_sentence_is_consistent_with_and_names_no_firm(dossier, page):
    assert "consistent with diversion to Russia" in dossier.verdict
    assert "anything from nothing to EUR 119 m" in dossier.verdict
    words = text_of(page).lower()
    assert "never about a named firm" in words
    assert [w for w in ("proves", "guilty", "smuggl", "evasion", "evad") if w in words] == []


def test_an_interval_across_zero_is_no_excess(tmp_path):
    # 8.0 observed where 10.0 is expected in `common`: the interval ends at zero.
    dossier = gathered(tmp_path, Tale(goods=(("870324", 1e6, 0.8e6),), flagged=()))
    assert dossier.verdict.startswith("No excess beyond the 90 % interval was found")
    assert "less than expected" in dossier.headline[2]


def test_one_bracket_above_zero_is_not_two(tmp_path):
    # 1.5 observed; `common` expects 0.8-1.25, `partner` 1.6-2.5.
    dossier = gathered(tmp_path, Tale(goods=(("870324", 1e6, 1.5e6),), flagged=()))
    assert dossier.verdict.startswith("Only in the bracket “common path”")


def test_caveats_stand_before_the_numbers_as_full_sentences(dossier, page):
    codes = [note.code for note in dossier.caveats]
    assert codes == ["upstream_only", "short_history", "pandemic_baseline", "partner_boom"]
    assert all(note.sentence.endswith(".") for note in dossier.caveats)
    first = page.index(dossier.caveats[0].sentence)  # no amount in it, so it stands as it is
    assert first < page.index("<table") < page.index('id="leads-table"')


def test_a_lead_names_only_the_caveats_that_are_its_own(dossier):
    # `upstream_only` stands above the fold, `listing_date_unknown` holds for the whole table.
    own = {row.commodity: row.caveats for row in dossier.leads.rows if row.caveats}
    assert own == {"854231": ("small_base",)}
    assert [note.code for note in dossier.leads.shared] == ["listing_date_unknown"]
    assert [note.code for note in dossier.leads.legend] == ["small_base"]


def test_leads_are_flagged_first_then_by_excess(dossier):
    codes = [row.commodity for row in dossier.leads.rows]
    # 852872 has the larger excess of those not flagged: 1.2 m a month, then 0.6, 0.3, 0.02, −0.01.
    assert codes == ["870324", "854231", "852872", "870899", "847150", "731815", "392690"]
    assert [row.is_flagged for row in dossier.leads.rows] == [True, True] + [False] * 5
    assert dossier.leads.rest == ""


def test_leads_beyond_the_first_fifty_are_counted(tmp_path):
    goods = tuple((f"8471{n:02d}", 1e5, 1e5 + 1e4 * n) for n in range(SHOWN + 3))
    dossier = gathered(tmp_path, Tale(goods=goods, flagged=("847100",)))
    assert len(dossier.leads.rows) == SHOWN
    assert dossier.leads.rows[0].commodity == "847100"
    assert dossier.leads.rest == "3 more products of 53 tested are not shown."


def test_a_code_of_the_high_priority_list_is_named_with_its_tier(dossier):
    words = {row.commodity: row.description for row in dossier.leads.rows}
    assert words["854231"].endswith("(high-priority tier 1)")
    assert words["870324"] == ""


def test_nothing_found_is_a_result(tmp_path):
    dossier = gathered(tmp_path, Tale(flagged=()))
    assert dossier.leads.verdict.startswith("Nothing found product by product: none of 7 products")
    assert "That is a result" in render_country(dossier)


def test_a_country_without_any_lead_still_has_a_page(tmp_path):
    page = render_country(gathered(tmp_path, Tale(goods=(), flagged=())))
    assert "No product of this country was tested." in page
    assert "Charts" in page


def test_placebos_are_shown_with_their_sentence(dossier, page):
    sentences = [check.sentence for check in dossier.checks]
    assert "0 of 1,000 tests rejected, March-November 2021." in sentences
    assert [check.title.split(",")[-1] for check in dossier.checks[:2]] == [" common path"] * 2
    assert all(sentence in text_of(page) for sentence in sentences[:1])
    (figure,) = [figure for figure in dossier.figures if figure.key == "placebo"]
    assert figure.title.endswith("0.045 of p-values lie below 0.05; chance alone gives 0.05")
    # 20 bins that sum to 1,000 less what the made-up counts lack.
    panel = figure.panels[0]
    assert panel.uniform == pytest.approx(sum(found.value for found in panel.bins) / 20)


def test_every_chart_states_a_fact_its_unit_its_source_and_its_vintage(dossier):
    assert [figure.key for figure in dossier.figures] == [
        *("country", "leads", "direct", "groups", "placebo")
    ]
    for figure in dossier.figures:
        assert "Source: Eurostat (comext), vintage 2023-01-16" in figure.subtitle
        assert re.search(r"EUR|tests", figure.subtitle)
        assert re.search(r"\d", figure.title)


def test_chart_of_the_country_holds_its_months_and_the_event(dossier):
    figure = dossier.figures[0]
    assert [panel.title for panel in figure.panels] == ["Common path", "Own path"]
    panel = figure.panels[0]
    assert panel.event == EVENT
    by_line = {(p.line, p.period): p for p in panel.points}
    assert by_line["Declared", EVENT].value == pytest.approx(16.11)
    expected = by_line["Expected, common path", EVENT]
    assert (expected.value, expected.low) == (pytest.approx(3.64), pytest.approx(2.912))
    before = by_line["Expected, common path", EVENT.replace(month=2)]
    assert (before.low, before.high) == (None, None)
    assert figure.panels[0].top == figure.panels[1].top  # one scale, or they cannot be compared


def test_a_page_reaches_nothing_outside(page):
    outline = Outline(page)
    assert {"script", "link", "img", "iframe", "object", "base"} & set(outline.tags) == set()
    assert [target for target in outline.targets if not target.startswith("#")] == []
    assert "url(" not in re.sub(r"url\(#[\w-]+\)", "", page)
    assert "@import" not in page
    # The address of the source is printed, as text, and nothing else is an address.
    assert set(re.findall(r"https?://[^\s<\"']+", page)) == {
        "https://ec.example/comext/eu-exports.xlsx"
    }
    assert not any("http" in value for _, _, value in outline.attributes)


def test_every_inner_link_leads_somewhere_and_no_id_is_used_twice(page):
    outline = Outline(page)
    assert len(outline.ids) == len(set(outline.ids))
    assert [target for target in outline.targets if target[1:] not in outline.ids] == []
    references = re.findall(r"url\(#([^)]+)\)", page)
    assert [name for name in references if name not in outline.ids] == []


def test_every_table_has_a_caption_and_headers(page):
    tables = re.findall(r"<table>.*?</table>", page, re.DOTALL)
    assert len(tables) >= 9
    assert [t[:80] for t in tables if not re.match(r"<table>\s*<caption>.*?\w", t)] == []
    assert [t[:80] for t in tables if 'scope="col"' not in t] == []


def test_an_amount_is_never_torn_from_its_unit(page):
    assert "EUR\N{NO-BREAK SPACE}145\N{NO-BREAK SPACE}m" in page
    assert not re.search(r"EUR \d", re.sub(r"<svg.*?</svg>", "", page, flags=re.DOTALL))


def test_every_chart_has_words_for_those_who_cannot_see_it(dossier, page):
    panels = sum(len(figure.panels) for figure in dossier.figures)
    for part in ('role="img"', "<desc id=", "<svg "):
        assert page.count(part) == panels
    named = re.findall(r'aria-labelledby="(\S+-title) (\S+-desc)"', page)
    assert len(named) == panels
    assert page.count("The numbers behind this chart") == len(dossier.figures)


def test_headings_never_skip_a_level(page):
    levels = [int(level) for level in re.findall(r"<h([1-6])[ >]", page)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert page.startswith('<!doctype html>\n<html lang="en">')


@pytest.mark.parametrize("is_simulated", [True, False])
def test_simulated_data_are_marked_everywhere_and_real_data_nowhere(tmp_path, is_simulated):
    dossier = gathered(tmp_path, Tale(is_simulated=is_simulated))
    page = render_country(dossier)
    assert ('<div class="banner"' in page) is is_simulated
    assert ("SIMULATED DATA" in page) is is_simulated
    assert all(("SIMULATED DATA" in f.subtitle) is is_simulated for f in dossier.figures)
    drawn = re.findall(r"<text[^>]*>SIMULATED DATA</text>", page)
    panels = sum(len(figure.panels) for figure in dossier.figures)
    assert len(drawn) == (panels if is_simulated else 0)  # a cut-out of a chart still says it
    assert ("simulated" in [note.code for note in dossier.caveats]) is is_simulated


def test_hostile_text_is_shown_and_never_run(tmp_path):
    goods = ((HOSTILE, 1e6, 9e6), *GOODS)
    tale = Tale(goods=goods, flagged=(HOSTILE,), publisher=HOSTILE, detail=HOSTILE)
    page = render_country(gathered(tmp_path, tale))
    assert "<script" not in page
    assert "<b>" not in page
    assert page.count("&lt;script&gt;") >= 4  # finding, source, lead, chart


def test_parameters_and_sources_are_printed(page):
    words = text_of(page)
    assert all(name in words for name in PARAMETERS)
    assert all(part in words for part in ("CC BY 4.0", "00112233aabbccdd" * 4, "997,026"))


def test_the_latest_run_is_taken_where_none_is_named(tmp_path):
    with dossier_lake(tmp_path) as lake:
        with lake.write() as tx:
            tx.put(RUNS, [run_row("r0", year=2020)], unit="r0")
        assert latest_run(lake) == RUN
        with lake.write() as tx:
            tx.put(RUNS, [run_row("r2", year=2030)], unit="r2")
        assert latest_run(lake) == "r2"
        assert gather_country(lake, "KG", RUN).run.run_id == RUN


def test_what_is_not_there_is_said(tmp_path):
    with open_lake(tmp_path / "bare") as lake, pytest.raises(LakeError) as error:
        gather_country(lake, "KG", None)
    assert str(error.value) == "bare/runs holds no run. Run `entrepot detect` first."
    with dossier_lake(tmp_path) as lake:
        with pytest.raises(LakeError, match=r"holds no total for 'AM' \(Armenia\).*\['KG'\]"):
            gather_country(lake, "AM", None)
        with pytest.raises(CodeError, match="area is 'QQ'"):
            gather_country(lake, "QQ", None)
        with pytest.raises(LakeError, match=r"holds no run 'nope', expected one of \['r1'\]"):
            gather_country(lake, "KG", "nope")


def test_a_source_that_left_the_lake_stops_the_page(tmp_path):
    with dossier_lake(tmp_path) as lake:
        with lake.write() as tx:
            tx.put(SOURCES, [], unit="00112233aabbccdd")
        with pytest.raises(LakeError, match="no longer holds"):
            gather_country(lake, "KG", None)


def test_the_same_run_gives_the_same_page(tmp_path, dossier, page):
    again = gathered(tmp_path)
    assert again == dossier
    assert render_country(again) == page
