"""Which files of a folder are articles by their kind."""

from __future__ import annotations

import pytest

from entrepot.api.press_sources import raw_articles
from entrepot.sources.articles import Refused

WORDS = "German exports rose in 2022."


def read(*where):
    return list(raw_articles([str(one) for one in where]))


@pytest.fixture
def folder(tmp_path):
    for name in ("a.txt", "score.py", "SCHEMA.md", "table.csv"):
        (tmp_path / name).write_text(WORDS, "utf-8")
    return tmp_path


def test_a_folder_gives_its_articles_and_names_what_is_none(folder):
    found = read(folder)
    assert len(found) == 4
    refused = {one.name.rpartition("/")[2]: one.reason for one in found if isinstance(one, Refused)}
    assert set(refused) == {"score.py", "SCHEMA.md", "table.csv"}
    assert "is no article by the end of its name, .py" in refused["score.py"]
    assert "Name the file itself" in refused["SCHEMA.md"]


def test_a_program_is_no_article_even_where_it_is_named_and_a_note_is_one(folder):
    (program,) = read(folder / "score.py")
    assert isinstance(program, Refused)
    (note,) = read(folder / "SCHEMA.md")
    assert note.text == WORDS
