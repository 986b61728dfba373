"""``entrepot mirror``: exports beside the importers' own imports, and what never arrived."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from entrepot.cli.options import chart_option, check_goods, row_options
from entrepot.cli.output import Destination, Format, destination, show
from entrepot.cli.periods import PERIOD, Period
from entrepot.cli.rates import money_options
from entrepot.settings import Settings

if TYPE_CHECKING:
    from entrepot.api import PairQuestion
    from entrepot.diversion.ghost_pairs import MirrorQuestion

RECORDED_BY = ("partner", "consignment", "either", "both")
BASELINES = ("last", "mean")
LEVELS = ("TOTAL", "HS2", "HS4", "HS6", "CN8")
PER = ("importer", "exporter", "commodity", "period")
VALUATIONS = ("CIF", "FOB")
YEAR = click.IntRange(1900, 2100)
# What only one of the two questions takes: its name among the parameters, and as it is typed.
_OF_PAIRS = {
    **{"level": "--level", "goods": "--goods", "per": "--per", "valuation": "--valuation"},
    **{"margin": "--margin", "currency": "--in", "chart": "--chart"},
}
_OF_GHOSTS = {"baseline": "--baseline", "part": "--part"}


@click.command(
    "mirror",
    epilog="""Examples:

\b
entrepot mirror --exporter EU --importer KG,KZ,UZ,AM --from 2019 --to 2023 --by either
entrepot mirror --exporter EU --importer AM --from 2023 --to 2023 --by both \\
    --imports armstat --rate USD/EUR:2023=1.0813 --valuation FOB --margin 0.06
entrepot mirror --exporter EU --importer GE --from 2022-01 --to 2022-12 --by partner \\
    --exports comext --imports comtrade --level HS6 --goods 870323 --per exporter
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
    type=PERIOD,
    required=True,
    help="First year or month. With --event, the years from it to the event teach the ratio: two "
    "or more.",
)
@click.option("--to", "last", type=PERIOD, required=True, help="Last year or month.")
@click.option(
    "--by",
    "recorded_by",
    type=click.Choice(RECORDED_BY),
    required=True,
    help="Which imports to take. partner: by the country named as partner, which is that of "
    "origin unless the publisher says otherwise. consignment: by the country they were sent from. "
    "either: by consignment where an importer publishes it, else by partner. both: one below the "
    "other.",
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
    "--level",
    type=click.Choice(LEVELS),
    help="Level of the nomenclature as published: TOTAL where left out. Levels overlap and are "
    "never added.",
)
@click.option(
    "--goods",
    multiple=True,
    metavar="PREFIX|LIST_ID",
    help="Only codes that begin so, or those of a control list, chpl among them; may be repeated.",
)
@click.option(
    "--per",
    type=click.Choice(PER),
    multiple=True,
    help="Column to sum by; may be repeated. Period and importer where left out.",
)
@click.option(
    "--valuation",
    type=click.Choice(VALUATIONS),
    help="Turn both sides into this valuation with --margin; as declared where left out.",
)
@click.option(
    "--margin",
    type=click.FloatRange(min=0),
    help="Freight and insurance as a fraction of the FOB value, e.g. 0.06. None is assumed.",
)
@money_options
@click.option(
    "--event",
    type=YEAR,
    help="First year that may hold ghost trade: work it out, instead of plain pairs.",
)
@click.option(
    "--baseline",
    type=click.Choice(BASELINES),
    help="With --event, exports expected without it: those of the last year before it (where left "
    "out), or the mean of all years before it.",
)
@click.option(
    "--part", help="With --event, exporters whose part in ghost trade is worked out: EE,LV,LT."
)
@chart_option
@row_options
@click.pass_obj
def command(settings: Settings, /, how: Format | None, output: Path | None, **asked: Any) -> None:
    """Lay declared exports beside the importers' own imports, and see what never arrived.

    Without --event: what each side declared, imports over exports, and who was silent. Nothing is
    estimated, and a ratio compares only what both sides published.

    With --event: ghost trade = exports − imports / rho. rho is what importers declared of what
    exporters did in the years before the event, exporter by exporter; it holds freight and the
    rule of recording. Years before the event are placebos: rho comes from the others, and the
    interval should hold zero.

    A gap is consistent with ghost trade; it is no proof.
    """
    to = destination(how, output)
    event = asked.pop("event")
    others = _OF_GHOSTS if event is None else _OF_PAIRS
    superfluous = [typed for name, typed in others.items() if asked[name] not in (None, ())]
    if superfluous:
        when = "without" if event is None else "with"
        raise click.UsageError(f"{', '.join(superfluous)} cannot be used {when} --event.")
    first, last = asked.pop("first"), asked.pop("last")
    if event is None:
        _show_pairs(settings, _pairs(first, last, asked), asked["chart"], to)
    else:
        _show_ghosts(settings, _ghosts(first, event, last, asked), to)


def _pairs(first: Period, last: Period, asked: dict[str, Any]) -> PairQuestion:
    from entrepot.api import Money, PairQuestion
    from entrepot.api.silence import Span

    if first.freq != last.freq or last.day < first.day:
        raise click.UsageError(
            "--from and --to do not fit together, expected two years or two months, the first "
            "of them first."
        )
    if (asked["valuation"] is None) != (asked["margin"] is None):
        raise click.UsageError(
            "--valuation and --margin belong together: nothing is assumed about freight."
        )
    if asked["chart"] is not None and asked["recorded_by"] == "both":
        raise click.UsageError("--chart shows imports by one rule, expected --by without both.")
    check_goods(asked["goods"], asked["level"] or "TOTAL")
    per = tuple(dict.fromkeys(asked["per"])) or ("period", "importer")
    if asked["chart"] is not None and "period" not in per:
        raise click.UsageError("--chart draws periods, expected --per period among the columns.")
    return PairQuestion(
        exporters=asked["exporter"],
        importers=asked["importer"],
        span=Span(first.day, last.day, first.freq),
        exports_from=asked["exports_from"],
        imports_from=asked["imports_from"],
        recorded_by=asked["recorded_by"],
        level=asked["level"] or "TOTAL",
        goods=asked["goods"],
        per=per,
        money=Money(asked["currency"], asked["rates"], asked["valuation"], asked["margin"]),
    )


def _show_pairs(
    settings: Settings, question: PairQuestion, chart: Path | None, to: Destination
) -> None:
    from entrepot import api
    from entrepot.cli.mirror_pairs import draw, grid
    from entrepot.lake import open_lake

    with open_lake(settings.lake, settings) as lake:
        found = api.mirror_pairs(lake, question)
    show(found.rows, lambda: grid(found, question), to)
    if chart is not None:
        draw(found, question, chart)


def _ghosts(first: Period, event: int, last: Period, asked: dict[str, Any]) -> MirrorQuestion:
    from entrepot.diversion.ghost_pairs import MirrorQuestion

    if (first.freq, last.freq) != ("A", "A"):
        raise click.UsageError("--event works on years, expected --from and --to as YYYY.")
    if not first.day.year < event <= last.day.year:
        raise click.UsageError(
            f"--from is {first.day.year}, --event {event}, --to {last.day.year}, "
            "expected --from before --event, and --to not before it."
        )
    if asked["recorded_by"] == "both":
        raise click.UsageError("--by both cannot be used with --event: it holds each trade twice.")
    return MirrorQuestion(
        exporters=asked["exporter"],
        importers=asked["importer"],
        first=first.day.year,
        event=event,
        last=last.day.year,
        exports_from=asked["exports_from"],
        imports_from=asked["imports_from"],
        recorded_by=asked["recorded_by"],
        baseline=asked["baseline"] or "last",
        rates=asked["rates"],
        part=asked["part"] or "",
    )


def _show_ghosts(settings: Settings, question: MirrorQuestion, to: Destination) -> None:
    from entrepot import api
    from entrepot.cli.mirror_ghosts import grid
    from entrepot.lake import open_lake

    with open_lake(settings.lake, settings) as lake:
        rows = api.ghost_shares(lake, question)
    show(rows, lambda: grid(rows.to_pylist(), question), to)
