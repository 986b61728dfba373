"""``entrepot mirror``: exports beside the importers' own imports, and what never arrived."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from entrepot.cli.options import row_options
from entrepot.cli.output import Column, Format, Grid, destination, show
from entrepot.settings import Settings

if TYPE_CHECKING:
    from entrepot.trade.mirror import Rate

RECORDED_BY = ("partner", "consignment", "either")
BASELINES = ("last", "mean")
YEAR = click.IntRange(1900, 2100)
_RATE = re.compile(r"([A-Z]{3})/([A-Z]{3}):(\d{4})=(\d+(?:\.\d+)?)")


class RateType(click.ParamType["Rate"]):
    """An option that takes a currency rate: ``USD/EUR:2022=1.05``."""

    name = "USD/EUR:YEAR=RATE"

    def convert(
        self, value: str | Rate, param: click.Parameter | None, ctx: click.Context | None
    ) -> Rate:
        """Read a rate.

        Args:
            value: What was typed.
            param: The option.
            ctx: The context.

        Returns:
            The rate.
        """
        from entrepot.trade.mirror import Rate

        if isinstance(value, Rate):
            return value
        found = _RATE.fullmatch(value)
        if found is None or float(found[4]) == 0:
            self.fail(
                f"{value!r} is no rate, expected US dollars per euro of a year as "
                "USD/EUR:2022=1.05.",
                param,
                ctx,
            )
        return Rate(found[1], found[2], int(found[3]), float(found[4]))


@click.command(
    "mirror",
    epilog="""Examples:

\b
entrepot mirror --exporter EU --importer AM,KG,KZ --from 2019 --event 2022 --to 2023 \\
    --by either
entrepot mirror --exporter EU --importer KG --from 2019 --event 2022 --to 2023 \\
    --by partner --part EE,LV,LT --format csv
entrepot mirror --exporter EU --importer AM --from 2019 --event 2022 --to 2022 \\
    --by consignment --imports armstat --rate USD/EUR:2019=1.12 --rate USD/EUR:2020=1.14 \\
    --rate USD/EUR:2021=1.18 --rate USD/EUR:2022=1.05
""",
)
@click.option("--exporter", required=True, help="Groupings or areas that export: EU, or DE,LT.")
@click.option("--importer", required=True, help="Groupings or areas that import: AM,KG,KZ.")
@click.option(
    "--from",
    "first",
    type=YEAR,
    required=True,
    help="First year. The years from it to --event teach the ratio: two or more.",
)
@click.option("--event", type=YEAR, required=True, help="First year that may hold ghost trade.")
@click.option("--to", "last", type=YEAR, required=True, help="Last year.")
@click.option(
    "--by",
    "recorded_by",
    type=click.Choice(RECORDED_BY),
    required=True,
    help="Which imports to take. partner: by the country named as partner, which is that of "
    "origin unless the publisher says otherwise. consignment: by the country they were sent from. "
    "either: by consignment where an importer publishes it, else by partner.",
)
@click.option(
    "--exports",
    "exports_from",
    metavar="DATASET",
    default="eurostat-totals",
    show_default=True,
    help="Dataset with the exporters' declarations.",
)
@click.option(
    "--imports",
    "imports_from",
    metavar="DATASET",
    default="national-imports",
    show_default=True,
    help="Dataset with the importers' declarations.",
)
@click.option(
    "--baseline",
    type=click.Choice(BASELINES),
    default="last",
    show_default=True,
    help="Exports expected without the event: those of the last year before it, or the mean of "
    "all years before it.",
)
@click.option("--part", default="", help="Exporters whose part is worked out: EE,LV,LT.")
@click.option(
    "--rate",
    "rates",
    type=RateType(),
    multiple=True,
    help="Rate for imports in another currency; once per year. None is assumed.",
)
@row_options
@click.pass_obj
def command(settings: Settings, /, how: Format | None, output: Path | None, **asked: Any) -> None:
    """Lay declared exports beside the importers' own imports, and see what never arrived.

    Ghost trade = exports − imports / rho. rho is what importers declared of what exporters did in
    the years before the event, exporter by exporter; it holds freight and the rule of recording.
    Years before the event are placebos: rho comes from the others, and the interval should hold
    zero. A gap is consistent with ghost trade; it is no proof.
    """
    from entrepot import api
    from entrepot.diversion.ghost_pairs import MirrorQuestion
    from entrepot.lake import open_lake

    to = destination(how, output)
    if not asked["first"] < asked["event"] <= asked["last"]:
        raise click.UsageError(
            f"--from is {asked['first']}, --event {asked['event']}, --to {asked['last']}, "
            "expected --from before --event, and --to not before it."
        )
    question = MirrorQuestion(
        exporters=asked.pop("exporter"), importers=asked.pop("importer"), **asked
    )
    with open_lake(settings.lake, settings) as lake:
        rows = api.ghost_shares(lake, question)
    show(rows, lambda: _grid(rows.to_pylist(), bool(question.part)), to)


def _grid(rows: Sequence[dict[str, Any]], has_part: bool) -> Grid:
    unit = f"{rows[0]['currency']} m"
    parts = [Column(n, is_number=True) for n in ("part of\nexports", "part of\nghost", "90 %")]
    columns = (
        Column("year", is_number=True),
        Column("importer", is_whole=True),
        Column("imports by", is_expendable=True),
        *(Column(f"{name}\n{unit}", is_number=True) for name in ("exports", "imports")),
        *(Column(name, is_number=True) for name in ("imports/\nexports", "rho")),
        *(Column(f"{name}\n{unit}", is_number=True) for name in ("expected", "ghost", "90 %")),
        Column("ghost share of\nadditional", is_number=True),
        Column("90 %", is_number=True),
        *(parts if has_part else ()),
        Column("open because"),
    )
    return Grid(columns, [_cells(row, has_part) for row in rows], _notes(rows[0]))


def _cells(row: dict[str, Any], has_part: bool) -> tuple[str, ...]:
    from entrepot.cli.brackets import NOTHING
    from entrepot.dossier.wording import Scale

    million, share = Scale(1e6, "m", 0), Scale(1.0, "", 2)

    def point(name: str, scale: Scale) -> str:
        return NOTHING if row[name] is None else scale.number(row[name])

    def ends(name: str, scale: Scale) -> str:
        low, high = row[f"{name}_low"], row[f"{name}_high"]
        return NOTHING if low is None else scale.range(low, high)

    return (
        str(row["year"]),
        row["importer"].replace("_T", "all"),
        row["recorded_by"].replace(" ", ", "),
        *(point(name, million) for name in ("exports", "imports")),
        *(point(name, share) for name in ("mirror_ratio", "rho")),
        *(point(name, million) for name in ("expected", "ghost")),
        ends("ghost", million),
        point("ghost_share", share),
        ends("ghost_share", share),
        *((point("exports_part", share), point("ghost_part", share)) if has_part else ()),
        *([ends("ghost_part", share)] if has_part else []),
        row["reason"] or "",
    )


def _notes(row: dict[str, Any]) -> tuple[str, ...]:
    return (
        "ghost = exports (FOB) − imports (CIF) / rho, exporter by exporter; rho: imports over "
        "exports before the event, weighed as the year's imports are. additional: exports − "
        "expected.",
        f"Intervals of 90 %, from how the same sums strayed "
        f"before the event: {row['log_error']:.1%} of a total in a year, measured on "
        f"{row['pooled'].replace(' ', ', ')}.",
    )
