"""Lists of parties in XML, element by element: no DTD, no entities, no more memory than a party."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path
from xml.etree import ElementTree
from xml.parsers import expat

from entrepot.errors import SourceError
from entrepot.sources.reading import SourceFile

Element = ElementTree.Element
_CHUNK = 1 << 16


class _RootFoundError(Exception):
    """Raised to leave the parser at the first element."""


def opening_of(path: Path) -> tuple[str, dict[str, str]] | None:
    """Read the name and attributes of the first element of an XML file.

    Args:
        path: The file.

    Returns:
        The name without prefix and the attributes; ``None`` where the file is no XML.

    Raises:
        SourceError: If it declares a document type: no list needs one, and one may name entities
            or other files.
    """
    found: list[tuple[str, dict[str, str]]] = []
    parser = expat.ParserCreate()

    def refuse(name: str, *_: object) -> None:
        raise SourceError(
            f"{path.name}: declares a document type ({name!r}), expected a list without one. It "
            "is not read, because it may name entities or other files: fetch the file again."
        )

    def take(name: str, attributes: dict[str, str]) -> None:
        found.append((name.split(":")[-1], attributes))
        raise _RootFoundError

    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = take
    with path.open("rb") as file:
        if not file.read(_CHUNK).lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
            return None
        file.seek(0)
        try:
            while chunk := file.read(_CHUNK):
                parser.Parse(chunk, False)
        except _RootFoundError:
            return found[0]
        except expat.ExpatError:
            return None
    return None


def elements(source: SourceFile, tags: Collection[str]) -> Iterator[Element]:
    """Read some elements of an XML file one after the other.

    Args:
        source: The file; :func:`opening_of` has looked at it.
        tags: Names without namespace of the elements to give.

    Yields:
        Each element, its own and its children's names without namespace; emptied afterwards.

    Raises:
        SourceError: If the file ends too early or is no XML.
    """
    opening_of(source.path)
    path: list[Element] = []
    try:
        for event, element in ElementTree.iterparse(source.path, ("start", "end")):
            if event == "start":
                path.append(element)
                continue
            path.pop()
            element.tag = local(element.tag)
            if element.tag in tags:
                yield element
                element.clear()
                if path:
                    path[-1].remove(element)
    except ElementTree.ParseError as error:
        raise SourceError(
            f"{source.name}: not whole XML ({error}). The download may have been cut short: fetch "
            "the file again."
        ) from error


def local(tag: str) -> str:
    """Name of an element without its namespace.

    Args:
        tag: Its name.

    Example:
        >>> local("{http://eu.europa.ec/fpi/fsd/export}nameAlias")
        'nameAlias'
    """
    return tag.rsplit("}", 1)[-1]


def said(element: Element, path: str) -> str:
    """Text of a child; empty where there is none.

    Args:
        element: The element.
        path: Where the child is, from there.
    """
    return (element.findtext(path) or "").strip()


def refuse_unknown(source: SourceFile, element: Element, known: Collection[str]) -> None:
    """Refuse an element with a child nobody knows.

    Args:
        source: The file.
        element: The element.
        known: Names of the children it may have.

    Raises:
        SourceError: Naming the child.
    """
    unknown = sorted({child.tag for child in element} - set(known))
    if unknown:
        raise SourceError(
            f"{source.name}: {element.tag} holds {unknown[0]!r}, expected one of {sorted(known)}. "
            "The publisher may have changed the layout: compare it with "
            "docs/how-to/party-lists.md."
        )
