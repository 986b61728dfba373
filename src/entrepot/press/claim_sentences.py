"""Claims and declarations in words: both numbers, units, periods, months held, who declared."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from entrepot.codes.areas import area, areas
from entrepot.press.check_numbers import INFINITY, Declared, Standing
from entrepot.press.told import Claim, Comparison
from entrepot.trade.summary import Stretch

WORLD = "W0"
_SCALES = ((1e9, "bn", 2), (1e6, "m", 0), (1e3, "thousand", 0))
_ROUNDS_UP = 0.9995
_TONNE = 1000.0
_SHOWN = 3  # missing periods a sentence names before it counts the rest
_MEANT: dict[Comparison, str] = {
    "=": "",
    "~": "about ",
    ">": "more than ",
    ">=": "at least ",
    "<": "less than ",
    "<=": "at most ",
    "~<": "nearly ",
}
_GOODS = {
    "dual_use": "dual-use goods",
    "high_priority": "goods of high priority",
    "sanctioned": "sanctioned goods",
    "luxury": "luxury goods",
}
_FLOWS = {"X": "exports", "M": "imports", "RX": "re-exports", "both": "exports and imports"}
_MOVES = {"increase": ", rising", "decrease": ", falling"}
_CLAIMED = {
    "export": "exports from {0} to {1}",
    "import": "imports from {0} into {1}",
    "trade": "trade between {0} and {1}",
    "re-export": "re-exports from {0} to {1}",
}


def area_name(code: str) -> str:
    """Name an area or grouping.

    Args:
        code: ISO 3166-1 alpha-2, a grouping, or ``W0`` for the world.

    Example:
        >>> area_name("KZ"), area_name("EU"), area_name("W0")
        ('Kazakhstan', 'the EU', 'the world')
    """
    if code == WORLD:
        return "the world"
    known = {one.alpha2 for one in areas()}
    return area(code).name_en if code in known else f"the {code}"


def amount_words(value: float, unit: str) -> str:
    """Write an amount in a readable scale.

    Args:
        value: The amount.
        unit: Currency, or ``kg``.

    Example:
        >>> amount_words(9.02e9, "USD"), amount_words(366e6, "EUR"), amount_words(12_000, "kg")
        ('USD 9.02 bn', 'EUR 366 m', '12 t')
    """
    if unit == "kg":
        return f"{value / _TONNE:,.10g} t" if value < _TONNE else f"{value / _TONNE:,.0f} t"
    for factor, word, decimals in _SCALES:
        if abs(value) >= factor * _ROUNDS_UP:
            scaled = value / factor
            places = 2 if abs(scaled) < 10 and decimals == 0 else decimals
            text = f"{scaled:,.{places}f}"
            return f"{unit} {text.rstrip('0').rstrip('.') if '.' in text else text} {word}"
    return f"{unit} {value:,.0f}"


def stretch_words(stretch: Stretch, freq: str = "M") -> str:
    """Name a stretch of months.

    Args:
        stretch: The stretch.
        freq: ``M`` or ``A``.

    Example:
        >>> stretch_words(Stretch(date(2022, 1, 1), date(2022, 11, 1)))
        'January–November 2022'
        >>> stretch_words(Stretch(date(2021, 12, 1), date(2022, 11, 1)))
        'December 2021–November 2022'
    """
    first, last = stretch.first, stretch.last
    if freq == "A":
        return f"{first:%Y}" if first.year == last.year else f"{first:%Y}–{last:%Y}"
    if first == last:
        return f"{first:%B %Y}"
    if first.year == last.year:
        return f"{first:%B}–{last:%B %Y}"
    return f"{first:%B %Y}–{last:%B %Y}"


def claimed_words(claim: Claim) -> str:
    """Say what a claim asserts or denies, with its number and period.

    Args:
        claim: The claim; its exporter and importer may be open.
    """
    ends = [area_name(code) if code else "an unnamed country" for code in _ends(claim)]
    what = _CLAIMED.get(claim.flow, "trade from {0} to {1}").format(*ends)
    named = _GOODS.get(claim.product, claim.product.replace("_", " "))
    named = claim.product_text if claim.product == "unread_goods" else named
    goods = "" if claim.product == "total" else f" of {named}"
    via = f" via {area_name(claim.via)}" if claim.via else ""
    when = f", {period_words(claim.period)}" if claim.period else ""
    against = f", against {period_words(claim.baseline)}" if claim.baseline else ""
    verb = "Denied" if claim.polarity == "denied" else "Claimed"
    return f"{verb}: {what}{goods}{via}{_relation_words(claim)}{when}{against}"


def period_words(interval: str) -> str:
    """Read an EDTF period out.

    Args:
        interval: Day, month, year or interval.

    Example:
        >>> period_words("2022-01/2022-11"), period_words("../2022-02-23"), period_words("2022")
        ('2022-01 to 2022-11', 'until 2022-02-23', '2022')
    """
    first, _, last = interval.partition("/")
    if first in {"", ".."}:
        return f"until {last}"
    if last == "..":
        return f"since {first}"
    return f"{first} to {last}" if last else first


def _ends(claim: Claim) -> tuple[str | None, str | None]:
    return claim.exporter, claim.importer


def _relation_words(claim: Claim) -> str:
    if claim.relation == "exists":
        return ""
    if claim.value is None:
        return _MOVES.get(claim.relation, "")
    value, meant = claim.value, _MEANT[claim.comparison]
    if claim.relation in {"level", *_MOVES}:
        factor = _TONNE if claim.unit == "t" else 1.0
        unit = "kg" if claim.unit == "t" else claim.unit or ""
        moves = f"{_MOVES[claim.relation]} by " if claim.relation in _MOVES else ", "
        return f"{moves}{meant}{amount_words(value * factor, unit)}"
    if claim.relation == "rank":
        better = " or better" if claim.comparison in {"<", "<="} else ""
        return f", rank {value:g}{better} among partners"
    if claim.relation == "ratio":
        return f", {meant}{value:g} times as much"
    if claim.relation == "share":
        return f", {meant}{value:.4g} % of all partners"
    return f", {'up' if value >= 0 else 'down'} by {meant}{abs(value):.4g} %"


def declared_words(declared: Declared) -> str:
    """Say who declared how much, and in how many periods.

    Args:
        declared: What one side declared.
    """
    towards = {"X": "to", "RX": "to", "M": "from", "both": "with"}[declared.flow]
    who = area_name(declared.reporter)
    what = f"{_FLOWS[declared.flow]} {towards} {area_name(declared.partner)}"
    by = f"{who} declared"
    if declared.converted:
        by = f"a conversion of what {who} declared ({declared.converted}) gives"
    return (
        f"{by} {_amount(declared, declared.now)} of {what}, "
        f"{declared.goods}, in {_held(declared, declared.now)}{_short(declared)}"
    )


def _short(declared: Declared) -> str:
    return f" [too low: {'; '.join(declared.short)}]" if declared.short else ""


def against_words(declared: Declared) -> str:
    """Say what was declared in the stretch that is compared with.

    Args:
        declared: What one side declared.
    """
    if declared.base is None:
        return ""
    change = declared.alike()
    moved = ""
    if change is not None and change[1] > 0:
        now, base, count = change
        percent = 100 * (now / base - 1)
        sign = "+" if percent >= 0 else "−"
        word = "months" if declared.freq == "M" else "years"
        scope = "" if _is_whole(declared) else f" in the {count} {word} that both hold"
        moved = f" ({sign}{abs(percent):,.1f} %{scope})"
    return f" after {_amount(declared, declared.base)} in {_held(declared, declared.base)}{moved}"


def _is_whole(declared: Declared) -> bool:
    base = declared.base
    return base is not None and not (declared.missing(declared.now) or declared.missing(base))


def _amount(declared: Declared, stretch: Stretch) -> str:
    total = amount_words(declared.sum_of(stretch), declared.unit)
    if declared.unit == "kg":
        return total
    if declared.flow != "both":
        return f"{total} {declared.valuation}".rstrip()
    parts = (amount_words(declared.sum_of(stretch, flow), declared.unit) for flow in ("X", "M"))
    return f"{total} ({' exports FOB, '.join(parts)} imports CIF)"


def _held(declared: Declared, stretch: Stretch) -> str:
    missing, asked = declared.missing(stretch), declared.asked(stretch)
    word = ("month" if declared.freq == "M" else "year") + ("s" if len(asked) != 1 else "")
    held = f"{len(asked) - len(missing)} of {len(asked)} {word} held"
    if missing:
        held += f", missing {period_list(missing, declared.freq)}"
    return f"{stretch_words(stretch, declared.freq)} ({held})"


def period_list(days: Sequence[date], freq: str = "M") -> str:
    """Name periods, few by name and many by count.

    Args:
        days: Their first days.
        freq: ``M`` or ``A``.

    Example:
        >>> period_list([date(2022, 12, 1)])
        '2022-12'
    """
    pattern = "%Y-%m" if freq == "M" else "%Y"
    if len(days) > _SHOWN:
        return f"{len(days)} between {days[0]:{pattern}} and {days[-1]:{pattern}}"
    return ", ".join(f"{day:{pattern}}" for day in days)


def rank_words(standing: Standing, low: float, high: float) -> str:
    """Say where a partner stands, and how far that reaches.

    Args:
        standing: The partner among others.
        low: Best rank it can have among all.
        high: Worst rank it can have.

    Example:
        >>> rank_words(Standing(5.0, (9.0, 2.0), 0.0, False, 200), 2, INFINITY)
        'rank 2 of the 3 partners held, 2 or worse among all'
    """
    held = f"rank {standing.rank} of the {standing.partner_count} partners held"
    if high == INFINITY:
        return f"{held}, {low:g} or worse among all"
    return held if low == high else f"{held}, {low:g} to {high:g} among all"
