"""Stages of a long run: what is finished is not worked out again, what was known is a start."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol, TypeVar

T = TypeVar("T")


class Stages(Protocol):
    """Where the results of finished stages go, and what earlier runs left."""

    def once(self, name: str, kind: Any, make: Callable[[], T]) -> T:
        """The result of a stage: kept from the run that was broken off, or made now and kept.

        Args:
            name: Name of the stage, unique within the run.
            kind: Type of the result: records of arrays, texts and numbers, in tuples, lists and
                dictionaries by name.
            make: Makes it.

        Returns:
            The result.
        """
        ...

    def last(self, name: str, kind: type[T]) -> T | None:
        """What the last run of the same question left for the next.

        Args:
            name: What it is.
            kind: Its type.

        Returns:
            What was left; ``None`` where there was no such run.
        """
        ...

    def leave(self, name: str, value: object) -> None:
        """Leave something for the next run of the same question, once this one is done.

        Args:
            name: What it is.
            value: A record of arrays, texts and numbers.
        """
        ...


class AtOnce:
    """A run that keeps nothing: every stage is worked out."""

    def once(self, name: str, kind: Any, make: Callable[[], T]) -> T:
        """Make the result.

        Args:
            name: Name of the stage.
            kind: Type of the result.
            make: Makes it.

        Returns:
            The result.
        """
        return make()

    def last(self, name: str, kind: type[T]) -> T | None:
        """Nothing was left.

        Args:
            name: What it is.
            kind: Its type.

        Returns:
            ``None``.
        """
        return None

    def leave(self, name: str, value: object) -> None:
        """Leave nothing.

        Args:
            name: What it is.
            value: What is forgotten.
        """


class Within:
    """Stages of a part of a run, under names of their own.

    Args:
        stages: The run's stages.
        part: Name of the part.
    """

    def __init__(self, stages: Stages, part: str) -> None:
        self._stages = stages
        self._part = part

    def once(self, name: str, kind: Any, make: Callable[[], T]) -> T:
        """The result of a stage of the part.

        Args:
            name: Name of the stage within the part.
            kind: Type of the result.
            make: Makes it.

        Returns:
            The result.
        """
        return self._stages.once(f"{self._part}-{name}", kind, make)

    def last(self, name: str, kind: type[T]) -> T | None:
        """What the last run of the same question left of the part.

        Args:
            name: What it is.
            kind: Its type.

        Returns:
            What was left; ``None`` where there was no such run.
        """
        return self._stages.last(f"{self._part}-{name}", kind)

    def leave(self, name: str, value: object) -> None:
        """Leave something of the part for the next run.

        Args:
            name: What it is.
            value: A record of arrays, texts and numbers.
        """
        self._stages.leave(f"{self._part}-{name}", value)


AT_ONCE = AtOnce()
