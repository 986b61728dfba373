"""Shipments: ``POST /screen/shipment`` for one or many, and ``GET /checks``."""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Request

from entrepot.api.decided import honoured
from entrepot.api.desk import Desk
from entrepot.errors import SourceError
from entrepot.screening.check import Result
from entrepot.screening.shipment import Shipment
from entrepot.screening.shipment_rows import shipment_of
from entrepot.screening.verdict import Screened, in_order
from entrepot.sources.shipments import open_shipments, shipment_row
from entrepot.web.body import read_json
from entrepot.web.shapes import DeskDep, vintage

MOST_LINES = 1_000
router = APIRouter()


@router.get("/checks")
def checks(desk: DeskDep) -> dict[str, Any]:
    """Checks that are made, each with its version, legal reference and the fields it needs."""
    made = [
        {
            "id": one.id,
            "version": one.version,
            "title": one.title,
            "legal_reference": one.legal_reference,
            "needs": list(one.needs),
        }
        for one in desk.checks
    ]
    return {"checks": made, **vintage(desk)}


@router.post("/screen/shipment")
def shipment(
    request: Request, desk: DeskDep, body: Annotated[Any, Depends(read_json)]
) -> dict[str, Any]:
    """Screen one shipment line, or many under ``shipments``; every line comes back."""
    if request.query_params:
        raise HTTPException(
            422,
            f"The address says {sorted(request.query_params)}, expected nothing there: the day and "
            "the policy are the server's (`entrepot serve --as-of`).",
        )
    lines = _lines(body)
    decisions = desk.decided()
    answers = [
        _answer(desk, honoured(desk.screen(one), decisions, desk.on, desk.policy))
        for one in shipments_of(lines)
    ]
    if len(answers) != len(lines):
        raise HTTPException(
            422, f"{len(lines)} lines came, {len(answers)} could be told apart: a line is empty."
        )
    if isinstance(body, dict) and "shipments" not in body:
        return {**answers[0], **vintage(desk)}
    return {"responses": answers, **vintage(desk)}


def _lines(body: Any) -> list[dict[str, Any]]:
    lines = body
    if isinstance(body, dict):
        lines = body.get("shipments", [body])
        if "shipments" in body and len(body) > 1:
            more = sorted(set(body) - {"shipments"})
            raise HTTPException(422, f"Beside 'shipments' stand {more}: put them into the lines.")
    if not isinstance(lines, list) or not all(isinstance(one, dict) and one for one in lines):
        raise HTTPException(422, "Expected an object with fields, or a list of them.")
    if not 1 <= len(lines) <= MOST_LINES:
        raise HTTPException(400, f"{len(lines)} lines, expected 1 to {MOST_LINES:,} a call.")
    return lines


def shipments_of(lines: list[dict[str, Any]]) -> list[Shipment]:
    """Lines that came over HTTP, read by the reader of files: one line has one answer either way.

    Args:
        lines: The lines, as objects.

    Returns:
        Their records.

    Raises:
        HTTPException: If nothing in them is a field of a shipment.
    """
    data = b"\n".join(
        json.dumps(one, ensure_ascii=False).encode("utf-8", "replace") for one in lines
    )
    source_id = hashlib.sha256(data).hexdigest()[:16]
    with tempfile.TemporaryDirectory(prefix="entrepot-") as folder:
        path = Path(folder) / "request.jsonl"
        path.write_bytes(data + b"\n")
        try:
            records = list(open_shipments(path).records())
        except SourceError:
            named = sorted({name for line in lines for name in line})[:20]
            raise HTTPException(
                422, f"No field of a shipment is among {named}, expected such as 'consignee'."
            ) from None
    return [shipment_of(shipment_row(source_id, record)) for record in records]


def _answer(desk: Desk, line: Screened) -> dict[str, Any]:
    known = {one.id: one for one in desk.checks}
    hits = [
        {
            "check_id": result.check_id,
            "severity": result.severity,
            **{key: _plain(value) for key, value in asdict(hit).items()},
        }
        for result, hit in in_order(line.results)
    ]
    return {
        "shipment_id": line.shipment.shipment_id,
        "line": line.shipment.line,
        "row": line.shipment.row,
        "verdict": line.verdict,
        "deciding": list(line.deciding),
        "not_assessed": list(line.open_checks),
        "checks": [_check(result, known) for result in line.results],
        "hits": hits,
        "unread": [asdict(one) for one in line.shipment.unread],
        "no_fields": sorted(line.shipment.extra),
    }


def _check(result: Result, known: Mapping[str, Any]) -> dict[str, Any]:
    check = known.get(result.check_id)
    rule = None
    if check is not None:
        rule = {
            "id": check.id,
            "version": check.version,
            "legal_reference": check.legal_reference,
        }
    return {
        "check_id": result.check_id,
        "answer": result.answer,
        "severity": result.severity,
        "explanation": result.detail,
        "fields": list(result.fields),
        "evidence": list(result.evidence),
        "hit_count": len(result.hits),
        "rule": rule,
    }


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value
