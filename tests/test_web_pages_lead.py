"""The page of a lead: who declared it, what lies beside it, and what was decided, for good."""

from __future__ import annotations

import re
import sqlite3

import pytest

pytest.importorskip("fastapi", reason="needs entrepot[web].")

from desk_lake import SAID, desk_lake
from dossier_lake import SOURCE
from fastapi.testclient import TestClient

from entrepot.api.accounts_open import open_access
from entrepot.api.lead_decisions import decisions_about, open_lead_decisions, standing
from entrepot.corridor import Corridor
from entrepot.errors import LakeError
from entrepot.settings import Settings
from entrepot.web.access.caller import Caller, the_caller
from entrepot.web.access.door import Door
from entrepot.web.access.entrance import Entrance
from entrepot.web.app import make_app

READER = {"accept": "text/html", "host": "localhost"}
LEAD = "EU-KG-RU-870324"
BOX = f"/leads/{LEAD}/decisions"
FORM = {"decision": "needs_work", "by": "A. Ost", "reason": "One importer explains <most> of it."}


@pytest.fixture(scope="module")
def stored(tmp_path_factory):
    return desk_lake(tmp_path_factory.mktemp("lead"))


@pytest.fixture
def app(stored):
    return make_app(lambda: None, settings=Settings(lake=stored))


@pytest.fixture
def reader(app):
    with TestClient(app, headers=READER, base_url="http://localhost") as client:
        yield client


@pytest.fixture
def lake(stored, tmp_path):
    """A folder of its own for decisions."""
    return tmp_path / "lake"


def plain(page):
    text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.text))
    return text.replace("\N{NO-BREAK SPACE}", " ")


def test_a_lead_says_which_members_declared_it_and_what_they_did_before(reader):
    text = plain(reader.get(f"/leads/{LEAD}"))
    # March to November 2022: Germany 9 months at 6 m, France at 2; a year earlier 1 m each.
    assert "March–November 2022 beside March–November 2021" in text
    assert "Germany 54.00 75 % 9.00 50 % 9 and 9" in text
    assert "France 18.00 25 % 9.00 50 % 9 and 9" in text


def test_a_lead_without_declarations_by_member_says_so(reader):
    assert "Not assessed: the lake holds no declaration of it by single members" in plain(
        reader.get("/leads/EU-KG-RU-854231")
    )


def test_a_lead_stands_beside_goods_of_its_chapter_without_itself(reader):
    page = reader.get(f"/leads/{LEAD}").text
    part = page[page.index('id="similar"') : page.index('id="said"')]
    assert 'href="/leads/EU-KG-RU-870899"' in part
    assert f'href="/leads/{LEAD}"' not in part
    assert "870324 through other countries: The run tested no other." in part


def test_a_lead_leads_to_claims_statements_and_files(reader):
    page = reader.get(f"/leads/{LEAD}").text
    assert re.search(r'href="/claims/[0-9a-f]+-c\d+"', page)
    assert SAID.replace("'", "&#39;") in page
    assert f'href="/sources/{SOURCE}"' in page
    assert f'hx-get="{BOX}"' in page


def test_a_decision_is_written_down_with_who_when_and_why(reader):
    made = reader.post(BOX, data=FORM, headers={"origin": "http://localhost"})
    assert made.status_code == 200  # after the redirect
    text = plain(made)
    assert "Needs work before anything can be said , decided by A. Ost on" in text
    assert "&lt;most&gt;" in made.text
    assert "<most>" not in made.text


def test_the_box_is_never_kept_by_a_browser(reader):
    assert reader.get(BOX).headers["cache-control"] == "no-store"


@pytest.mark.parametrize("missing", ["by", "reason", "decision"])
def test_a_decision_without_who_why_or_what_is_refused(reader, stored, missing):
    before = decisions_about(stored, None, Corridor.parse(LEAD))
    form = {name: "" if name == missing else value for name, value in FORM.items()}
    assert reader.post(BOX, data=form).status_code == 422
    assert decisions_about(stored, None, Corridor.parse(LEAD)) == before


def test_a_decision_about_a_lead_that_no_run_holds_is_refused(reader):
    assert reader.post("/leads/EU-KG-RU-000000/decisions", data=FORM).status_code == 404


def test_a_reader_sees_decisions_and_cannot_make_one(app, stored):
    app.dependency_overrides[the_caller] = lambda: Caller("b.west", "reader", "session", "0" * 64)
    with TestClient(app, headers=READER, base_url="http://localhost") as client:
        page = client.get(BOX)
        before = decisions_about(stored, None, Corridor.parse(LEAD))
        refused = client.post(BOX, data=FORM)
    assert page.status_code == 200
    assert "<form" not in page.text
    assert refused.status_code == 403
    assert decisions_about(stored, None, Corridor.parse(LEAD)) == before


def test_an_account_decides_under_its_own_name_whatever_the_form_says(app, stored):
    app.dependency_overrides[the_caller] = lambda: Caller("b.west", "analyst", "session")
    with TestClient(app, headers=READER, base_url="http://localhost") as client:
        client.post(BOX, data=FORM | {"by": "somebody else"})
    assert decisions_about(stored, None, Corridor.parse(LEAD))[-1].decided_by == "b.west"


def test_a_withdrawn_decision_stays_in_the_history_and_leaves_the_lead_open(lake):
    lead, by = Corridor.parse(LEAD), ("A. Ost", "a slip")
    with open_lead_decisions(lake) as decisions:
        decisions.append(lead, "r1", "false_lead", by)
        made = decisions.append(lead, "r1", "true_lead", by)
        decisions.withdraw(lead, made.decision_id, by)
        rows = decisions.about(lead)
        assert [row.kind for row in rows] == ["false_lead", "true_lead", "withdrawn"]
        assert standing(rows) is None
        with pytest.raises(LakeError, match="withdrawn already"):
            decisions.withdraw(lead, made.decision_id, by)


def test_a_decision_about_one_lead_says_nothing_of_another(lake):
    with open_lead_decisions(lake) as decisions:
        made = decisions.append(Corridor.parse(LEAD), "r1", "true_lead", ("A. Ost", "seen"))
        other = Corridor.parse("EU-KZ-RU-870324")
        assert decisions.about(other) == ()
        with pytest.raises(LakeError, match="none to withdraw"):
            decisions.withdraw(other, made.decision_id, ("A. Ost", "a slip"))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE lead_decisions SET reason = 'other'",
        "DELETE FROM lead_decisions",
        "INSERT OR REPLACE INTO lead_decisions SELECT * FROM lead_decisions",
    ],
)
def test_the_database_itself_refuses_to_rewrite_a_decision(lake, statement):
    with open_lead_decisions(lake) as decisions:
        decisions.append(Corridor.parse(LEAD), "r1", "true_lead", ("A. Ost", "seen"))
    connection = sqlite3.connect(lake / "decisions.sqlite")
    with pytest.raises(sqlite3.IntegrityError, match="never rewritten"):
        connection.execute(statement)
    connection.close()


def test_looking_at_a_lead_makes_no_database(lake):
    assert decisions_about(lake, None, Corridor.parse(LEAD)) == ()
    assert not lake.exists()


def test_a_decision_is_written_in_the_log_by_its_number_and_a_refused_one_is_not(stored, tmp_path):
    with open_access(tmp_path / "access") as access:
        entrance = Entrance(Door(), access)
        made = make_app(lambda: None, entrance, Settings(lake=stored))
        with TestClient(made, headers=READER, base_url="http://localhost") as client:
            assert client.post(BOX, data=FORM | {"reason": ""}).status_code == 422
            assert access.audit.rows() == ()
            client.post(BOX, data=FORM)
            ((who, what, about),) = [(row.who, row.what, row.about) for row in access.audit.rows()]
    assert (who, what) == ("local", "decision")
    assert re.fullmatch(r"lead:\d+", about)
