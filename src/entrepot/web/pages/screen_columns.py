"""The columns of a file as a form shows them and sends them back."""

from __future__ import annotations

import json
from collections.abc import Mapping

from fastapi import HTTPException

from entrepot.sources.shipments_columns import all_fields


def field_groups() -> dict[str, list[str]]:
    """Fields by what they are about: the shipment, goods, route, terms, each party.

    Returns:
        Names of fields by group.
    """
    groups: dict[str, list[str]] = {}
    for name in all_fields():
        group = name.partition(".")[0] if "." in name else "shipment"
        groups.setdefault(group.replace("_", " "), []).append(name)
    return groups


def chosen_columns(fields: list[tuple[str, str]]) -> dict[str, str]:
    """The field chosen for each heading.

    Args:
        fields: Fields of the form: ``heading`` and ``field`` in turn.

    Returns:
        Field by heading; empty where the column is left as it stands.

    Raises:
        HTTPException: If they do not come in pairs, or one field is none.
    """
    headings = [value for name, value in fields if name == "heading"]
    chosen = [value for name, value in fields if name == "field"]
    unknown = sorted(set(chosen) - {"", *all_fields()})
    if len(headings) != len(chosen) or unknown:
        raise HTTPException(422, f"The columns came damaged ({unknown[:3]}). Send them again.")
    return {text: one for text, one in zip(headings, chosen, strict=True) if text}


def columns_toml(columns: Mapping[str, str], settings: Mapping[str, str]) -> str:
    r"""A file of columns.

    Args:
        columns: Field by heading.
        settings: How the file is to be read.

    Returns:
        TOML.

    Example:
        >>> print(columns_toml({'Kunde "2"': "buyer.name"}, {"decimal": ","}), end="")
        [columns]
        "Kunde \"2\"" = "buyer.name"
        [file]
        "decimal" = ","
    """
    lines = ["[columns]", *(f"{_quoted(name)} = {_quoted(one)}" for name, one in columns.items())]
    lines += ["[file]", *(f"{_quoted(name)} = {_quoted(one)}" for name, one in settings.items())]
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    """A text as TOML: JSON's escapes are a part of TOML's, but for the sign of deletion."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007F")
