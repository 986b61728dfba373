"""Charts are drawn from records alone, in colours everybody can tell apart."""

from __future__ import annotations

import re

import pytest
import vl_convert
from dossier_lake import dossier_lake

from entrepot.dossier.draw import to_png, to_svg
from entrepot.dossier.gather import gather_country
from entrepot.dossier.palette import BLACK, BLUE, VERMILLION
from entrepot.dossier.specs import CONFIG, VEGA_LITE, spec

OKABE_ITO = {
    *("#000000", "#E69F00", "#56B4E9", "#009E73"),
    *("#F0E442", "#0072B2", "#D55E00", "#CC79A7"),
}


@pytest.fixture(scope="module")
def figures(tmp_path_factory):
    with dossier_lake(tmp_path_factory.mktemp("draw")) as lake:
        return {figure.key: figure for figure in gather_country(lake, "KG", None).figures}


def words(svg: str) -> str:
    return " ".join(re.findall(r"<text[^>]*>([^<]*)</text>", svg))


def test_a_drawn_path_names_its_lines_its_unit_and_its_event(figures):
    drawn = words(to_svg(figures["country"].panels[0], figures["country"], 0))
    for part in ("Declared", "Expected, common path", "EUR m a month", "from March 2022", "2021"):
        assert part in drawn


def test_a_drawn_excess_names_its_chapters_and_brackets(figures):
    drawn = words(to_svg(figures["groups"].panels[0], figures["groups"], 0))
    for part in ("87", "85", "Common path", "Own path", "Excess, EUR m"):
        assert part in drawn


def test_colours_are_those_of_okabe_and_ito():
    assert {BLACK, BLUE, VERMILLION} <= OKABE_ITO


@pytest.mark.parametrize("key", ["country", "leads", "direct", "groups", "placebo"])
def test_a_spec_asks_for_nothing_from_outside(figures, key):
    for panel in figures[key].panels:
        assert not re.search(r"https?:|['\"]url['\"]", str(spec(panel, "")))


def test_the_font_draws_its_letters_in_a_picture_too():
    # Some font names, `system-ui` among them, draw nothing at all: both pictures would be alike.
    def picture(letters):
        mark = {"type": "text", "text": letters, "fontSize": 20}
        chart = {"data": {"values": [{}]}, "mark": mark, "config": CONFIG}
        return vl_convert.vegalite_to_png(chart, vl_version=VEGA_LITE)

    assert picture("EUR") != picture(" ")


def test_a_panel_can_be_a_picture_of_its_own(figures):
    assert to_png(figures["placebo"].panels[0], "", scale=1.0).startswith(b"\x89PNG")


def test_a_panel_of_no_known_kind_is_refused():
    with pytest.raises(TypeError, match=r"expected one of figure\.Panel"):
        spec("pie", "")
