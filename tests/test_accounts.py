"""Accounts, sessions and the log of access, on SQLite and on a real Postgres."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
from test_decisions import postgres  # noqa: F401

from entrepot.api import accounts_passwords
from entrepot.api.accounts import Identity, usable
from entrepot.api.accounts_open import open_access
from entrepot.api.accounts_sessions import IDLE, LONGEST, Sessions
from entrepot.api.database import now, open_engine
from entrepot.api.decisions import open_decisions
from entrepot.errors import LakeError

pytest.importorskip("argon2", reason="needs entrepot[web].")
PASSWORD, OTHER = "tide lantern orchard", "gravel window eleven"


@pytest.fixture(params=["sqlite", "postgres"])
def url(request, tmp_path):
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/decisions.sqlite"
    address = request.getfixturevalue("postgres")
    engine = sa.create_engine(address.replace("postgresql:", "postgresql+psycopg:"))
    with engine.begin() as connection:
        connection.execute(sa.text("DROP TABLE IF EXISTS sessions, accounts, audit"))
    engine.dispose()
    return address


@pytest.fixture
def access(url, tmp_path):
    with open_access(tmp_path, url) as found:
        yield found


@pytest.fixture
def raw(access, url, tmp_path):
    engine = open_engine(tmp_path, url)
    yield engine
    engine.dispose()


def every_value(raw):
    """All that a thief of the database finds."""
    found = []
    for table in ("accounts", "sessions", "audit"):
        with raw.connect() as connection:
            for row in connection.execute(sa.text(f"SELECT * FROM {table}")):
                found += map(str, row)
    return "\n".join(found)


class TestAccounts:
    def test_the_right_password_opens_an_account_and_no_other_does(self, access):
        made = access.accounts.add("A.Ost", "analyst", PASSWORD)
        assert (made.name, made.role) == ("a.ost", "analyst")
        assert access.accounts.check("a.OST ", PASSWORD) == made
        for name, password in (("a.ost", OTHER), ("b.west", PASSWORD), ("a.ost", "")):
            assert access.accounts.check(name, password) is None

    def test_neither_password_nor_session_is_in_the_database(self, access, raw):
        made = access.accounts.add("a.ost", "reader", PASSWORD)
        session = access.sessions.start(made)
        values = every_value(raw)
        assert "$argon2id$" in values
        assert PASSWORD not in values
        assert session not in values

    def test_two_accounts_of_one_password_have_different_hashes(self, access, raw):
        access.accounts.add("a.ost", "reader", PASSWORD)
        access.accounts.add("b.west", "reader", PASSWORD)
        with raw.connect() as connection:
            rows = connection.execute(sa.text("SELECT password_hash FROM accounts")).scalars()
            assert len(set(rows)) == 2

    @pytest.mark.parametrize("name", ["", "a b", "local", "Program", "x" * 101, "a\nb", "<b>"])
    def test_a_name_that_is_none_is_refused(self, access, name):
        with pytest.raises(LakeError, match="The name is"):
            access.accounts.add(name, "reader", PASSWORD)

    @pytest.mark.parametrize("password", ["short", "aaaaaaaaaaaaaaaa", "x" * 1001, "a.ost-is-me-1"])
    def test_a_password_that_can_be_guessed_is_refused(self, access, password):
        with pytest.raises(LakeError, match="password"):
            access.accounts.add("a.ost", "reader", password)
        assert access.accounts.rows() == ()

    def test_a_name_is_given_once_whatever_its_letters(self, access):
        access.accounts.add("a.ost", "reader", PASSWORD)
        with pytest.raises(LakeError, match="already"):
            access.accounts.add("A.OST", "admin", OTHER)

    def test_an_unknown_role_is_refused(self, access):
        with pytest.raises(LakeError, match="owner"):
            access.accounts.add("a.ost", "owner", PASSWORD)

    def test_a_closed_account_opens_to_nobody_until_it_is_opened_again(self, access):
        access.accounts.add("a.ost", "reader", PASSWORD)
        closed = access.accounts.disable("a.ost")
        assert closed.disabled_at is not None
        assert access.accounts.check("a.ost", PASSWORD) is None
        assert usable(access.accounts.rows()) == ()
        access.accounts.enable("a.ost")
        assert access.accounts.check("a.ost", PASSWORD) is not None

    def test_a_hash_of_weaker_parameters_is_made_anew_at_the_next_login(self, access, raw):
        from argon2 import PasswordHasher

        access.accounts.add("a.ost", "reader", PASSWORD)
        weak = PasswordHasher(time_cost=1, memory_cost=64).hash(PASSWORD)
        with raw.begin() as connection:
            connection.execute(sa.text("UPDATE accounts SET password_hash = :h"), {"h": weak})
        assert access.accounts.check("a.ost", OTHER) is None
        assert weak in every_value(raw)
        assert access.accounts.check("a.ost", PASSWORD) is not None
        assert weak not in every_value(raw)
        assert access.accounts.check("a.ost", PASSWORD) is not None

    def test_an_unknown_name_is_hashed_for_like_a_known_one(self, monkeypatch):
        verified = []

        class Hasher:
            def verify(self, known, password):
                verified.append(known)
                return True

        monkeypatch.setattr(accounts_passwords, "_HASHER", Hasher())
        assert accounts_passwords.matches(None, PASSWORD) is False
        assert len(verified) == 1


class TestPeopleKnownElsewhere:
    PERSON = Identity("https://sign-in.example", "1234", "A.Ost@example.org")

    def test_they_keep_their_account_and_take_the_role_they_are_given(self, access):
        first = access.accounts.of_identity(self.PERSON, "reader")
        again = access.accounts.of_identity(self.PERSON, "analyst")
        assert (first.account_id, first.name) == (again.account_id, "a.ost@example.org")
        assert (first.role, again.role) == ("reader", "analyst")

    def test_a_name_cannot_take_over_the_account_of_another(self, access):
        access.accounts.add("a.ost@example.org", "admin", PASSWORD)
        with pytest.raises(LakeError, match="already"):
            access.accounts.of_identity(self.PERSON, "reader")
        other = Identity("https://elsewhere.example", "1234", "b.west")
        access.accounts.of_identity(other, "reader")
        with pytest.raises(LakeError, match="already"):
            access.accounts.of_identity(Identity("https://sign-in.example", "9", "b.west"), "admin")

    def test_they_have_no_password(self, access):
        access.accounts.of_identity(self.PERSON, "reader")
        assert access.accounts.check("a.ost@example.org", "") is None
        with pytest.raises(LakeError, match="has no password"):
            access.accounts.set_password("a.ost@example.org", PASSWORD)


class TestSessions:
    @pytest.fixture
    def account(self, access):
        return access.accounts.add("a.ost", "analyst", PASSWORD)

    def test_a_session_has_256_bits_that_nobody_had_before(self, access, account):
        made = {access.sessions.start(account) for _ in range(5)}
        assert len(made) == 5
        assert all(len(one) == 43 for one in made)  # 32 bytes in 6 bits a letter

    def test_only_the_very_session_is_found(self, access, account):
        session = access.sessions.start(account)
        assert access.sessions.found(session) == account
        for other in ("", session[:-1], session.swapcase(), "a" * 43):
            assert access.sessions.found(other) is None

    def test_an_ended_session_is_gone_on_the_server(self, access, account):
        one, two = access.sessions.start(account), access.sessions.start(account)
        access.sessions.end(one)
        assert access.sessions.found(one) is None
        assert access.sessions.found(two) is not None
        assert access.sessions.end_all(account) == 1

    @pytest.mark.parametrize(
        "change",
        [
            lambda accounts: accounts.disable("a.ost"),
            lambda accounts: accounts.change("a.ost", role="reader"),
            lambda accounts: accounts.set_password("a.ost", OTHER),
        ],
    )
    def test_sessions_end_when_their_account_changes(self, access, account, change):
        session = access.sessions.start(account)
        change(access.accounts)
        assert access.sessions.found(session) is None

    def test_an_unused_session_ends_after_an_hour_and_a_used_one_after_half_a_day(
        self, raw, account
    ):
        moment = [now()]
        sessions = Sessions(raw, lambda: moment[0])
        idle, used = sessions.start(account), sessions.start(account)
        begun = moment[0]
        while moment[0] - begun < LONGEST - timedelta(minutes=30):
            moment[0] += timedelta(minutes=30)
            assert (sessions.found(used) is None) == (moment[0] - begun >= LONGEST)
        assert sessions.found(idle) is None
        moment[0] = begun + LONGEST
        assert sessions.found(used) is None

    def test_the_last_minute_of_an_hour_still_counts(self, raw, account):
        moment = [now()]
        sessions = Sessions(raw, lambda: moment[0])
        session = sessions.start(account)
        moment[0] += IDLE - timedelta(seconds=1)
        assert sessions.found(session) is not None
        moment[0] += IDLE
        assert sessions.found(session) is None


class TestAudit:
    def test_rows_come_back_newest_first_and_page_by_page(self, access):
        made = [access.audit.append("a.ost", "decision", str(one), "192.0.2.7") for one in range(5)]
        assert access.audit.rows() == tuple(reversed(made))
        first = access.audit.rows(2)
        assert [row.about for row in first] == ["4", "3"]
        assert [row.about for row in access.audit.rows(2, first[-1].entry_id)] == ["2", "1"]

    @pytest.mark.parametrize(
        "statement",
        ["UPDATE audit SET who = 'nobody'", "DELETE FROM audit", "DELETE FROM audit WHERE 1 = 0"],
    )
    def test_the_database_itself_refuses_to_rewrite(self, access, raw, statement):
        access.audit.append("a.ost", "login")
        before = access.audit.rows()
        is_empty = "1 = 0" in statement and raw.dialect.name == "sqlite"  # its triggers are by row
        if not is_empty:
            with pytest.raises(sa.exc.DBAPIError, match="never rewritten"), raw.begin() as one:
                one.execute(sa.text(statement))
        assert access.audit.rows() == before

    @pytest.mark.parametrize("about", ["Alpha Trade LLC", "../x y", "ООО", "a" * 101, "a\nb"])
    def test_words_of_files_and_customers_do_not_get_in(self, access, about):
        with pytest.raises(LakeError, match="no number, digest or account") as told:
            access.audit.append("a.ost", "job_started", about)
        assert about not in str(told.value)
        assert access.audit.rows() == ()

    def test_what_nobody_can_do_is_not_written_down(self, access):
        with pytest.raises((LakeError, LookupError, sa.exc.StatementError)):
            access.audit.append("a.ost", "sneezed")
        assert access.audit.rows() == ()


def test_sqlite_refuses_to_replace_a_row_of_the_log(tmp_path):
    with open_access(tmp_path) as access:
        access.audit.append("a.ost", "login_failed")
    engine = open_engine(tmp_path, None)
    words = "REPLACE INTO audit SELECT entry_id, at, who, 'login', about, address FROM audit"
    with pytest.raises(sa.exc.DBAPIError, match="never rewritten"), engine.begin() as raw:
        raw.execute(sa.text(words))
    engine.dispose()


def test_a_database_of_decisions_from_before_gains_the_tables_it_lacks(tmp_path):
    with open_decisions(tmp_path):
        pass
    with open_access(tmp_path) as access:
        access.accounts.add("a.ost", "reader", PASSWORD)
    with open_access(tmp_path) as access, open_decisions(tmp_path) as decisions:
        assert [one.name for one in access.accounts.rows()] == ["a.ost"]
        assert decisions.rows() == ()
