"""What lines are compared with beside the lists: earlier lines, decisions, unreadable values."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from entrepot.api.decided import Decision, Standing, judged, standing
from entrepot.api.listed import ListVersion
from entrepot.api.screening import screen_lines
from entrepot.api.screening_ground import own_ground, with_parties
from entrepot.api.screening_past import History
from entrepot.screening.listed import Listed
from entrepot.screening.party_hits import hits_of
from entrepot.screening.party_register import register
from entrepot.screening.policy import Policy
from entrepot.screening.shipment import Goods, Owner, Party, Route, Shipment, Unread

DAY = date(2024, 6, 3)
LISTED = register([Listed("1", "own", "Company", ("Tulamash Trading LLC",))])
VERSION = ListVersion("own", "2024-06-01", "s", "ab" * 32, "we", "own", "", 1, (), "")
BUYER = Party("buyer", "Bishkek Dairy", country="KG")
MAKER = Party("exporter", "Werk GmbH", country="DE")


def order(number: int, on: date, value: float = 100.0, currency: str = "EUR") -> Shipment:
    goods = Goods(commodity="854231", value=value, currency=currency)
    parties, route = (BUYER, MAKER), Route(destination="KG")
    one = Shipment("0" * 16, number, f"S-{number}", declared_on=on)
    return replace(one, parties=parties, goods=goods, route=route)


def seen(*orders: Shipment, most: int = 10) -> History:
    history = History(most)
    history.add_all(orders)
    return history


def test_values_of_earlier_orders_are_those_of_the_same_currency_in_order_of_day():
    history = seen(
        order(1, date(2021, 3, 1), 30.0),
        order(2, date(2021, 1, 1), 10.0),
        order(3, date(2021, 2, 1), 99.0, "USD"),
        order(4, date(2024, 9, 1), 70.0),
    )
    past = history.before(order(5, DAY))
    assert (past.values, past.line_count) == ((10.0, 30.0), 3)
    assert past.first_seen == date(2021, 1, 1)


def test_lines_of_the_same_consignment_are_no_earlier_order():
    history = seen(order(1, date(2021, 1, 1)), order(7, DAY))
    assert history.before(order(7, DAY)).line_count == 1


def test_nobody_is_called_new_by_lines_that_begin_after_the_war():
    assert seen(order(1, date(2023, 1, 1))).before(order(2, DAY)) is None
    assert seen(order(1, date(2021, 1, 1))).before(order(2, DAY)) is not None


def test_a_buyer_that_may_have_been_forgotten_is_not_called_new():
    others = [
        replace(order(n, date(2021, 1, 1)), parties=(replace(BUYER, name=f"B{n}"),))
        for n in range(5)
    ]
    assert seen(*others, most=10).before(order(9, DAY)).line_count == 0
    crowded = seen(*others, most=3)
    assert crowded.forgotten == 2
    assert crowded.before(order(9, DAY)) is None


def test_a_policy_cannot_switch_off_what_could_not_be_read():
    line = replace(order(1, DAY), unread=(Unread("goods.value", "x", "no number"),))
    (found,) = screen_lines([line], DAY, Policy(checks=("G1",), required=()), own_ground())
    assert [one.check_id for one in found.results] == ["F1", "G1"]
    assert "F1" in {one.check_id for one in found.results if one.answer == "flagged"}


def test_kept_answers_are_those_of_a_search_for_the_line():
    ground = with_parties(own_ground(), LISTED, (VERSION,))
    owned = replace(BUYER, owners=(Owner("Tulamash Trading", 0.6),))
    named = replace(BUYER, role="consignee", name="OOO Tulamash Trading")
    line = replace(
        order(1, DAY), parties=(owned, named), route=Route(vessel_name="Tulamash", flag="RU")
    )
    policy = Policy()
    expected = hits_of(LISTED, line, policy)
    assert expected
    assert [ground.hits(line, DAY, policy) for _ in range(2)] == [expected, expected]


def test_lists_are_named_with_version_and_digest():
    (used,) = with_parties(own_ground(), LISTED, (VERSION,)).party_lists
    assert used.version == "2024-06-01 abababab"


def test_no_decision_stands_where_none_was_made():
    assert standing(()) == Standing({})


def test_a_false_match_is_about_one_entry():
    about = judged(BUYER, "own", "1")
    when = datetime(2024, 1, 1, tzinfo=UTC)
    row = Decision(1, "false_match", about, "A. Ost", when, "other number")
    assert list(standing([row]).by_pair) == [about.key]
