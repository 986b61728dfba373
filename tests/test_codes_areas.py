"""Areas: codes, names, labels, and what a partner code of Comext stands for."""

from __future__ import annotations

import csv
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entrepot.codes import areas as room
from entrepot.codes.areas import (
    ALIAS_COLUMNS,
    PARTNER_COLUMNS,
    area,
    area_from_label,
    areas,
    comext_partner,
    comext_partner_from_label,
)
from entrepot.codes.rows import read_rows
from entrepot.errors import CodeError

LABELS = ("name_en", "name_de", "name_ru", "comext_label")
ALIASES = read_rows("area_aliases.csv", ALIAS_COLUMNS)
PARTNERS = read_rows("comext_partners.csv", PARTNER_COLUMNS)
known_areas = st.sampled_from(areas())


@given(known_areas, st.sampled_from(LABELS))
def test_every_area_is_found_by_each_of_its_labels(known, column):
    assert area_from_label(getattr(known, column)) == known == area(known.alpha2)


@given(known_areas, st.sampled_from(LABELS), st.sampled_from(["NFC", "NFD"]), st.booleans())
def test_case_and_composed_accents_do_not_matter(known, column, form, is_upper):
    label = unicodedata.normalize(form, getattr(known, column))
    assert area_from_label(label.upper() if is_upper else label.lower()) == known


def test_no_label_names_two_areas():
    pairs = {(room._fold(getattr(a, column)), a.alpha2) for a in areas() for column in LABELS}
    pairs |= {(room._fold(row["alias"]), row["alpha2"]) for row in ALIASES}
    labels = [label for label, _ in pairs]
    assert [label for label in labels if labels.count(label) > 1] == []


def test_every_alias_is_written_once_and_names_its_area():
    assert len({room._fold(row["alias"]) for row in ALIASES}) == len(ALIASES)
    assert all(area_from_label(row["alias"]).alpha2 == row["alpha2"] for row in ALIASES)
    assert {row["language"] for row in ALIASES} == {"en", "de", "ru"}


def test_iso_has_249_areas_with_unique_codes():
    iso = [a for a in areas() if a.status == "iso"]
    assert len(iso) == 249
    for column in ("alpha2", "alpha3", "m49"):
        values = [getattr(a, column) for a in iso]
        assert len(set(values)) == 249
        assert all(values)
    assert all(len(a.m49) == 3 and a.m49.isdigit() for a in iso)
    assert {a.alpha2 for a in areas()} - {a.alpha2 for a in iso} == {"XC", "XI", "XK", "XL", "XU"}


def test_parts_belong_to_areas_that_exist():
    assert {a.alpha2: a.part_of for a in areas() if a.part_of} == {
        **{"XC": "ES", "XL": "ES"},
        **{"XI": "GB", "XU": "GB"},
    }


@pytest.mark.parametrize(
    ("label", "alpha2"),
    [
        ("Germany (incl. German Democratic Republic 'DD' from 1991)", "DE"),
        ("Belgium (incl. Luxembourg 'LU' -> 1998)", "BE"),
        ("Russian Federation (Russia)", "RU"),
        ("Czech Republic", "CZ"),
        ("Turkey", "TR"),
        ("Moldova, Republic of", "MD"),
        ("UK", "GB"),
        ("Kirgistan", "KG"),
        ("Киргизия", "KG"),
        ("Кыргызстан", "KG"),
        ("Белоруссия", "BY"),
        ("Беларусь", "BY"),
        ("Weissrussland", "BY"),
        ("Usbekistan", "UZ"),
        ("Казахстан", "KZ"),
        ("Côte d'Ivoire (Ivory Coast)", "CI"),
    ],
)
def test_labels_of_the_press_and_of_eurostat_are_known(label, alpha2):
    assert area_from_label(label).alpha2 == alpha2


def test_a_misspelt_label_is_an_error_that_names_the_close_ones():
    with pytest.raises(CodeError, match=r"'Kirgisstan'.*'kirgisistan'.*area_aliases\.csv"):
        area_from_label("Kirgisstan")


@pytest.mark.parametrize("code", ["ZZ", "kg", "", "_X", "QX", "EU", "Kyrgyzstan"])
def test_what_is_no_area_is_an_error(code):
    with pytest.raises(CodeError, match="expected an alpha-2 code"):
        area(code)


@pytest.mark.parametrize("label", ["", "Extra-EU27 (from 2020)", "High seas", "Kyrgyzstan (new)"])
def test_a_label_that_is_no_area_is_never_guessed(label):
    with pytest.raises(CodeError, match="area label is"):
        area_from_label(label)


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("KG", "country"),
        ("XK", "country"),
        ("XI", "country"),
        ("QP", "stores"),
        ("QS", "stores"),
        ("QU", "not_specified"),
        ("QW", "not_specified"),
        ("QX", "confidential"),
        ("QZ", "confidential"),
    ],
)
def test_confidential_partners_and_stores_are_kept_apart(code, kind):
    partner = comext_partner(code)
    assert partner.kind == kind
    assert partner.area == (code if kind == "country" else "_X")


def test_serbia_has_a_code_of_its_own_in_comext():
    assert comext_partner("XS").area == "RS" == comext_partner_from_label("Serbia").area


@pytest.mark.parametrize("code", ["1010", "1011", "EU", "EU27_2020", "EU27_2020_EXTRA", "EU_INTRA"])
def test_an_aggregate_is_never_an_area(code):
    partner = comext_partner(code)
    assert (partner.kind, partner.area) == ("aggregate", None)


def test_partner_codes_map_to_areas_or_to_sdmx_signs():
    kinds = {"country", "stores", "not_specified", "confidential", "aggregate"}
    alpha2 = {a.alpha2 for a in areas()}
    assert len({row["code"] for row in PARTNERS}) == len(PARTNERS)
    assert {row["kind"] for row in PARTNERS} == kinds
    assert {row["code"] for row in PARTNERS} & alpha2 == set()
    for row in PARTNERS:
        expected = {"country": alpha2, "aggregate": {"", "_T"}}.get(row["kind"], {"_X"})
        assert row["area"] in expected


def test_partner_labels_lead_to_the_same_record_as_their_codes():
    for row in PARTNERS:
        for label in (row["name"], *filter(None, row["other_labels"].split(" | "))):
            if row["kind"] != "country":
                assert comext_partner_from_label(label) == comext_partner(row["code"])
    assert comext_partner_from_label("Belarus (Belorussia)") == comext_partner("BY")


def test_an_unknown_partner_code_is_an_error():
    with pytest.raises(CodeError, match="Comext partner is 'QB', expected a code of"):
        comext_partner("QB")


def test_codes_agree_with_iso_and_m49(shared):
    path = shared / "data" / "country-ref" / "iso3166_m49.csv"
    with path.open(encoding="utf-8", newline="") as file:
        theirs = {
            row["alpha-2"]: (row["alpha-3"], row["country-code"]) for row in csv.DictReader(file)
        }
    assert theirs == {a.alpha2: (a.alpha3, a.m49) for a in areas() if a.status == "iso"}


@pytest.mark.parametrize("workbook", ["22_4624885_spreadsheet.xlsx", "totals.xlsx"])
def test_every_label_of_the_workbooks_is_known(shared, workbook):
    fastexcel = pytest.importorskip("fastexcel")
    book = fastexcel.read_excel(shared / "data" / "comext-sanctioned" / workbook)
    found: dict[str, set[str]] = {"reporter": set(), "partner": set()}
    for name in (sheet for sheet in book.sheet_names if sheet.startswith("Sheet ")):
        sheet = book.load_sheet(name, header_row=None, use_columns=[0, 1]).to_arrow()
        rows = list(zip(*(column.to_pylist() for column in sheet.columns), strict=True))
        first = next(i for i, row in enumerate(rows) if row[0] == "REPORTER (Labels)") + 1
        for reporter, partner in rows[first:]:
            if reporter is None:
                break
            found["reporter"].add(area_from_label(reporter).alpha2)
            found["partner"].add(area_from_label(partner).alpha2)
    assert len(found["reporter"]) == 27
    assert found["partner"] == {"AM", "BY", "GE", "KG", "KZ", "RU", "UZ"}
