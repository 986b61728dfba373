"""Kinds of files that a reader knows, in words: for messages and for the help page."""

from __future__ import annotations

# What a file is, and how it is told; where nothing is said of that, by its header.
KINDS: tuple[tuple[str, str], ...] = (
    ("a Eurostat data-browser workbook", ".xlsx"),
    ("a Comext bulk file", "full_v2_YYYYMM.dat or .7z"),
    ("Comext as SDMX-CSV", "DS-045409, DS-059341, DS-059331"),
    ("UN Comtrade", "CSV, bulk text or JSON of its interface, plain or .gz"),
    ("BACI", "BACI_HS17_Y2022_V202401b.csv, plain, .gz or the zip"),
    ("Eurostat totals", ""),
    ("national imports", ""),
    ("Armenia's trade by country", ""),
    ("trade by country of Kazakhstan", ".xls"),
    ("of Kyrgyzstan", "4.03.00.18, 4.03.00.20"),
    ("of Russia", "96stran"),
    ("of Uzbekistan", "sdmx_data_1176.csv, sdmx_data_1105.csv"),
    ("a control list", "CSV with code,product or commodity,…"),
    ("a concordance", "UN table or workbook, or a CSV of our own columns"),
    ("reference rates", "eurofxref-hist.csv or .zip, SDMX-CSV of EXR or ert_bil_eur_m"),
    (
        "a list of parties",
        "OFAC sdn.csv, alt.csv, add.csv or sdn.xml; EU list as XML or CSV 1.1 or as transcribed "
        "from the Official Journal; UN consolidated.xml; UK sanctions list or ConList.csv; "
        "US Consolidated Screening List JSON; OpenSanctions entities.ftm.json or "
        "targets.simple.csv; an own list with party_id,schema,name,…",
    ),
)


def kinds(headers: dict[str, str] | None = None) -> str:
    """List what a reader knows.

    Args:
        headers: Headers by which kinds are told, by their name; left out on the help page.

    Returns:
        The kinds, separated by commas.

    Example:
        >>> kinds().split(", ")[0]
        'a Eurostat data-browser workbook (.xlsx)'
    """
    more = headers or {}
    signs = ((name, "; ".join(filter(None, (sign, more.get(name))))) for name, sign in KINDS)
    return ", ".join(f"{name} ({sign})" if sign else name for name, sign in signs)
