"""Claims of the press beside declared trade: what the statistics of the lake say of each."""

from __future__ import annotations

from collections.abc import Sequence

from entrepot.api.checked_declared import declared_by
from entrepot.api.checked_goods import Meant, meant_by
from entrepot.api.checked_holdings import Shelf
from entrepot.api.checked_runs import beside_runs
from entrepot.api.checked_side import SideAsked
from entrepot.errors import CodeError, EstimateError, LakeError
from entrepot.finding import Finding
from entrepot.lake import Lake
from entrepot.press.check import check, is_compared, missing_of, not_checked
from entrepot.press.check_numbers import Declared
from entrepot.press.check_records import CheckOptions, ClaimOfArticle
from entrepot.press.check_sides import side_to_go_by
from entrepot.press.check_stretch import Months, month_number, months_of
from entrepot.press.claim_sentences import WORLD
from entrepot.press.told import Claim
from entrepot.tables import FLOWS

_ONE_SIDED = {"rank", "share"}  # one reporter's partners are compared, so one side answers


def checked(
    lake: Lake, claims: Sequence[ClaimOfArticle], *, options: CheckOptions | None = None
) -> list[Finding]:
    """Check claims against the declared trade of a lake.

    Args:
        lake: The lake.
        claims: The claims, each with the article it stands in.
        options: Rates, tolerances and datasets; the usual ones where open.

    Returns:
        One finding for each claim, in order, and one more for each denial on which a run in the
        lake bears. ``subject`` is ``claim``, ``subject_id`` the claim's id, ``run_id`` the source
        id of its article.
    """
    how = options or CheckOptions()
    if not lake.has(FLOWS):
        return [not_checked(one, ["the lake holds no declared trade"]) for one in claims]
    shelf = Shelf(lake, how.dataset)
    found: list[Finding] = []
    for one in claims:
        found += [_checked(lake, shelf, one, how), *beside_runs(lake, one)]
    return found


def _checked(lake: Lake, shelf: Shelf, asked: ClaimOfArticle, options: CheckOptions) -> Finding:
    reasons = [*missing_of(asked.claim), *_unread_periods(asked.claim)]
    if reasons:
        return not_checked(asked, reasons)
    try:
        meant = meant_by(lake, asked.claim.product)
    except (CodeError, LakeError) as error:
        return not_checked(asked, [_as_part(error)])
    sides: list[Declared] = []
    problems: list[str] = []
    for side in _sides(asked, meant, options.lag):
        try:
            sides += declared_by(lake, shelf, side, options)
        except (CodeError, EstimateError) as error:
            problems.append(_as_part(error))
    return check(asked, sides, problems, options)


def _as_part(error: Exception) -> str:
    """A message as part of a sentence: its first sentence says what is wrong."""
    return str(error).split(". ")[0].rstrip(".")


def _unread_periods(claim: Claim) -> list[str]:
    named = {"period": claim.period, "baseline": claim.baseline if is_compared(claim) else None}
    return [
        f"the {name} {words!r} names no month or leaves its year open"
        for name, words in named.items()
        if words is not None and months_of(words) is None
    ]


def _sides(asked: ClaimOfArticle, meant: Meant, lag: int) -> list[SideAsked]:
    """Who declares the trade, the side that the claim goes by first."""
    claim = asked.claim
    exporter, importer = claim.exporter or "", claim.importer or ""
    if claim.via:  # both legs, each as whoever declares it
        legs = [(exporter, claim.via, "X"), (claim.via, importer, "X"), (importer, claim.via, "M")]
    else:
        legs = [(exporter, importer, "X"), (importer, exporter, "M")]
        if claim.flow == "import":
            legs.reverse()
    lead = None if claim.via else side_to_go_by(claim, asked.read_on)
    legs.sort(key=lambda leg: leg[0] != lead)
    if claim.flow == "re-export":
        legs = [leg for leg in legs if leg[2] == "X"]
    legs = [leg for leg in dict.fromkeys(legs) if leg[0] != WORLD]
    if claim.relation in _ONE_SIDED:
        legs = legs[:1]
    return [_side(asked, meant, leg, lag) for leg in legs]


def _side(asked: ClaimOfArticle, meant: Meant, leg: tuple[str, str, str], lag: int) -> SideAsked:
    claim = asked.claim
    reporter, partner, letter = leg
    flows = {"trade": ("X", "M"), "re-export": ("RX",)}.get(claim.flow, (letter,))
    until = _until(asked)
    is_dated = months_of((asked.said_on or "")[:7]) is not None
    return SideAsked(
        claim=claim,
        reporter=reporter,
        partner=partner,
        flows=flows,
        meant=meant,
        until=until,
        oldest=until - lag,
        is_dated=is_dated,
        now=months_of(claim.period),
        baseline=months_of(claim.baseline),
        is_compared=is_compared(claim),
    )


def _until(asked: ClaimOfArticle) -> int:
    """The last whole month before the article; before it was read, where its date is open."""
    said: Months | None = months_of((asked.said_on or "")[:7])
    read = month_number(asked.read_on) - 1
    if said is None or said.last is None:
        return read
    return min(said.last - 1, read) if len(asked.said_on or "") > 4 else min(said.last, read)
