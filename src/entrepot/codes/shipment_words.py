"""What headings and answers of shipment files mean, in English, German and Russian."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from entrepot.codes.rows import read_rows

COLUMNS = ("kind", "word", "meaning", "language", "source")
_SMALL = frozenset({"of", "the", "des", "der", "die", "das", "from"})
_BREAK = re.compile(r"[^\w]+|_+")


def folded(text: str) -> str:
    """A heading without what does not change its meaning: case, accents as composed, marks.

    Args:
        text: The heading.

    Returns:
        Its words in small letters, joined by one blank each, without articles.

    Example:
        >>> folded("Name_of the  CONSIGNEE:")
        'name consignee'
    """
    plain = unicodedata.normalize("NFKC", text).casefold().replace("ё", "е")
    words = [word for word in _BREAK.split(plain) if word]
    return " ".join(word for word in words if word not in _SMALL) or " ".join(words)


@cache
def shipment_words(kind: str) -> dict[str, str]:
    """Words of one kind, folded, and what they mean.

    Args:
        kind: ``field``, ``role``, ``part``, ``month``, ``answer``, ``direction`` or ``nothing``.

    Example:
        >>> shipment_words("field")[folded("код ТН ВЭД")]
        'goods.commodity'
    """
    rows = read_rows("shipment_words.csv", COLUMNS)
    return {folded(row["word"]): row["meaning"] for row in rows if row["kind"] == kind}


@cache
def _own_names() -> dict[str, str]:
    return {folded(field): field for field in shipment_words("field").values()}


@cache
def heading_field(heading: str) -> str | None:
    """The field a heading names, by the written list alone: nothing here is guessed.

    A role alone is its name; a role and a part may stand in either order.

    Args:
        heading: The heading, as it stands.

    Returns:
        A field such as ``goods.commodity`` or ``consignee.name``, or ``None``.

    Example:
        >>> heading_field("Empfänger Land"), heading_field("ИНН получателя")
        ('consignee.country', 'consignee.tax_id')
        >>> heading_field("remarks") is None
        True
    """
    key, own = folded(heading), _own_names()
    if key in shipment_words("field"):
        return shipment_words("field")[key]
    if key in own:
        return own[key]
    roles, parts = shipment_words("role"), shipment_words("part")
    if key in roles:
        return f"{roles[key]}.name"
    words = key.split(" ")
    for cut in range(1, len(words)):
        first, second = " ".join(words[:cut]), " ".join(words[cut:])
        for role, part in ((first, second), (second, first)):
            if role in roles and part in parts:
                return f"{roles[role]}.{parts[part]}"
            if role.replace(" ", "_") in roles.values() and part in parts:
                return f"{role.replace(' ', '_')}.{parts[part]}"
    return None
