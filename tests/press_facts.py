"""Tables of sentences with what is to be read out of them, worked out by hand."""

from __future__ import annotations

import csv
from pathlib import Path

from entrepot.press.article import Language, Page, Span
from entrepot.press.shadow import shadow

DATA = Path(__file__).parent / "data"
LANGUAGES: dict[str, Language] = {"en": "en", "de": "de", "ru": "ru"}


def facts(name: str) -> list[tuple[str, ...]]:
    """The rows of a table of sentences, without its header."""
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return [tuple(row) for row in list(csv.reader(file))[1:]]


def one_sentence(text: str, language: str) -> Page:
    """A page that is one sentence."""
    whole = (Span(0, len(text)),)
    return Page(text, shadow(text), LANGUAGES[language], whole, whole)
