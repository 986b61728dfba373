"""Who exports and who imports in the trade that a figure is about."""

from __future__ import annotations

import re
from dataclasses import dataclass

from entrepot.press.anchors import Anchor
from entrepot.press.around import Around, first_but, nearest
from entrepot.press.line import Line
from entrepot.press.parties import open_sides
from entrepot.press.told import Claim, Figure

WORLD = "W0"
_AFTER_VERB = re.compile(r"\s+(?:(?:auch|allein|zudem|die|das|der|также|только)\s+){0,2}")
_FOREIGN = re.compile("внешн|[Aa]ußenhandel|foreign trade")
_PURCHASE = re.compile("закуп|покуп|purchas", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Sides:
    """Two countries and the way between them.

    Args:
        exporter: Who exports; nothing where a region or several countries together do.
        importer: Who imports; the same.
        flow: ``export``, ``import``, ``trade``, ``re-export``.
        via: Country in between.
    """

    exporter: str | None
    importer: str | None
    flow: str
    via: str | None = None


def trading_sides(at: Line, figure: Figure, anchor: Anchor | None) -> Sides | None:
    """Work out who trades with whom.

    Args:
        at: The sentence.
        figure: The figure.
        anchor: The word it hangs on; without one, the trade of the sentence before goes on.

    Returns:
        The two sides; nothing where one of them cannot be told.
    """
    around = Around(at, figure, anchor)
    flow = anchor.flow if anchor else at.before.flow or "trade"
    ends = open_sides(around, flow)
    if flow == "trade":
        found = _mutual(around)
        if ends:
            named = [one.area for one in around.near if one.role not in {"via", "behind"}]
            return Sides(first_but([*named, *at.fallback]), None, "trade")
        return found and Sides(*found, "trade")
    if anchor is None:
        sides = _carried(around, flow)
    elif anchor.role == "supplier":
        sides, flow = _suppliers(around), "import"
    elif anchor.role == "customer":
        sides, flow = _customers(around), "export"
    else:
        sides = _imports(around) if flow == "import" else _exports(around, anchor.role)
        sides = _filled(around, sides, flow)
    exporter, importer = sides
    if not ends and (exporter is None or importer is None or exporter == importer):
        return None
    if "importer" in ends and exporter is None:
        exporter = around.get("owner", "source", "subject")
    exporter = None if "exporter" in ends else exporter
    importer = None if "importer" in ends else importer
    via = nearest(around.near, ("via",), around.word)
    return Sides(exporter, importer, flow, via.area if via else None)


def of_sides(claim: Claim) -> str:
    """Why the sides of a claim keep it from being checked.

    Args:
        claim: The claim.

    Returns:
        The reason in words; empty where both sides are one country or one union.
    """
    if claim.exporter is not None and claim.importer is not None:
        return ""
    side = "who exports" if claim.exporter is None else "who imports"
    return f"{side} is told as a region or as several countries together"


def _mutual(around: Around) -> tuple[str, str] | None:
    """The two of mutual trade; whose view it is comes first."""
    at, figure = around.at, around.figure
    if figure.kind == "rank" or (around.anchor and around.anchor.role == "partner"):
        found = [
            around.get("owner", "with"),
            around.subject("inside", "other", "destination"),
        ]
    else:
        roles = {"between", "with", "owner", "destination", "source"}
        found = [one.area for one in around.near if one.role in roles]
        told = any(one.role in {"subject", "between", "with"} for one in around.own)
        if figure.kind == "share" or told:
            found.insert(0, around.subject("share", "with", of=around.own or around.ahead))
    sides = list(dict.fromkeys(area for area in found if area))
    if len(sides) < 2:
        more = [*around.near, *at.areas]
        others = [x.area for x in more if x.role in {"subject", "inside", "other", "share"}]
        sides = list(dict.fromkeys(sides + others))
    if not sides:
        return _known_pair(at)
    return (sides[0], sides[1]) if len(sides) > 1 else _with_other(around, sides[0])


def _known_pair(at: Line) -> tuple[str, str] | None:
    """The pair of the claim before, else the two countries the article is about."""
    pair = at.before.pair if at.is_live else []
    pair = pair if len(pair) == 2 else list(at.scene.about[:2])
    return (pair[0], pair[1]) if len(pair) == 2 else None


def _with_other(around: Around, one: str) -> tuple[str, str]:
    at = around.at
    pair = at.before.pair if at.is_live else []
    if one in pair and len(pair) == 2:
        return pair[0], pair[1]
    is_sum = around.figure.kind not in {"share", "rank"}
    if is_sum and _FOREIGN.search(around.word.of(at.text)):
        return one, WORLD
    other = first_but([*at.fallback, *at.scene.about], one)
    return (other, one) if other else (one, WORLD)


def _carried(around: Around, flow: str) -> tuple[str | None, str | None]:
    """The trade of the sentence before, with a country named here in its open place."""
    before = around.at.before
    exporter, importer = before.exporter, before.importer
    to, source = around.figure.span, around.get("source", "origin", to=around.figure.span)
    pool = around.own or around.ahead or around.near
    subject = around.get("subject", "owner", "share", "other", to=to, of=pool)
    if flow == "import":
        named = source or subject
        return (named if named and named != importer else exporter), importer
    named = around.get("destination", to=to) or subject
    importer = named if named and named != exporter else importer
    if source and source not in {importer, exporter}:
        exporter = source
    return exporter, importer


def _suppliers(around: Around) -> tuple[str | None, str | None]:
    at = around.at
    exporter = around.subject("source", "origin", of=around.ahead or around.near)
    importer = around.get("owner", "inside", "destination")
    importer = None if importer == exporter else importer
    if exporter is None:
        exporter = first_but((one.area for one in around.near), importer)
    carried = at.before.exporter if at.is_live else None
    return exporter or carried, importer or first_but(at.fallback, exporter)


def _customers(around: Around) -> tuple[str | None, str | None]:
    at = around.at
    importer = around.subject("destination")
    exporter = around.get("owner", "source", "inside")
    if exporter is None or exporter == importer:
        carried = [at.before.exporter] if at.is_live and at.before.exporter else []
        exporter = first_but([*carried, *at.fallback], importer)
    return exporter, importer


def _exports(around: Around, role: str) -> tuple[str | None, str | None]:
    source, owner, origin = (around.get(kind) for kind in ("source", "owner", "origin"))
    importer = around.get("destination")
    subject = around.get("subject", "inside", "other", of=around.left)
    if role == "moves":
        exporter = origin or source or owner
    elif role == "sends":
        exporter = _behind_verb(around) or subject or owner or source
    else:
        exporter = source or owner
    if around.figure.kind in {"share", "rank"} and role == "noun":
        others = [one for one in around.ahead if one.area != exporter]
        share = around.get("share", to=around.figure.span)
        importer = importer or share or around.subject(of=others)
    elif exporter is None and subject != importer:
        exporter = subject
    if role == "sends" and importer is None and owner != exporter:
        importer = owner
    return (None if exporter == importer else exporter), importer


def _behind_verb(around: Around) -> str | None:
    """The subject behind its verb: 2023 exportierte Litauen Waren nach Kasachstan."""
    at = around.at
    if at.scene.language == "en" or not any(one.role == "destination" for one in around.near):
        return None
    behind = (one for one in around.near if one.role in {"subject", "other"})
    between = at.text
    return next(
        (
            one.area
            for one in behind
            if _AFTER_VERB.fullmatch(between[around.word.end : one.span.start])
        ),
        None,
    )


def _imports(around: Around) -> tuple[str | None, str | None]:
    anchor, figure = around.anchor, around.figure
    role = anchor.role if anchor else "noun"
    source, owner, inside = (around.get(kind) for kind in ("source", "owner", "inside"))
    into = around.get("destination", "inside")
    if role == "noun" and into and not source and _PURCHASE.match(around.word.of(around.at.text)):
        source, into = into, None
    exporter = source or around.get("origin") or around.get("share", to=figure.span)
    subject = around.get("subject", of=around.left)
    if role == "noun" and figure.kind in {"rank", "share"}:
        exporter = exporter or around.subject(of=around.own or around.ahead or around.near)
        subject = None
    if role == "noun" and owner and inside and inside != owner:
        exporter = exporter or inside
    importer = owner or (subject if role == "takes" else None) or into
    if importer is None and subject != exporter:
        importer = subject
    return exporter, (None if importer == exporter else importer)


def _filled(
    around: Around, sides: tuple[str | None, str | None], flow: str
) -> tuple[str | None, str | None]:
    """Fill an open side from the claim before, the speaker, the statistics or the article."""
    exporter, importer = sides
    if exporter is None:
        exporter = _open_exporter(around, importer, flow)
    if importer is None:
        importer = _open_importer(around, exporter, flow)
    return exporter, importer


def _open_exporter(around: Around, importer: str | None, flow: str) -> str | None:
    at = around.at
    pair = at.before.pair if at.is_next else []
    if flow == "import":
        goes_on = at.before.flow == "trade" or at.has("carried", at.span.start, around.word.start)
        if importer in pair and goes_on:
            return first_but(pair, importer) or WORLD
        return WORLD
    has_via = nearest(around.near, ("via",), around.word) is not None
    if around.anchor and around.anchor.role == "moves" and has_via:
        return WORLD
    return first_but(at.fallback, importer)


def _open_importer(around: Around, exporter: str | None, flow: str) -> str | None:
    at = around.at
    if flow == "import":
        return first_but(at.fallback, exporter)
    if not at.has("total", around.reach.start, around.reach.end) and at.is_next:
        if exporter in at.before.pair:
            return first_but(at.before.pair, exporter) or WORLD
        is_verb = around.anchor is not None and around.anchor.role == "sends"
        if is_verb and at.before.importer not in {None, exporter}:
            return at.before.importer
    return WORLD
