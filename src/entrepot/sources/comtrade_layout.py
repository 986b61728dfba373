"""The layouts UN Comtrade's trade comes in, told apart by their header.

- ``current``: 47 columns since 2022 (``typeCode … isAggregate``), of the download page and, as
  fields, of the interface.
- ``bulk``: text with tabs inside the ``.gz`` of the bulk service since 2022, without descriptions.
  It writes ``CIFValue`` and ``FOBValue``, has ``datasetCode`` in front, and may pad codes with
  spaces. Checked against the columns that public readers of these files name (Harvard Growth
  Lab's downloader, the JRC's biotrade, ComtradeClient.jl), not against a file. The files in a
  classification other than the reported one are said to have no breakdown: columns of
  consignment, procedure and transport may be missing.
- ``legacy``: 35 columns of the old site (``Classification … Flag``); its bulk files have 22.
- ``tidied``: 29 columns in lower case, as analysts save the answers of the interface in R, with
  ``NA`` for nothing; no edition of the classification, which becomes HS.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from entrepot.errors import SourceError
from entrepot.sources.delimited import Head

ADVICE = "UN Comtrade may have changed the layout, or somebody the file: fetch it again."

CURRENT = (
    *("typeCode", "freqCode", "refPeriodId", "refYear", "refMonth", "period", "reporterCode"),
    *("reporterISO", "reporterDesc", "flowCode", "flowDesc", "partnerCode", "partnerISO"),
    *("partnerDesc", "partner2Code", "partner2ISO", "partner2Desc", "classificationCode"),
    *("classificationSearchCode", "isOriginalClassification", "cmdCode", "cmdDesc", "aggrLevel"),
    *("isLeaf", "customsCode", "customsDesc", "mosCode", "motCode", "motDesc", "qtyUnitCode"),
    *("qtyUnitAbbr", "qty", "isQtyEstimated", "altQtyUnitCode", "altQtyUnitAbbr", "altQty"),
    *("isAltQtyEstimated", "netWgt", "isNetWgtEstimated", "grossWgt", "isGrossWgtEstimated"),
    *("cifvalue", "fobvalue", "primaryValue", "legacyEstimationFlag", "isReported"),
    "isAggregate",
)
_NOT_IN_BULK = ("ISO", "Desc", "Abbr", "cifvalue", "fobvalue")
BULK = (
    *("datasetCode", "CIFValue", "FOBValue"),
    *(name for name in CURRENT if not name.endswith(_NOT_IN_BULK)),
)
LEGACY = (
    *("Classification", "Year", "Period", "Period Desc.", "Aggregate Level", "Is Leaf Code"),
    *("Trade Flow Code", "Trade Flow", "Reporter Code", "Reporter", "Reporter ISO"),
    *("Partner Code", "Partner", "Partner ISO", "2nd Partner Code", "2nd Partner"),
    *("2nd Partner ISO", "Customs Proc. Code", "Customs", "Mode of Transport Code"),
    *("Mode of Transport", "Commodity Code", "Commodity", "Qty Unit Code", "Qty Unit", "Qty"),
    *("Alt Qty Unit Code", "Alt Qty Unit", "Alt Qty", "Netweight (kg)", "Gross weight (kg)"),
    *("Trade Value (US$)", "CIF Trade Value (US$)", "FOB Trade Value (US$)", "Flag"),
)
TIDIED = (
    *("year", "month", "period", "period_desc", "aggregate_level", "is_leaf_code", "trade_code"),
    *("trade_flow", "reporter_code", "reporter", "partner_code", "partner_iso", "partner"),
    *("commodity_code", "commodity", "mot_code", "mot_desc", "QtyUnitCode", "QtyUnitAbbr"),
    *("Qty", "IsQtyEstimated", "IsNetWgtEstimated", "netweight_kg", "trade_value_us"),
    *("cifvalue", "fobvalue", "IsReported", "IsAggregate", "partner_region"),
)


@dataclass(frozen=True, slots=True)
class Layout:
    """One layout: every column it may have, and what we call those we read.

    Args:
        name: Its name, for messages.
        names: The columns it may have, in order.
        needed: Our name and theirs, of columns without which nothing can be read.
        optional: The same of columns that some variants leave out.
    """

    name: str
    names: tuple[str, ...]
    needed: Mapping[str, str]
    optional: Mapping[str, str]


# Our name and theirs of the columns to read; those that every line has, and those that tell parts.
_LINE = {
    **{"type": "typeCode", "freq": "freqCode", "period": "period", "reporter": "reporterCode"},
    **{"flow": "flowCode", "partner": "partnerCode", "classification": "classificationCode"},
    **{"commodity": "cmdCode", "unit": "qtyUnitCode", "quantity": "qty", "weight": "netWgt"},
    **{"is_quantity_estimated": "isQtyEstimated", "is_weight_estimated": "isNetWgtEstimated"},
    "value": "primaryValue",
}
_PARTS = {
    **{"partner2": "partner2Code", "customs": "customsCode", "mode": "motCode"},
    "supply": "mosCode",
}
CURRENT_READ = {**_LINE, **_PARTS, "cif": "cifvalue", "fob": "fobvalue"}

_LAYOUTS = (
    Layout("current", CURRENT, CURRENT_READ, {}),
    Layout("bulk", BULK, {**_LINE, "cif": "CIFValue", "fob": "FOBValue"}, _PARTS),
    Layout(
        "legacy",
        LEGACY,
        {
            **{"classification": "Classification", "period": "Period", "flow": "Trade Flow Code"},
            **{"reporter": "Reporter Code", "partner": "Partner Code"},
            **{"commodity": "Commodity Code", "unit": "Qty Unit Code", "quantity": "Qty"},
            **{"weight": "Netweight (kg)", "value": "Trade Value (US$)", "flag": "Flag"},
        },
        {
            **{"partner2": "2nd Partner Code", "customs": "Customs Proc. Code"},
            **{"mode": "Mode of Transport Code", "cif": "CIF Trade Value (US$)"},
            **{"fob": "FOB Trade Value (US$)"},
        },
    ),
    Layout(
        "tidied",
        TIDIED,
        {
            **{"period": "period_desc", "flow": "trade_code", "reporter": "reporter_code"},
            **{"partner": "partner_code", "commodity": "commodity_code", "mode": "mot_code"},
            **{"unit": "QtyUnitCode", "quantity": "Qty", "weight": "netweight_kg"},
            **{"value": "trade_value_us", "cif": "cifvalue", "fob": "fobvalue"},
            **{"is_quantity_estimated": "IsQtyEstimated"},
            **{"is_weight_estimated": "IsNetWgtEstimated"},
        },
        {},
    ),
)


def looks_like_comtrade(head: Head) -> bool:
    """Whether a header is one of UN Comtrade's, perhaps a changed one.

    Args:
        head: Head of the file.

    Returns:
        True where at least half of the columns a layout needs are there.

    Example:
        >>> looks_like_comtrade(Head(CURRENT[3:], ",", False, False))
        True
        >>> looks_like_comtrade(Head(("code", "product"), ",", False, False))
        False
    """
    return _nearest(head) is not None


def layout_of(name: str, head: Head) -> tuple[Layout, dict[str, str]]:
    """Tell which layout a header belongs to.

    Args:
        name: File name, for messages.
        head: Head of the file.

    Returns:
        The layout, and our name and theirs of each column to read.

    Raises:
        SourceError: If a column is unknown, twice there, or missing.
    """
    layout = _nearest(head)
    if layout is None:
        raise SourceError(f"{name}: header is {head.names!r}, expected one of UN Comtrade's.")
    missing = sorted(set(layout.needed.values()) - set(head.names))
    unknown = sorted(set(head.names) - set(layout.names))
    if missing or unknown or len(set(head.names)) < len(head.names):
        raise SourceError(
            f"{name}: header differs from UN Comtrade's {layout.name} layout: {missing} missing, "
            f"{unknown} unknown, expected each column of the layout once. {ADVICE}"
        )
    present = {ours: theirs for ours, theirs in layout.optional.items() if theirs in head.names}
    return layout, {**layout.needed, **present}


def _nearest(head: Head) -> Layout | None:
    def share(layout: Layout) -> float:
        return len(set(layout.needed.values()) & set(head.names)) / len(layout.needed)

    nearest = max(_LAYOUTS, key=share)
    return nearest if share(nearest) >= 0.5 else None
