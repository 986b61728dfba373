"""The index of names: found again, in one order, kept beside the list and made anew."""

from __future__ import annotations

from pathlib import Path

import pytest

from entrepot.errors import CodeError
from entrepot.screening.index import kept_index, name_index
from entrepot.screening.listed import Listed, listed_names
from entrepot.screening.name_form import name_form
from entrepot.screening.party_register import register
from entrepot.screening.party_search import Asked, search
from entrepot.screening.policy import Policy

PARTIES = (
    Listed("1", "eu", "Company", ("Tulamash Trading LLC",)),
    Listed("2", "eu", "Company", ("Zenit Repair Plant", "ЗАО Зенит")),
    Listed("3", "un", "Person", ("SAMPLE, Ivan Petrovich",)),
    Listed("4", "un", "Vessel", ("OCEAN SAMPLE",), identifiers={"imoNumber": ("9187629",)}),
)


def test_a_name_is_found_under_its_own_and_in_another_script() -> None:
    index = name_index(listed_names(PARTIES))
    for text in ("Tulamash Trading", "Туламаш Трейдинг", "Tulamahs"):
        assert index.names[index.candidates(name_form(text), 5)[0]].party == 0


def test_names_that_score_alike_keep_the_order_of_the_list() -> None:
    twins = [Listed(str(at), "eu", "Company", ("Alpha Sample",)) for at in range(30)]
    index = name_index(listed_names(twins))
    assert index.candidates(name_form("Alpha Sample"), 10) == list(range(10))


def test_an_index_of_nothing_finds_nothing() -> None:
    assert name_index(()).candidates(name_form("Alpha"), 5) == []


def test_a_kept_index_answers_as_the_one_in_memory(tmp_path: Path) -> None:
    folder = tmp_path / "register"
    made, kept = register(PARTIES, folder), register(PARTIES, folder)
    fresh = register(PARTIES)
    for asked in (Asked("Туламаш Трейдинг ООО"), Asked("Ivan Sample"), Asked("Zenit")):
        answers = [search(one, asked, Policy()) for one in (made, kept, fresh)]
        assert answers[0] == answers[1] == answers[2]


def test_a_kept_index_of_another_list_is_made_anew(tmp_path: Path) -> None:
    folder = tmp_path / "register"
    register(PARTIES, folder)
    other = register(PARTIES[1:], folder)
    assert search(other, Asked("Tulamash Trading LLC"), Policy()) == ()
    assert (folder / "digest.txt").read_text("utf-8") == other.digest


def test_an_interrupted_index_is_made_anew(tmp_path: Path) -> None:
    folder = tmp_path / "register"
    register(PARTIES, folder)
    (folder / "digest.txt").unlink()
    assert search(register(PARTIES, folder), Asked("Zenit Repair Plant"), Policy())


def test_an_index_of_other_names_is_refused(tmp_path: Path) -> None:
    name_index(listed_names(PARTIES), tmp_path)
    with pytest.raises(CodeError, match="expected 1"):
        kept_index(listed_names(PARTIES[:1]), tmp_path)
