"""``entrepot account``: passwords never on the command line, everything in the log."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from entrepot.api.accounts_open import open_access
from entrepot.cli import main

pytest.importorskip("argon2", reason="needs entrepot[web].")
PASSWORD, OTHER = "tide lantern orchard", "gravel window eleven"


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.delenv("ENTREPOT_DECISIONS", raising=False)

    def invoke(*words, given=None):
        words = ["--lake", str(tmp_path), "account", *words]
        return CliRunner().invoke(main, words, input=given)

    return invoke


def add(run, name="a.ost", role="analyst"):
    return run("add", name, "--role", role, "--password-stdin", given=f"{PASSWORD}\n")


def opens(folder, name, password):
    with open_access(folder) as access:
        return access.accounts.check(name, password) is not None


def test_a_password_comes_from_stdin_or_is_asked_for_twice(run, tmp_path):
    assert add(run).exit_code == 0
    asked = run("add", "b.west", "--role", "reader", given=f"{OTHER}\n{OTHER}\n")
    assert asked.exit_code == 0, asked.output
    assert OTHER not in asked.output
    assert opens(tmp_path, "a.ost", PASSWORD)
    assert opens(tmp_path, "b.west", OTHER)


def test_no_option_takes_a_password(run):
    told = run("add", "a.ost", "--role", "reader", "--password", PASSWORD)
    assert told.exit_code == 2
    assert run("add", "a.ost", PASSWORD, "--role", "reader").exit_code == 2


def test_lists_accounts_without_their_hashes(run):
    add(run)
    listed = run("list", "--format", "json")
    (row,) = json.loads(listed.stdout)
    assert (row["name"], row["role"], row["disabled_at"]) == ("a.ost", "analyst", None)
    assert "argon2" not in listed.stdout
    assert "a.ost" in run("list").stdout


def test_closes_opens_and_changes_accounts(run, tmp_path):
    add(run)
    assert run("role", "a.ost", "admin").output == "a.ost: admin.\n"
    assert run("disable", "a.ost").exit_code == 0
    assert not opens(tmp_path, "a.ost", PASSWORD)
    assert run("enable", "a.ost").exit_code == 0
    changed = run("password", "a.ost", "--password-stdin", given=f"{OTHER}\n")
    assert changed.exit_code == 0, changed.output
    assert opens(tmp_path, "a.ost", OTHER)
    assert not opens(tmp_path, "a.ost", PASSWORD)


def test_every_change_is_in_the_log_and_no_password_is(run):
    add(run)
    run("role", "a.ost", "reader")
    run("password", "a.ost", "--password-stdin", given=f"{OTHER}\n")
    run("disable", "a.ost")
    run("enable", "a.ost")
    log = run("log", "--format", "json").stdout
    rows = json.loads(log)
    assert [row["what"] for row in rows] == [
        *("account_enabled", "account_disabled", "password_changed", "role_changed"),
        "account_added",
    ]
    assert {row["about"] for row in rows} == {"a.ost", "a.ost=reader"}
    assert not {PASSWORD, OTHER} & set(log.split('"'))
    assert len(json.loads(run("log", "--most", "2", "--format", "json").stdout)) == 2


@pytest.mark.parametrize("verb", ["disable", "enable", "role", "password"])
def test_an_account_that_is_not_there_is_told(run, verb):
    more = ("reader",) if verb == "role" else ()
    told = run(verb, "nobody", *more, given=f"{PASSWORD}\n{PASSWORD}\n")
    assert told.exit_code == 1
    assert "no account 'nobody'" in told.output


def test_what_is_refused_is_not_in_the_log(run):
    assert run("add", "a.ost", "--role", "reader", "--password-stdin", given="a\n").exit_code == 1
    assert json.loads(run("log", "--format", "json").stdout) == []
