"""``entrepot decide``: what an analyst decided about a hit, written down for good."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

import click

from entrepot.cli.options import row_options
from entrepot.cli.output import Column, Format, Grid, destination, show
from entrepot.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pyarrow as pa

    from entrepot.api.decided import Decision, Kind
    from entrepot.api.decisions import Decisions

_KINDS = ("true-match", "false-match", "cleared", "withdraw", "show")


@click.command(
    "decide",
    epilog="""Examples:

\b
entrepot decide false-match --party "Alpha Trade LLC" --country KG --tax-id 0123 \\
  --dataset ofac-sdn --entity ofac-123 --score 0.81 --by "A. Ost" --reason "other tax number"
entrepot decide cleared --party "Beta GmbH" --dataset own --entity own-7 --until 2026-12-31 \\
  --by "A. Ost" --reason "licence 17 of the authority"
entrepot decide withdraw --id 4 --by "B. West" --reason "the number was a slip"
entrepot decide show --format csv

Exit codes: 0 done, 1 refused, 2 wrong use.
""",
)
@click.argument("kind", type=click.Choice(_KINDS))
@click.option("--party", help="Name of the party as the shipment has it.")
@click.option("--country", help="Its country there, ISO 3166-1 alpha-2.")
@click.option("--registration-number", help="Its number in a register of companies there.")
@click.option("--tax-id", help="Its tax number there.")
@click.option("--lei", help="Its Legal Entity Identifier there.")
@click.option("--imo", help="Its IMO number there.")
@click.option("--bic", help="Its business identifier code there.")
@click.option("--dataset", help="The list, as the hit names it.")
@click.option("--entity", "entity_id", help="The entry, as the hit names it; with show a filter.")
@click.option("--by", "decided_by", help="Who decides.")
@click.option("--reason", help="Why, in words that stand in an audit.")
@click.option("--until", type=click.DateTime(("%Y-%m-%d",)), help="Last day a clearance holds.")
@click.option(
    "--score",
    type=click.FloatRange(0, 1),
    help="Score of the hit; where it scores higher later, the decision is not honoured.",
)
@click.option("--list-version", help="Version of the list that was looked at.")
@click.option("--id", "decision_id", type=int, help="Number of the decision to withdraw.")
@row_options
@click.pass_obj
def command(
    settings: Settings, /, kind: str, how: Format | None, output: Path | None, **given: Any
) -> None:
    """Write down what was decided about a hit, withdraw it, or show all decisions.

    KIND is true-match, false-match, cleared (until a day), withdraw or show. A decision is about
    one party as the shipment describes it and one entry of one list: `entrepot screen` and
    `entrepot serve` honour it, with its reason, while the party's name, country and numbers stay
    the same and the hit scores no higher. A false match or clearance no longer flags; a true match
    blocks.

    Nothing is ever rewritten: to correct a decision, withdraw it and decide anew. The decisions are
    in a file of the lake, or in the database that ENTREPOT_DECISIONS names, e.g.
    postgresql://host/name.
    """
    from entrepot.api.decisions import open_decisions

    to = destination(how, output)
    with open_decisions(settings.lake, settings.decisions) as decisions:
        if kind == "show":
            _show(decisions.rows(given["entity_id"]), to)
        elif kind == "withdraw":
            number, by, reason = _needed(given, "decision_id", "decided_by", "reason")
            click.echo(_said(decisions.withdraw(number, by, reason)))
        else:
            click.echo(_said(_append(decisions, kind, given)))


_OPTIONS = {"decision_id": "--id", "decided_by": "--by", "entity_id": "--entity"}


def _needed(given: dict[str, Any], *names: str) -> list[Any]:
    missing = [_OPTIONS.get(name, f"--{name}") for name in names if given[name] is None]
    if missing:
        raise click.UsageError(f"{', '.join(missing)}: not given, expected for this decision.")
    return [given[name] for name in names]


def _append(decisions: Decisions, kind: str, given: dict[str, Any]) -> Decision:
    from entrepot.api.decided import PARTICULARS, Judged, Kind
    from entrepot.api.decisions import Ruling

    party, dataset, entity, by, reason = _needed(
        given, "party", "dataset", "entity_id", "decided_by", "reason"
    )
    known = {name: given[name] for name in PARTICULARS if given[name]}
    settled: Kind = next(one for one in get_args(Kind) if one == kind.replace("-", "_"))
    until: datetime | None = given["until"]
    last: date | None = None if until is None else until.date()
    ruling = Ruling(settled, by, reason, last, given["score"], given["list_version"])
    return decisions.append(Judged(party, known, dataset, entity), ruling)


def _said(decision: Decision) -> str:
    pair = decision.judged
    return f"{decision.sentence} About {pair.party!r} and {pair.entity_id} of {pair.dataset}."


def _show(rows: Sequence[Decision], to: Any) -> None:
    withdrawn = {row.withdraws for row in rows}

    def grid() -> Grid:
        columns = (
            Column("decision", is_number=True),
            *(Column(name) for name in ("kind", "party", "entry", "by", "on", "until", "reason")),
        )
        cells = [
            (
                str(row.decision_id),
                row.kind + (" (withdrawn)" if row.decision_id in withdrawn else ""),
                " ".join((row.judged.party, *row.judged.particulars.values())),
                f"{row.judged.dataset} {row.judged.entity_id}",
                row.decided_by,
                f"{row.decided_at:%Y-%m-%d %H:%M}",
                str(row.until or ""),
                row.reason,
            )
            for row in rows
        ]
        return Grid(columns, cells, () if rows else ("There is no decision yet.",))

    show(_table(rows), grid, to)


def _table(rows: Sequence[Decision]) -> pa.Table:
    import pyarrow as pa

    withdrawn = {row.withdraws for row in rows}
    text = ("kind", "decided_by", "reason", "list_version")
    pair = ("party", "dataset", "entity_id")
    particulars = [sorted(row.judged.particulars.items()) for row in rows]
    return pa.table(
        {
            "decision_id": pa.array([row.decision_id for row in rows], pa.int64()),
            **{name: pa.array([getattr(row, name) for row in rows], pa.string()) for name in text},
            **{
                name: pa.array([getattr(row.judged, name) for row in rows], pa.string())
                for name in pair
            },
            "particulars": pa.array(
                ["; ".join(f"{name} {value}" for name, value in one) for one in particulars],
                pa.string(),
            ),
            "decided_at": pa.array([row.decided_at.isoformat() for row in rows], pa.string()),
            "until": pa.array([row.until for row in rows], pa.date32()),
            "score": pa.array([row.score for row in rows], pa.float64()),
            "withdraws": pa.array([row.withdraws for row in rows], pa.int64()),
            "is_withdrawn": pa.array([row.decision_id in withdrawn for row in rows], pa.bool_()),
        }
    )
