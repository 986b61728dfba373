"""One value of a shipment file as its field wants it; what may mean two things is unread.

Before a value is read, it is looked at as text: letters that do not fit the encoding, marks that
turn the order of letters, and signs that no paper holds make it unreadable.
"""

from __future__ import annotations

import re
from datetime import date

from entrepot.codes.shipment_words import folded, shipment_words
from entrepot.sources.shipments_columns import NUMBERS
from entrepot.sources.shipments_days import read_day
from entrepot.sources.shipments_habits import Habits, Unreadable
from entrepot.sources.shipments_text import Cell
from entrepot.sources.shipments_values import (
    read_amount,
    read_commodity,
    read_country,
    read_number,
    read_share,
)

Value = str | int | float | bool | list[object]
_LISTS = ("aliases", "transit_countries", "transhipment_ports", "containers", "documents", "owners")
_DAY_FIELDS = (
    *("declared_on", "changed_on", "contract_date", "risk_assessed_on", "incorporated_on"),
    "end_use_certificate_on",
)
_COUNTRIES = ("country", "export_country", "destination", "final_destination", "origin", "flag")
_COUNTRY_FIELDS = (*_COUNTRIES, "end_use_country", "payer_country")
_ANSWERS = ("no_russia_clause", "no_belarus_clause", "has_remedies", "is_public")
_ANSWER_FIELDS = (*_ANSWERS, "transfers_know_how")
_SHARE = re.compile(r"^(.*?)[\s(:,]*(\d{1,3}(?:[.,]\d+)?)\s*%\)?$")
_SHARE_FIRST = re.compile(r"^(\d{1,3}(?:[.,]\d+)?)\s*%\s*[:,-]?\s*(.+)$")
_SPLIT_SHARES = re.compile(r"(?:(?<=%)|(?<=%\)))\s*,\s*|,\s*(?=\d{1,3}(?:[.,]\d+)?\s*%\s*\D)")
_FRACTION = re.compile(r"^(.*\S)\s*:\s*(0[.,]\d+|1(?:[.,]0+)?)$")
_ENDS_IN_NUMBER = re.compile(r"[\s:(]\d{1,3}(?:[.,]\d+)?\)?$")
_SPLIT = re.compile(r"\s*[;|\n]\s*")
_SPLIT_COUNTRIES = re.compile(r"\s*[;|\n,/>]\s*")
# Marks that say which way letters run, or have no width: files of Windows and of Arabic offices
# hold them around values, and nobody sees them.
_UNSEEN = re.compile("[\u061c\u200b\u200e\u200f\u202a-\u202c\u2060\u2066-\u2069\ufeff]")
_TURNED = re.compile("[\u202d\u202e]")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_TEXT_PARTS = ("name", "original_name", "address", "description", "aliases", "owners")
_SHOWN = 100  # characters of a value inside a reason
_MOST_LINES = 1_000_000_000  # of one shipment; above it a number is no number of a line


def shown(cell: Cell) -> str:
    """A value as text.

    Args:
        cell: The value, of whatever kind.

    Example:
        >>> shown(["KZ", None, 7])
        'KZ; ; 7'
    """
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, list):
        return "; ".join(map(shown, cell))
    text = "" if cell is None else str(cell)
    # Half a letter, as JSON can hold, cannot be written into any file.
    return text if text.isascii() else text.encode("utf-8", "replace").decode()


def amount(cell: Cell, habits: Habits) -> tuple[Value, str | None]:
    """An amount of money, and its currency where the value names one.

    Args:
        cell: The value.
        habits: How the file writes numbers.

    Raises:
        Unreadable: If it is no amount.
    """
    return read_amount(_seen(cell), habits)


def field_value(name: str, cell: Cell, habits: Habits) -> Value:
    """A value as its field wants it.

    Args:
        name: The field.
        cell: The value.
        habits: How the file writes days and numbers.

    Raises:
        Unreadable: If it cannot be read; the reason is in its words.

    Example:
        >>> field_value("consignee.country", "Германия", Habits())
        'DE'
    """
    part = name.rpartition(".")[2]
    if isinstance(cell, list) and part not in _LISTS:
        raise Unreadable("holds several values, expected one: give each a line or field of its own")
    if part == "owners" and isinstance(cell, list):
        return [_owner_said(one) for one in cell]
    if part in _TEXT_PARTS:
        _sound(shown(cell))
    else:
        cell = _seen(cell)
    if name == "line":
        return _line(cell, habits)
    if name in NUMBERS:
        return read_number(cell, habits)
    if part in _DAY_FIELDS:
        return read_day(cell, habits).isoformat()
    if part in _LISTS:
        return _list(part, cell)
    return _word(name, part, cell)


def joined(name: str, held: Value, value: Value) -> Value:
    """One value from two columns of the same field.

    Args:
        name: The field.
        held: What the first column says.
        value: What the second column says.

    Raises:
        Unreadable: If they do not agree.
    """
    if isinstance(held, list) and isinstance(value, list):
        return [*held, *value]
    if name == "goods.commodity":
        short, long = sorted((str(held), str(value)), key=len)
        if long.startswith(short):
            return long
    raise Unreadable(f"another column says {str(held)[:_SHOWN]!r}")


def _sound(text: str) -> None:
    """Whether a text can be taken for what was meant."""
    if "\ufffd" in text:
        raise Unreadable("holds bytes that do not fit the encoding of the file")
    if _CONTROL.search(text):
        raise Unreadable("holds signs that no paper holds; the file may be damaged")
    other = _other_reading(text)
    if other is not None:
        raise Unreadable(
            f"reads {other[:_SHOWN]!r} in UTF-8; the file may mix encodings, or was saved in a "
            "wrong one"
        )


def _other_reading(text: str) -> str | None:
    """What a text says if its bytes were UTF-8 and were read as a code page of Windows."""
    if text.isascii():
        return None
    for codec in ("cp1252", "cp1251"):
        try:
            other = text.encode(codec).decode()
        except UnicodeError:
            continue
        if any(letter.isalpha() for letter in other if letter > "\x7f"):
            return other
    return None


def _seen(cell: Cell) -> Cell:
    """A value without marks that nobody sees; a mark that turns letters makes it unreadable."""
    if not isinstance(cell, str):
        return cell
    _sound(cell)
    if _TURNED.search(cell):
        raise Unreadable("holds a mark that turns the order of letters: it reads otherwise")
    return _UNSEEN.sub("", cell).strip()


def _word(name: str, part: str, cell: Cell) -> Value:
    text = shown(cell).strip()
    if part in _COUNTRY_FIELDS:
        return read_country(text)
    if part in _ANSWER_FIELDS:
        return _answer(cell)
    if name == "goods.commodity":
        return read_commodity(cell)
    if part in ("currency", "payment_currency"):
        if not re.fullmatch(r"[A-Za-z]{3}", text):
            raise Unreadable("no currency, expected three letters such as EUR")
        return text.upper()
    if name == "direction":
        if folded(text) not in shipment_words("direction"):
            raise Unreadable("expected export, import or transit")
        return shipment_words("direction")[folded(text)]
    return text


def _line(cell: Cell, habits: Habits) -> int:
    number = read_number(cell, habits)
    if number != int(number) or not 1 <= number <= _MOST_LINES:
        raise Unreadable("expected a whole number from 1")
    return int(number)


def _answer(cell: Cell) -> bool:
    if isinstance(cell, bool):
        return cell
    text = folded(str(cell))
    words = shipment_words("answer")
    if text in ("1", "0"):
        return text == "1"
    if text not in words:
        raise Unreadable("expected yes or no")
    return words[text] == "yes"


def _list(part: str, cell: Cell) -> list[object]:
    text = shown(cell).strip()
    if text == "-" or folded(text) in shipment_words("nothing"):
        return []
    mark = _SPLIT_COUNTRIES if part == "transit_countries" else _SPLIT
    pieces = [piece for piece in mark.split(text) if piece]
    if part == "transit_countries":
        return _countries(text, pieces)
    if part == "owners":
        return [_owner(one) for piece in pieces for one in _SPLIT_SHARES.split(piece)]
    if part == "documents":
        return [[one.strip() for one in (*piece.split(":", 1), "")[:2]] for piece in pieces]
    return list(pieces)


def _countries(text: str, pieces: list[str]) -> list[object]:
    try:
        return [read_country(text)]  # a name may hold a comma itself
    except Unreadable:
        return [read_country(piece) for piece in pieces]


def _owner(piece: str) -> list[object]:
    found = _SHARE.fullmatch(piece)
    if found is not None and found[1].strip():
        return [found[1].strip(), read_share(found[2])]
    first = _SHARE_FIRST.fullmatch(piece)
    if first is not None:
        return [first[2].strip(), read_share(first[1])]
    fraction = _FRACTION.fullmatch(piece)
    if fraction is not None:
        return [fraction[1].strip(), float(fraction[2].replace(",", "."))]
    if _ENDS_IN_NUMBER.search(piece):
        raise Unreadable("ends in a number, expected a name, or a name with a share such as 50 %")
    return [piece, None]


def _owner_said(one: Cell) -> list[object]:
    """An owner of a list: a text, a name with a fraction, or an object that names both."""
    if isinstance(one, str):
        return _owner(one.strip())
    if isinstance(one, dict) and set(one) <= {"name", "share"} and "name" in one:
        one = [one["name"], one.get("share")]
    if not (isinstance(one, list) and len(one) == 2 and isinstance(one[0], str)):
        raise Unreadable("an owner is neither a text nor a name with a share")
    name, share = one
    if share is None:
        return [name, None]
    if isinstance(share, bool) or not isinstance(share, int | float) or not 0 <= share <= 1:
        raise Unreadable(f"the share {share!r} is no fraction, expected 0 to 1")
    return [name, float(share)]
