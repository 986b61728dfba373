"""Tables made from trade statistics that are none themselves, known so that we can say why not."""

from __future__ import annotations

_ESTIMATED = "re-exports somebody estimated, with shares: no declaration of any reporter"
_UNSIGNED = (
    "a table of Uzbekistan that does not say whether it holds imports or exports: keep the "
    "publisher's name, sdmx_data_1176.csv (imports) or sdmx_data_1105.csv (exports)"
)

# Columns that only such a table has, and why it is refused.
_REASONS = (
    ({"reexports", "prop_reexport", "pct_cum"}, _ESTIMATED),
    (
        {"RX", "X", "RX_pct"},
        "yearly sums of exports and re-exports without reporter, partner and commodity",
    ),
    (
        {"partner_region", "trade_value_us", "year"},
        "exports summed by region of the partner: sums over countries never enter flows",
    ),
    (
        {"trade_flow", "commodity_code", "trade_value_us", "period"},
        "sums over all partners of a reporter that is not named",
    ),
    ({"Klassifikator", "Klassifikator_en", "Code"}, _UNSIGNED),
)


def why_refused(names: tuple[str, ...]) -> str | None:
    """Say why a table is refused though it is about trade.

    Args:
        names: Its columns.

    Returns:
        The reason, or ``None`` where the table is not known to be derived.

    Example:
        >>> why_refused(("year", "RX", "X", "RX_pct"))
        'yearly sums of exports and re-exports without reporter, partner and commodity'
        >>> why_refused(("code", "product")) is None
        True
    """
    if "reporter" in names or "reporter_code" in names:
        return None
    for columns, reason in _REASONS:
        if columns <= set(names):
            return reason
    return None
