"""``entrepot explain``: one lead."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from entrepot.cli.options import Lead, run_option
from entrepot.cli.output import has_colour, say, screen_width
from entrepot.corridor import Corridor
from entrepot.settings import Settings

if TYPE_CHECKING:
    from entrepot.dossier.records import Explanation

PLAIN_WIDTH = 80  # columns of the chart where stdout is no terminal
NARROWEST = 32  # the chart needs an axis and a few months


@click.command(
    "explain",
    epilog="""Example:

\b
entrepot explain EU-KG-RU-870324

Exit codes: 0 done, 1 no such lead in the run, 2 wrong use.
""",
)
@click.argument("lead", type=Lead())
@run_option
@click.pass_obj
def command(settings: Settings, lead: Corridor, run: str | None) -> None:
    """Explain one lead: both brackets, the months, the onset, the caveats, the evidence.

    LEAD is a corridor as `entrepot leads` names it: coalition, intermediary, destination and
    commodity, joined by hyphens.
    """
    from entrepot.dossier.explain import explain_lead
    from entrepot.dossier.terminal import terminal_chart
    from entrepot.lake import open_lake

    with open_lake(settings.lake, settings) as lake:
        found = explain_lead(lake, lead, run)
    _say_text(found)
    width = screen_width() or PLAIN_WIDTH
    click.echo("\n" + terminal_chart(found, max(width, NARROWEST), has_colour()))
    click.echo("\nCaveats")
    say((f"  {note.sentence} ({note.code})" for note in found.caveats), "    ")
    click.echo("\nEvidence")
    say((f"  {key}" for key in found.evidence), "    ")


def _say_text(found: Explanation) -> None:
    from entrepot.dossier.scene import BRACKET_NAMES, SIMULATED

    if found.is_simulated:
        click.echo(f"{SIMULATED}: nothing here describes a real country or firm.")
    say([f"{found.corridor}: {found.title}", ""])
    say(found.sentences)
    say([found.onset, *found.absent, ""])
    for bracket in found.brackets:
        name = BRACKET_NAMES[bracket.conclusion.bracket]
        say([f"{name}: {bracket.formula}; p {bracket.p_value}, q {bracket.q_value}."], "  ")
