"""Decisions of analysts: appended to, withdrawn by a new row, honoured while nothing changed."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import CliRunner

from entrepot.api.decided import Decision, Judged, honoured, judged, standing
from entrepot.api.decisions import Ruling, open_decisions
from entrepot.cli import main
from entrepot.errors import LakeError
from entrepot.screening.check import Check, Hit, Known, Result
from entrepot.screening.policy import Policy
from entrepot.screening.shipment import Party, Shipment
from entrepot.screening.verdict import screened

ON = date(2026, 3, 1)
POLICY = Policy(required=("P1",))  # the one check that is made here
BUYER = Party("buyer", "Alpha Trade LLC", country="KG", tax_id="0123")
HIT = Hit("buyer", BUYER.name, "own-7", "Alfa Treid OOO", "own", "possible", 0.81)
PAIR = judged(BUYER, "own", "own-7")
WHEN = datetime(2026, 2, 1, tzinfo=UTC)
FALSE = Decision(1, "false_match", PAIR, "A. Ost", WHEN, "other tax number", score=0.81)


def line(*hits: Hit, buyer: Party = BUYER) -> Shipment:
    return Shipment("0" * 16, 1, "S-1", parties=(buyer,))


def answered(*hits: Hit, buyer: Party = BUYER):
    """One line with one check that flags its hits."""
    result = Result("P1", "flagged", "review", "2 names alike.", ("buyer.name",), hits=hits)
    check = Check("P1", 1, "", "", (), lambda shipment, known: result)
    return screened(line(buyer=buyer), Known(ON, POLICY), (check,))


def after(*decisions: Decision, hits=(HIT,), buyer=BUYER, on=ON):
    return honoured(answered(*hits, buyer=buyer), standing(decisions), on, POLICY)


class TestHonoured:
    def test_a_false_match_no_longer_flags_and_stays_in_the_answer_with_its_reason(self):
        assert answered(HIT).verdict == "review"
        made = after(FALSE)
        assert made.verdict == "clear"
        (result,) = made.results
        assert "other tax number" in result.detail
        assert "A. Ost" in result.hits[0].decided

    def test_one_hit_left_is_enough_to_flag(self):
        made = after(FALSE, hits=(HIT, replace(HIT, entity_id="own-8")))
        assert made.verdict == "review"
        assert [bool(hit.decided) for hit in made.results[0].hits] == [True, False]

    def test_a_true_match_blocks(self):
        made = after(replace(FALSE, kind="true_match"))
        assert (made.verdict, made.deciding) == ("block", ("P1",))

    @pytest.mark.parametrize(
        "buyer",
        [
            replace(BUYER, country="TR"),
            replace(BUYER, tax_id="0124"),
            replace(BUYER, tax_id=None),
            replace(BUYER, lei="5299000J2N45DDNE4Y28"),
        ],
    )
    def test_another_party_of_the_same_name_is_not_excused(self, buyer):
        assert after(FALSE, buyer=buyer).verdict == "review"

    def test_case_and_blanks_do_not_make_another_party(self):
        buyer = replace(BUYER, name="ALPHA  TRADE LLC", country="kg")
        hit = replace(HIT, party=buyer.name)
        assert after(FALSE, hits=(hit,), buyer=buyer).verdict == "clear"

    def test_another_list_or_entry_is_not_excused(self):
        assert after(FALSE, hits=(replace(HIT, dataset="un"),)).verdict == "review"

    def test_a_hit_that_scores_higher_than_the_one_judged_is_looked_at_again(self):
        made = after(FALSE, hits=(replace(HIT, score=0.95),))
        assert made.verdict == "review"
        assert "scored 0.81" in made.results[0].hits[0].decided

    @pytest.mark.parametrize(("on", "verdict"), [(1, "clear"), (2, "review")])
    def test_a_clearance_holds_on_its_last_day_and_not_after(self, on, verdict):
        cleared = replace(FALSE, kind="cleared", until=date(2026, 3, 1))
        assert after(cleared, on=date(2026, 3, on)).verdict == verdict

    def test_the_newest_decision_counts(self):
        assert after(FALSE, replace(FALSE, decision_id=2, kind="true_match")).verdict == "block"

    def test_what_is_withdrawn_leaves_the_pair_open_not_the_decision_before_it(self):
        second = replace(FALSE, decision_id=2, kind="true_match")
        gone = replace(FALSE, decision_id=3, kind="withdrawn", withdraws=2)
        assert after(FALSE, second, gone).verdict == "review"

    def test_a_line_nobody_decided_about_is_the_very_same(self):
        assert after() == answered(HIT)


def as_postgres() -> dict[str, str]:
    """Postgres refuses to run as root: then its own user runs it."""
    return {"user": "postgres", "group": "postgres"} if os.geteuid() == 0 else {}


@pytest.fixture(scope="session")
def postgres():
    """Address of a real Postgres, made for the tests and gone after them."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    found = shutil.which("initdb") or next((str(one / "initdb") for one in folders), None)
    if found is None or not Path(found).exists():
        pytest.skip("needs Postgres: apt-get install postgresql.")
    pytest.importorskip("psycopg", reason="needs entrepot[postgres].")
    programs = Path(found).resolve().parent
    # Its socket's path must be short, and its folder open to the user it runs as.
    with tempfile.TemporaryDirectory(prefix="pg-") as name:
        folder = Path(name)
        if os.geteuid() == 0:
            shutil.chown(folder, "postgres", "postgres")
        data = folder / "data"

        def run(*words: str) -> None:
            subprocess.run(
                words, cwd=folder, check=True, capture_output=True, timeout=120, **as_postgres()
            )

        run(str(programs / "initdb"), "-D", str(data), "-A", "trust", "-U", "entrepot", "-N")
        control = (str(programs / "pg_ctl"), "-D", str(data), "-w")
        run(*control, "-l", str(folder / "log"), "-o", f"-k {folder} -h ''", "start")
        try:
            yield f"postgresql://entrepot@/postgres?host={folder}"
        finally:
            run(*control, "-m", "immediate", "stop")


@pytest.fixture(params=["sqlite", "postgres"])
def url(request, tmp_path):
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/decisions.sqlite"
    address = request.getfixturevalue("postgres")
    engine = sa.create_engine(address.replace("postgresql:", "postgresql+psycopg:"))
    with engine.begin() as connection:
        connection.execute(sa.text("DROP TABLE IF EXISTS decisions"))
    engine.dispose()
    return address


@pytest.fixture
def opened(url, tmp_path):
    with open_decisions(tmp_path, url) as found:
        yield found


RULING = Ruling("false_match", "A. Ost", "other tax number", score=0.81, list_version="2024-05-01")


class TestDatabase:
    def test_a_decision_comes_back_as_it_was_written(self, opened):
        made = opened.append(PAIR, RULING)
        assert opened.rows() == (made,)
        assert made.judged.key == PAIR.key
        assert (made.score, made.list_version, made.reason) == (0.81, "2024-05-01", RULING.reason)
        assert abs((datetime.now(UTC) - made.decided_at).total_seconds()) < 60

    def test_withdrawing_adds_a_row_and_keeps_the_old_one(self, opened):
        made = opened.append(PAIR, RULING)
        gone = opened.withdraw(made.decision_id, "B. West", "the number was a slip")
        assert opened.rows() == (made, gone)
        assert gone.withdraws == made.decision_id
        assert standing(opened.rows()).by_pair == {}

    def test_a_decision_can_be_withdrawn_once(self, opened):
        number = opened.append(PAIR, RULING).decision_id
        opened.withdraw(number, "B. West", "slip")
        with pytest.raises(LakeError, match="withdrawn already"):
            opened.withdraw(number, "C. Nord", "slip")
        with pytest.raises(LakeError, match="none to withdraw"):
            opened.withdraw(999, "C. Nord", "slip")

    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE decisions SET reason = 'none'",
            "DELETE FROM decisions",
            "UPDATE decisions SET kind = 'true_match' WHERE decision_id = 1",
        ],
    )
    def test_the_database_itself_refuses_to_rewrite(self, opened, url, tmp_path, statement):
        opened.append(PAIR, RULING)
        before = opened.rows()
        engine = sa.create_engine(url.replace("postgresql:", "postgresql+psycopg:"))
        with pytest.raises(sa.exc.DBAPIError, match="never rewritten"), engine.begin() as raw:
            raw.execute(sa.text(statement))
        engine.dispose()
        assert opened.rows() == before

    def test_opening_again_keeps_what_is_there(self, url, tmp_path):
        with open_decisions(tmp_path, url) as first:
            made = first.append(PAIR, RULING)
        with open_decisions(tmp_path, url) as second:
            assert second.rows(entity_id="own-7") == (made,)
            assert second.rows(entity_id="own-8") == ()

    @pytest.mark.parametrize(
        "ruling",
        [
            replace(RULING, reason="  "),
            replace(RULING, decided_by=""),
            replace(RULING, kind="cleared"),
            replace(RULING, until=ON),
            replace(RULING, kind="withdrawn"),
        ],
    )
    def test_a_decision_that_says_too_little_is_refused(self, opened, ruling):
        with pytest.raises(LakeError):
            opened.append(PAIR, ruling)
        assert opened.rows() == ()


def test_sqlite_refuses_to_replace_a_row_by_its_number(tmp_path):
    with open_decisions(tmp_path) as opened:
        opened.append(PAIR, RULING)
    engine = sa.create_engine(f"sqlite:///{tmp_path}/decisions.sqlite")
    words = "REPLACE INTO decisions SELECT decision_id, 'true_match', party, particulars, dataset, "
    words += "entity_id, decided_by, decided_at, reason, until, score, list_version, withdraws "
    with pytest.raises(sa.exc.DBAPIError, match="never rewritten"), engine.begin() as raw:
        raw.execute(sa.text(words + "FROM decisions"))
    engine.dispose()


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("mysql://user:secret@host/db", "expected one of"),
        ("no address: secret", "expected such as"),
        ("postgresql://u:secret@127.0.0.1:1/db", "does not answer"),
    ],
)
def test_a_database_that_cannot_be_opened_is_told_without_its_password(tmp_path, url, words):
    pytest.importorskip("psycopg", reason="needs entrepot[postgres].")
    with pytest.raises(LakeError, match=words) as told, open_decisions(tmp_path, url):
        pass
    assert "secret" not in str(told.value)


def test_particulars_that_are_none_of_ours_are_refused(tmp_path):
    pair = Judged("Alpha", {"colour": "red"}, "own", "own-7")
    with open_decisions(tmp_path) as opened, pytest.raises(LakeError, match="colour"):
        opened.append(pair, RULING)


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.delenv("ENTREPOT_DECISIONS", raising=False)
    return lambda *words: CliRunner().invoke(main, ["--lake", str(tmp_path), "decide", *words])


PAIR_WORDS = ("--party", "Alpha Trade LLC", "--country", "KG", "--tax-id", "0123")
ENTRY = ("--dataset", "own", "--entity", "own-7")
BY = ("--by", "A. Ost", "--reason", "other tax number")


class TestCommand:
    def test_writes_shows_and_withdraws(self, run, tmp_path):
        made = run("false-match", *PAIR_WORDS, *ENTRY, *BY, "--score", "0.81")
        assert made.exit_code == 0, made.output
        with open_decisions(tmp_path) as opened:
            (row,) = opened.rows()
        assert row.judged.key == PAIR.key
        gone = run("withdraw", "--id", str(row.decision_id), "--by", "B", "--reason", "slip")
        assert gone.exit_code == 0, gone.output
        shown = run("show", "--format", "csv")
        assert shown.stdout.count("other tax number") == 1
        assert "withdrawn" in shown.stdout

    def test_a_clearance_needs_its_last_day(self, run):
        assert run("cleared", *PAIR_WORDS, *ENTRY, *BY).exit_code == 1
        made = run("cleared", *PAIR_WORDS, *ENTRY, *BY, "--until", "2026-12-31")
        assert made.exit_code == 0, made.output

    @pytest.mark.parametrize("words", [("false-match", *ENTRY, *BY), ("withdraw", *BY)])
    def test_what_is_left_out_is_named(self, run, words):
        told = run(*words)
        assert told.exit_code == 2
        assert "--party" in told.output or "--id" in told.output

    def test_an_empty_database_says_so(self, run):
        shown = run("show")
        assert shown.exit_code == 0
        assert "no decision" in shown.output
