"""One article, read from its text to its claims."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from entrepot.press.article import DateBasis, Metadata
from entrepot.press.events import events
from entrepot.press.figures import figures
from entrepot.press.mentions import mentions
from entrepot.press.metadata import metadata
from entrepot.press.page import read_page
from entrepot.press.statements import statements
from entrepot.press.told import Article
from entrepot.press.trade_claims import claims


def read_article(
    text: str, on: date, published: str | None = None, basis: DateBasis = "header"
) -> Article:
    """Read who said what, which figures, events and claims a text holds.

    Args:
        text: The text of an article; page furniture in it is set aside.
        on: Day after which it cannot have been written, as a rule the day it was retrieved.
        published: Day of publication that is known from outside the text, ISO 8601. It is taken
            where the text leaves its own day or year open and does not say another.
        basis: What that day rests on.

    Returns:
        All that was found; every piece stands on a span of ``article.page.text``, in which line
        ends are single line feeds.

    Example:
        >>> words = "ASTANA – Trade grew by 5 percent in 2022, President Tokayev said."
        >>> article = read_article(words, date(2023, 12, 31))
        >>> [(one.speaker, one.act) for one in article.statements]
        [(('per:tokayev',), 'say')]
    """
    page, quoted = read_page(text)
    entities, named = mentions(page)
    told = _dated(metadata(page, entities, on), published, basis)
    said, others = statements(page, quoted, entities, named, told)
    counted = figures(page)
    return Article(
        page=page,
        metadata=told,
        entities=(*entities, *others),
        mentions=named,
        quotations=quoted,
        statements=said,
        figures=counted,
        events=events(page, named, told),
        claims=claims(page, told, (*entities, *others), named, (said, counted)),
    )


def _dated(told: Metadata, published: str | None, basis: DateBasis) -> Metadata:
    """Close an open day or year by what is known from outside; a day of the text stands."""
    if published is None or (told.date is not None and not told.date.startswith("XXXX")):
        return told
    if told.date is not None and told.date.removeprefix("XXXX") != published[4:]:
        return told
    return replace(told, date=published, date_basis=basis)
