"""A corridor: who sells, through whom, to whom, what."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Corridor:
    """One way a commodity can take from a coalition through a third country to a destination.

    Args:
        coalition: Grouping of the exporting countries, e.g. ``EU``.
        intermediary: Third country, ISO alpha-2.
        destination: Sanctioned country, ISO alpha-2.
        commodity: Commodity code.

    Example:
        >>> str(Corridor("EU", "KG", "RU", "870324"))
        'EU-KG-RU-870324'
        >>> Corridor.parse("EU-KG-RU-870324").intermediary
        'KG'
    """

    coalition: str
    intermediary: str
    destination: str
    commodity: str

    def __str__(self) -> str:
        return f"{self.coalition}-{self.intermediary}-{self.destination}-{self.commodity}"

    @classmethod
    def parse(cls, text: str) -> Corridor:
        """Read the form that :meth:`__str__` writes.

        Args:
            text: Four parts joined by hyphens.

        Returns:
            The corridor.

        Raises:
            ValueError: If there are not four parts.
        """
        parts = text.strip().split("-")
        if len(parts) != 4 or not all(parts):
            raise ValueError(
                f"lead is {text!r}, expected coalition-intermediary-destination-commodity, "
                "e.g. 'EU-KG-RU-870324'."
            )
        return cls(*parts)
