"""Lines as people write them: titles, owners, places and parts of names in their ordinary forms."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from fastapi import HTTPException

from entrepot.codes.routes_law import named_country, occupied_region
from entrepot.errors import CodeError
from entrepot.screening import commodity, party_checks, route
from entrepot.screening.check import Known, ListedCode
from entrepot.screening.listed import Listed
from entrepot.screening.name_form import name_form, variants
from entrepot.screening.party_register import register
from entrepot.screening.party_search import Asked, search
from entrepot.screening.policy import Policy, read_policy
from entrepot.screening.shipment import Goods, Party, Route, Shipment, Terms
from entrepot.sources.shipments_fields import field_value
from entrepot.sources.shipments_habits import Habits, Unreadable
from entrepot.sources.shipments_values import read_commodity
from entrepot.web.question import Example, question

DAY = date(2024, 6, 3)
LATER = date(2025, 6, 3)
MAN = Listed("1", "own", "Person", ("Иван Петрович ПРИМЕРОВ",))
CHIPS = ListedCode("chpl", "854231", "1", True, "Annex XL")
LINE = Shipment("0" * 16, 1, "S-1", declared_on=DAY, goods=Goods(commodity="854231"))


@pytest.mark.parametrize(
    "name",
    [
        *("г-н Примеров Иван Петрович", "Господин Примеров Иван", "Mr. Ivan Primerov"),
        *("ИП Примеров Иван Петрович", "Herr Iwan Petrowitsch Primerow", "Dr Primerov, Ivan"),
    ],
)
def test_titles_and_a_trade_of_ones_own_do_not_hide_a_person(name):
    assert [one.listed.id for one in search(register((MAN,)), Asked(name), Policy())] == ["1"]


def test_a_name_that_is_only_a_title_is_kept():
    assert name_form("Herr", is_person=True).letters == "herr"
    assert name_form("Doctor Dr", is_person=True).letters == "dr"


def test_a_line_that_names_two_parties_is_asked_for_both():
    asked = variants("Alpha Forwarding GmbH on behalf of Beta Trading LLC")
    assert {"Alpha Forwarding GmbH", "Beta Trading LLC"} <= set(asked)


@pytest.mark.parametrize(
    ("cell", "owners"),
    [
        ("Ivan Sample 51%", [["Ivan Sample", 0.51]]),
        ("51% Ivan Sample", [["Ivan Sample", 0.51]]),
        ("Ivan Sample: 0.5; Beta LLC", [["Ivan Sample", 0.5], ["Beta LLC", None]]),
        ("Ivan Sample (50 %), Beta LLC (50 %)", [["Ivan Sample", 0.5], ["Beta LLC", 0.5]]),
        ([{"name": "Ivan Sample", "share": 0.5}], [["Ivan Sample", 0.5]]),
        ([["Ivan Sample", None], "Beta LLC 20 %"], [["Ivan Sample", None], ["Beta LLC", 0.2]]),
    ],
)
def test_owners_are_read_in_their_ordinary_forms(cell, owners):
    assert field_value("buyer.owners", cell, Habits()) == owners


@pytest.mark.parametrize(
    ("field", "cell"),
    [
        ("buyer.owners", "Ivan Sample 50"),
        ("buyer.owners", [{"name": "Ivan Sample", "share": 50}]),
        ("buyer.owners", [{"person": "Ivan Sample"}]),
        ("route.destination", ["KZ", "RU"]),
        ("consignee.name", ["Alpha", "Beta"]),
    ],
)
def test_what_can_be_read_in_two_ways_is_not_read(field, cell):
    with pytest.raises(Unreadable):
        field_value(field, cell, Habits())


def test_a_heading_that_does_not_exist_is_not_a_code():
    assert read_commodity("8542 31 900 09") == "85423190009"
    assert read_commodity("9905 00 00") == "99050000"  # of the Combined Nomenclature alone
    with pytest.raises(Unreadable, match="no heading 1234"):
        read_commodity("123456")


def test_the_eleventh_digit_is_a_countrys_own():
    line = replace(LINE, goods=Goods(commodity="85423190009"), route=Route(destination="KZ"))
    found = commodity.high_priority_goods(line, Known(LATER, codes=(CHIPS,)))
    assert (found.answer, found.severity) == ("flagged", "review")


@pytest.mark.parametrize(
    ("address", "region"),
    [
        ("вул. Леніна 1, Севастопіль", "Crimea"),
        ("г. Донецк, Донецкая обл.", "Donetsk"),
        ("Мелітополь", "Zaporizhzhia"),
        ("Almaty, Abay ave 1", None),
    ],
)
def test_towns_of_occupied_regions_are_known_in_ukrainian_too(address, region):
    found = occupied_region(address, DAY)
    assert (found.name if found else None) == region


@pytest.mark.parametrize(
    ("address", "country"),
    [
        ("Tverskaya 1, Moscow, Russia", "RU"),
        ("220030 Минск, Беларусь", "BY"),
        ("Str. der Republik 1, 10115 Berlin", None),
        ("Moskauer Straße 5", None),
        ("Suite RU", None),
    ],
)
def test_a_country_that_ends_an_address_is_named(address, country):
    assert named_country(address) == country


def end(**given: object) -> Shipment:
    return replace(
        LINE, parties=(Party("consignee", "Alpha LLC", **given),), route=Route(destination="KZ")
    )


def test_an_address_in_russia_counts_where_no_country_is_given():
    found = route.barred_destination(end(address="Tverskaya 1, Moscow, Russia"), Known(DAY))
    assert (found.answer, found.fields) == ("flagged", ("consignee.address",))


def test_a_street_called_after_a_town_blocks_nothing_elsewhere():
    abroad = route.barred_destination(
        end(address="Jalta Straße 1, Berlin", country="DE"), Known(DAY)
    )
    at_home = route.barred_destination(end(address="Jalta, Lenina 1", country="UA"), Known(DAY))
    assert (abroad.severity, at_home.severity) == ("review", "block")


def test_no_act_barred_goods_before_its_first_day():
    line = end(country="RU")
    before = route.barred_destination(line, Known(date(2013, 5, 3)))
    after = route.barred_destination(line, Known(DAY))
    assert (before.answer, after.answer) == ("clear", "flagged")
    assert "No act that bars goods to RU is held for that day" in before.detail


@pytest.mark.parametrize("check", [party_checks.listed_by_name, party_checks.on_own_list])
def test_nobody_is_called_clear_who_has_no_name(check):
    line = replace(LINE, parties=(Party("exporter", "Own GmbH"), Party("consignee", "")))
    found = check(line, Known(DAY, has_lists=True))
    assert (found.answer, found.fields) == ("not_assessed", ("consignee.name",))


def test_every_country_in_which_goods_may_end_counts():
    spared = replace(LINE, route=Route(destination="LT"))
    assert commodity.is_spared(spared, DAY)
    assert not commodity.is_spared(replace(spared, terms=Terms(end_use_country="KZ")), DAY)
    user = Party("end_user", "Alpha LLC", country="KG")
    assert not commodity.is_spared(replace(spared, parties=(user,)), DAY)


def test_an_example_of_parts_of_a_name_is_asked_whole():
    example = Example(
        schema="Person",
        properties={
            "firstName": ["Ivan"],
            "lastName": ["Primerov"],
            "country": ["Kyrgyzstan"],
            "birthDate": ["04.05.1961"],
        },
    )
    made = question("a", example, [])
    assert {(one.name, one.country, one.births) for one in made.asked} == {
        ("Ivan Primerov", "KG", ("1961-05-04",))
    }
    assert made.unused == ()


def test_what_an_example_says_unreadably_is_told():
    example = Example(
        schema="Person", properties={"name": ["Ivan Primerov"], "birthDate": ["May 1961"]}
    )
    assert question("a", example, []).unused == ("birthDate",)
    with pytest.raises(HTTPException):
        question("a", Example(schema="Person", properties={"birthDate": ["1961"]}), [])


def test_a_policy_names_its_scorer():
    assert read_policy('scorer = "logic-v2"\n', "policy.toml").scorer == "logic-v2"
    with pytest.raises(CodeError, match="scorer is 'heavy'"):
        read_policy('scorer = "heavy"\n', "policy.toml")
