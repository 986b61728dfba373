"""Whether one supplier's loss was taken over by another, in value and in kilograms."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import narwhals.stable.v2 as nw

from entrepot.trade.partners import UNIT

# Part of the value that must have a weight before kilograms stand for the whole.
WEIGHED = 0.99


def substitution(
    sums: nw.LazyFrame[Any], lost: Collection[str], taken_by: Collection[str]
) -> nw.LazyFrame[Any]:
    """Set what some suppliers gained against what others lost between two stretches.

    ``taken_over = gain of those who took over / loss of those who lost``, in value
    (``loss = base_value - value``) and, as ``taken_over_kg``, in kilograms. It is null where there
    is no loss: nothing can be taken over then. Kilograms are null where less than 99 % of a value
    has a weight. In value it mixes amounts with prices: where the price doubled, half the goods
    are no loss. Equal size is consistent with substitution; it does not say that one came in place
    of the other. The shift of shares (of the partners held) says who gained, whatever the price.

    Args:
        sums: Rows of :func:`entrepot.trade.partners.ranked` with the weights of
            :func:`entrepot.trade.partners.with_weights`.
        lost: Suppliers whose loss is looked at.
        taken_by: Suppliers that may have taken it over.

    Returns:
        For each unit ``loss`` and ``gain`` in the currency, ``taken_over``; ``share_lost`` and
        ``share_gained``, fractions; ``loss_kg``, ``gain_kg`` in kg and ``taken_over_kg``.
    """
    is_lost = nw.col("partner").is_in(sorted(lost))
    is_taker = nw.col("partner").is_in(sorted(taken_by))
    # A supplier with nothing in a stretch has no weight there and needs none.
    is_weighed = (nw.col("weighed_value") >= WEIGHED * nw.col("value")) & (
        nw.col("base_weighed_value") >= WEIGHED * nw.col("base_value")
    )
    gain_kg = nw.col("net_weight_kg") - nw.col("base_net_weight_kg")
    columns = {"": nw.col("gain"), "_share": nw.col("share_change"), "_kg": gain_kg}
    parts = {
        f"{side}{name}": nw.when(chosen).then(sign * column).otherwise(0.0)
        for side, chosen, sign in (("_loss", is_lost, -1), ("_gain", is_taker, 1))
        for name, column in columns.items()
    }
    added = (
        sums.filter(is_lost | is_taker)
        .with_columns(**parts, _weighed=is_weighed.cast(nw.Int64))
        .group_by(*UNIT)
        .agg(*(nw.col(name).sum() for name in parts), nw.col("_weighed").min())
    )
    has_weight = nw.col("_weighed") == 1
    amounts = added.select(
        *UNIT,
        loss=nw.col("_loss"),
        gain=nw.col("_gain"),
        share_lost=nw.col("_loss_share"),
        share_gained=nw.col("_gain_share"),
        loss_kg=nw.when(has_weight).then(nw.col("_loss_kg")),
        gain_kg=nw.when(has_weight).then(nw.col("_gain_kg")),
    )
    return amounts.with_columns(
        taken_over=nw.when(nw.col("loss") > 0).then(nw.col("gain") / nw.col("loss")),
        taken_over_kg=nw.when(nw.col("loss_kg") > 0).then(nw.col("gain_kg") / nw.col("loss_kg")),
    )


def of_loss(sums: nw.LazyFrame[Any], lost: Collection[str]) -> nw.LazyFrame[Any]:
    """Set each partner's gain against what some suppliers lost.

    ``of_loss = gain / loss``: 0.3 where a partner gained as much as three tenths of the loss,
    negative where it lost too. It says nothing about the reason.

    Args:
        sums: Rows of :func:`entrepot.trade.partners.ranked`.
        lost: Suppliers whose loss is looked at; may be none.

    Returns:
        The rows with ``of_loss``, a fraction; null for those suppliers, and where nothing is lost.
    """
    is_lost = nw.col("partner").is_in(sorted(lost))
    loss = nw.when(is_lost).then(-nw.col("gain")).otherwise(0.0).sum().over(*UNIT)
    return (
        sums.with_columns(_loss=loss)
        .with_columns(
            of_loss=nw.when(~is_lost & (nw.col("_loss") > 0)).then(nw.col("gain") / nw.col("_loss"))
        )
        .drop("_loss")
    )
