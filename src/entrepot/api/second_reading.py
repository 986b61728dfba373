"""Readings to which a language model may propose; asked only where somebody names its address."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from entrepot.api.press_model import second_reading
from entrepot.api.reading import Reading
from entrepot.fetch.endpoint import Endpoint


def read_twice(found: Iterable[Reading], endpoint: Endpoint) -> Iterator[Reading]:
    """Ask a model what each reading lacks, and take what the text bears out.

    Args:
        found: Readings.
        endpoint: Where the model is asked; the whole text of each article is sent there.

    Returns:
        The readings with what was taken, named as the model's; what cannot be read stays as it is.

    Raises:
        SourceError: If the model cannot be reached, or refuses.
    """
    for one in found:
        before = one.article
        if before is None:
            yield one
            continue
        after = second_reading(before, endpoint).article
        statements = frozenset(after.statements) - frozenset(before.statements)
        claims = frozenset(after.claims) - frozenset(before.claims)
        yield replace(one, article=after, proposed=statements | claims, model=endpoint.model)
