"""Tables made from trade statistics that are none themselves, known so that we can say why not."""

from __future__ import annotations

_ESTIMATED = "re-exports somebody estimated, with shares: no declaration of any reporter"
_UNSIGNED = (
    "a wide table that does not say whether it holds imports or exports (Uzbekistan's SDMX 1176 "
    "and 1105 differ by name only). Ingest the converted yearly imports"
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
    (
        {"import_consigment", "import_origin", "timeperiod"},
        "Armenia's trade by country with sums over months between the months. Ingest its table "
        "with the columns country,year,month,export,import_origin,import_consignment,date",
    ),
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
