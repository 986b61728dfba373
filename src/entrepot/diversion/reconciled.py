"""Statistics that are nobody's declaration never serve as a mirror."""

from __future__ import annotations

from typing import Any

import narwhals.stable.v2 as nw

from entrepot.errors import EstimateError


def refuse_reconciled(flows: nw.LazyFrame[Any], dataset: str, option: str) -> None:
    """Stop where all of a dataset is estimated, as reconciled statistics are (BACI, Atlas).

    Who reconciles two declarations puts one figure in the place of both. What they disagree about,
    which is what a mirror looks at, is gone: ghost trade would come out near nil however much there
    was. Stops being true for a dataset that mixes estimates with declarations: it passes, and its
    rows with ``obs_status`` E must be left out by who counts them.

    Args:
        flows: Rows of ``flows``.
        dataset: Dataset that is to be compared with another, or with itself.
        option: Option that names it, for the message.

    Raises:
        EstimateError: If it holds rows, and every one of them is an estimate.
    """
    rows = flows.filter(nw.col("dataset") == dataset)
    is_estimate = nw.col("obs_status") == "E"
    if _is_empty(rows.filter(is_estimate)) or not _is_empty(rows.filter(~is_estimate)):
        return
    raise EstimateError(
        f"{option} is {dataset!r}, which holds reconciled statistics (all rows have obs_status E), "
        "expected what one side declared. The exporter's and the importer's figure were made one, "
        "so that the gap between them is averaged away and ghost trade cannot be seen. Name a "
        "dataset of declarations, e.g. comtrade."
    )


def _is_empty(rows: nw.LazyFrame[Any]) -> bool:
    # The engine stops at the first row it finds.
    return rows.select("obs_status").head(1).collect("pyarrow").shape[0] == 0
