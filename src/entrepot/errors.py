"""What can go wrong, in a handful of classes.

::

    EntrepotError            anything this package raises on purpose
    ├── SourceError          a publisher's file is not what its reader was written for
    ├── LakeError            the lake is empty, torn, locked, or refuses rows that break a table
    ├── CodeError            an area, commodity, list or grouping is not known
    └── EstimateError        the data cannot carry the estimate that was asked for

A message says where, what was found, what was expected and what to do. The command line prints
it and exits with 1.
"""


class EntrepotError(Exception):
    """Anything Entrepôt raises on purpose."""


class SourceError(EntrepotError):
    """A publisher's file is not what its reader was written for."""


class LakeError(EntrepotError):
    """The lake is empty, torn, locked, or refuses rows that break a table."""


class CodeError(EntrepotError):
    """An area, commodity, list or grouping is not known."""


class EstimateError(EntrepotError):
    """The data cannot carry the estimate that was asked for."""
