"""Opening the desk over a lake: which version of each list counts on a day."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from entrepot.api.code_version import version_of_code
from entrepot.api.decided import Standing, standing
from entrepot.api.decisions import Decisions
from entrepot.api.desk import Desk, Entry, by_id, entries_of, register_of
from entrepot.api.listed import ListVersion, listed_on
from entrepot.api.screening import screen_lines
from entrepot.api.screening_ground import Ground, own_ground, with_parties
from entrepot.api.screening_risk import risks
from entrepot.lake import Lake, open_lake
from entrepot.manifest import MANIFEST
from entrepot.screening.policy import Policy
from entrepot.screening.shipment import Shipment
from entrepot.screening.verdict import Screened
from entrepot.screening_tables import LISTED_PARTIES
from entrepot.settings import Settings


@dataclass(frozen=True, slots=True)
class Terms:
    """How a desk answers.

    Args:
        policy: Thresholds, lists and checks.
        on: Day as of which it answers; each day's own where open.
    """

    policy: Policy
    on: date | None = None


@dataclass(frozen=True, slots=True)
class Lists:
    """What is searched.

    Args:
        entries: Entries of the lists of parties.
        versions: Versions of the lists they stand on.
        own: Checks and control lists.
    """

    entries: tuple[Entry, ...]
    versions: tuple[ListVersion, ...]
    own: Ground


def open_desk(lake: Lake, on: date, policy: Policy, decisions: Decisions) -> Desk | None:
    """Make a desk ready.

    Args:
        lake: The lake.
        on: Day as of which it answers.
        policy: Thresholds, lists and checks.
        decisions: What analysts decided.

    Returns:
        The desk; ``None`` where the lake holds no list of parties.
    """
    if not lake.has(LISTED_PARTIES):
        return None
    found = listed_on(lake, on, policy.lists or None)
    # Usual values would need the lake open while the desk answers.
    own = replace(own_ground(lake), risks=risks(lake))
    lists = Lists(entries_of(found.rows, on), found.versions, own)
    return desk_over(lists, Terms(policy, on), lambda: standing(decisions.rows()))


def desk_over(lists: Lists, terms: Terms, decided: Callable[[], Standing]) -> Desk:
    """A desk over entries of lists.

    Args:
        lists: What is searched.
        terms: How it answers.
        decided: Reads the decisions that stand.

    Returns:
        The desk.
    """
    register = register_of(lists.entries)
    on = terms.on or datetime.now(UTC).date()
    ground = with_parties(lists.own, register, lists.versions)
    in_force = (one for one in lists.own.lists if one.first is None or one.first <= on)

    def screen(shipment: Shipment) -> Screened:
        (line,) = screen_lines((shipment,), on, terms.policy, ground)
        return line

    return Desk(
        on=on,
        policy=terms.policy,
        register=register,
        entries=by_id(lists.entries),
        versions=lists.versions,
        control_lists=tuple((one.dataset, one.version) for one in in_force),
        checks=ground.checks,
        screen=screen,
        decided=decided,
        engine_version=version_of_code(),
    )


def desks(settings: Settings, terms: Terms, decisions: Decisions) -> Callable[[], Desk | None]:
    """Keep a desk ready that follows the lake and the calendar.

    Args:
        settings: Settings with the lake.
        terms: How it answers.
        decisions: What analysts decided.

    Returns:
        A function that gives the desk; it is made anew after an ingest, and after midnight UTC
        where no day is given.
    """
    kept: dict[object, Desk | None] = {}
    lock = threading.Lock()

    def current() -> Desk | None:
        on = terms.on or datetime.now(UTC).date()
        manifest = settings.lake / MANIFEST
        moment = manifest.stat().st_mtime_ns if manifest.exists() else 0
        with lock:
            if (on, moment) not in kept:
                with open_lake(settings.lake, settings) as lake:
                    made = open_desk(lake, on, terms.policy, decisions)
                kept.clear()
                kept[(on, moment)] = made
            return kept[(on, moment)]

    return current
