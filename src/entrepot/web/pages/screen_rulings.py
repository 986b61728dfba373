"""What a form says about a hit, checked and written down as a decision."""

from __future__ import annotations

from datetime import date

from fastapi import HTTPException

from entrepot.api.decided import Kind
from entrepot.api.decisions import Decisions, Ruling
from entrepot.api.jobs_results import JudgedHit


def append_ruling(
    decisions: Decisions, one: JudgedHit, said: dict[str, str], who: tuple[str, str | None]
) -> None:
    """Write down what was decided about a hit, or withdraw it.

    Args:
        decisions: Where decisions are kept.
        one: The hit.
        said: Fields of the form.
        who: Who decides, and the version of the list they saw.

    Raises:
        HTTPException: If a field is missing or is none of those expected.
    """
    by, version = who
    reason = said.get("reason", "").strip()
    if not reason or len(reason) > 2_000:
        raise HTTPException(422, "A decision says why: the reason is empty or above 2,000 letters.")
    kind = said.get("kind", "")
    if kind == "withdrawn":
        if one.stands is None:
            raise HTTPException(409, "No decision stands about this pair. Reload the page.")
        decisions.withdraw(one.stands, by, reason)
        return
    kinds: dict[str, Kind] = {
        "true_match": "true_match",
        "false_match": "false_match",
        "cleared": "cleared",
    }
    if kind not in kinds:
        raise HTTPException(422, f"The decision is {kind[:20]!r}, expected one of {list(kinds)}.")
    until = _until(said.get("until", "")) if kind == "cleared" else None
    ruling = Ruling(kinds[kind], by, reason, until, one.hit.score, version)
    decisions.append(one.judged, ruling)


def _until(text: str) -> date:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise HTTPException(
            422, f"Cleared until {text.strip()[:20]!r}, expected a day such as 2026-12-31."
        ) from None
