"""The page of a screened file: what needs a look first, every flag with its reason."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from entrepot.dossier.render import page_template
from entrepot.dossier.screen_rows import Heading, hit_words, sentence
from entrepot.screening.check import Result
from entrepot.screening.verdict import Screened, in_order

SHOWN = 2_000  # lines of one verdict on a page; a browser still scrolls them
_WORDS = {
    "block": "stop until settled",
    "review": "to be looked at",
    "clear": "nothing found by the checks that were made",
    "not_assessed": "nothing found, but a check that the policy requires could not be made",
}


@dataclass(frozen=True, slots=True)
class PageLine:
    """One line as the page shows it.

    Args:
        row: Its row in the file.
        shipment: Its shipment and line.
        goods: Code and destination.
        parties: Who takes part.
        findings: What was flagged: check with its severity, and a sentence.
        hits: Listed parties it may be about.
        open_checks: Checks that could not be made.
        deciding: Checks that decided.
    """

    row: int
    shipment: str
    goods: str
    parties: tuple[str, ...]
    findings: tuple[tuple[str, str], ...]
    hits: tuple[str, ...]
    open_checks: str
    deciding: str


@dataclass(slots=True)
class PageLines:
    """Lines for a page; so many of each verdict are kept, all are counted.

    Args:
        kept: Lines by verdict.
        counts: How many lines have each verdict.
    """

    kept: dict[str, list[PageLine]] = field(default_factory=lambda: {name: [] for name in _WORDS})
    counts: Counter[str] = field(default_factory=Counter)

    def take(self, line: Screened) -> None:
        """Take note of one line.

        Args:
            line: The answer.
        """
        self.counts[line.verdict] += 1
        if len(self.kept[line.verdict]) < SHOWN:
            self.kept[line.verdict].append(_page_line(line))


def _page_line(line: Screened) -> PageLine:
    shipment = line.shipment
    goods = (shipment.goods.commodity, shipment.route.destination)
    return PageLine(
        shipment.row,
        f"{shipment.shipment_id}, line {shipment.line}",
        " to ".join(one or "(open)" for one in goods),
        tuple(f"{one.role}: {one.name or '(no name)'}" for one in shipment.parties),
        tuple(_told(one) for one in line.results if one.answer == "flagged"),
        tuple(hit_words(hit) for _, hit in in_order(line.results)),
        " ".join(line.open_checks),
        " ".join(line.deciding),
    )


def _told(result: Result) -> tuple[str, str]:
    check, _, words = sentence(result).partition(": ")
    return check, words


def render_screening(heading: Heading, lines: PageLines) -> str:
    """Arrange a screened file on a page.

    Args:
        heading: What holds for all lines.
        lines: The lines.

    Returns:
        HTML with its style inside; everything that is text is escaped.
    """
    total = f"{sum(lines.counts.values()):,}"
    parts = [
        (name, words, f"{lines.counts[name]:,}", lines.kept[name], _rest(lines, name))
        for name, words in _WORDS.items()
    ]
    template = page_template("screen.html")
    return template.render(h=heading, total=total, parts=parts)


def _rest(lines: PageLines, name: str) -> str:
    left = lines.counts[name] - len(lines.kept[name])
    return f"{left:,} more lines are not on this page; CSV, XLSX and JSON hold all." if left else ""
