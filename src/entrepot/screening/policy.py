"""What a house wants of screening: thresholds, lists, checks; a file that a reviewer can read."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

from entrepot.errors import CodeError

_NUMBERS = (int, float)
SCORERS = ("light", "logic-v2")


@dataclass(frozen=True, slots=True)
class Policy:
    """Settings of screening; each may be set in the policy file under its name.

    Args:
        version: Name of this policy, printed into every result.
        match_from: Score from which a name is a match.
        possible_from: Score from which it is a possible match.
        cross_script_from: Score from which names in different scripts are a possible match.
        address_from: Score from which an address alone is reported.
        scorer: ``light``, our own score, or ``logic-v2``: nomenklatura's beside it, the higher
            counts; it needs the extra ``ftm``.
        lists: Lists to search, by dataset; empty for all.
        checks: Checks to make, by id; empty for all.
        block: Checks that block whatever their own severity.
        required: Checks without which no line is clear: parties, listed goods, destination.
        certificate_days: Age in days at which an end-use certificate is old.
        new_customer_days: Age in days below which a company is new.
        detour_ratio: Length of a route over the shortest usual one from which it is a detour.
        detour_km: Kilometres more than the shortest usual one below which no route is a detour.
        route_change_days: Days before the declaration within which a change of route is late.
        unit_value_factor: How far outside the usual range a unit value is told of.
        minimum_observations: Observations below which a usual range says nothing.
        order_jump: Value over the median of earlier ones from which an order is a jump.
        cash_from_eur: Value from which payment in cash is told of.

    Example:
        >>> Policy().match_from
        0.85
    """

    version: str = "default 1"
    match_from: float = 0.85
    possible_from: float = 0.7
    cross_script_from: float = 0.75
    address_from: float = 0.9
    scorer: str = "light"
    lists: tuple[str, ...] = ()
    checks: tuple[str, ...] = ()
    block: tuple[str, ...] = ()
    required: tuple[str, ...] = ("P1", "G1", "R1")
    certificate_days: int = 365
    new_customer_days: int = 365
    detour_ratio: float = 2.0  # sea and air hubs between Europe and Asia stay below 1.6
    detour_km: float = 1_500.0  # own choice: hops between neighbours are long only as a ratio
    route_change_days: int = 14  # own choice: no guidance names a number
    unit_value_factor: float = 1.0
    minimum_observations: int = 12
    order_jump: float = 5.0
    cash_from_eur: float = 10_000.0

    def as_settings(self) -> dict[str, object]:
        """The settings by name, as a result prints them."""
        return asdict(self)


def read_policy(text: str, name: str) -> Policy:
    """Read a policy file.

    Args:
        text: The file, TOML.
        name: What it is called, for messages.

    Returns:
        The policy; what the file leaves out is the default.

    Raises:
        CodeError: If it is no TOML, or holds a setting or value we do not know.

    Example:
        >>> read_policy('possible_from = 0.8', "own.toml").possible_from
        0.8
    """
    try:
        given = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise CodeError(f"{name}: no TOML ({error}). See docs/how-to/screen.md.") from None
    known = {field.name: getattr(Policy(), field.name) for field in fields(Policy)}
    unknown = sorted(set(given) - set(known))
    if unknown:
        raise CodeError(
            f"{name}: unknown settings {unknown}, expected some of {sorted(known)}. "
            "Remove them or mend their spelling."
        )
    policy = replace(Policy(), **{key: _value(name, key, given, known[key]) for key in given})
    _check(policy, name)
    return policy


def _value(name: str, key: str, given: Mapping[str, Any], default: object) -> Any:
    value = given[key]
    if isinstance(default, tuple):
        if isinstance(value, list) and all(isinstance(one, str) for one in value):
            return tuple(value)
        raise CodeError(f"{name}: {key} is {value!r}, expected a list of words.")
    is_number = isinstance(value, _NUMBERS) and not isinstance(value, bool)
    if isinstance(default, str) == isinstance(value, str) and (is_number or isinstance(value, str)):
        return value
    raise CodeError(f"{name}: {key} is {value!r}, expected such as {default!r}.")


def _check(policy: Policy, name: str) -> None:
    for key in ("match_from", "possible_from", "cross_script_from", "address_from"):
        if not 0 < getattr(policy, key) <= 1:
            raise CodeError(
                f"{name}: {key} is {getattr(policy, key)!r}, expected above 0, up to 1."
            )
    if policy.scorer not in SCORERS:
        raise CodeError(f"{name}: scorer is {policy.scorer!r}, expected one of {list(SCORERS)}.")
    if policy.detour_ratio < 1:
        raise CodeError(
            f"{name}: detour_ratio is {policy.detour_ratio!r}, expected 1 or more; no route is "
            "shorter than the shortest."
        )
    if policy.possible_from > policy.match_from:
        raise CodeError(
            f"{name}: possible_from {policy.possible_from} is above match_from "
            f"{policy.match_from}; a match would be no possible match."
        )
