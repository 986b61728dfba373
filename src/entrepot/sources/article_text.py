"""Text out of bytes: the encoding is told by marks and by how letters stand, and is named."""

from __future__ import annotations

import codecs
import re
import zlib

from entrepot.sources.raw_article import LARGEST_FILE, NoArticle

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_OTHER_THINGS = (
    (b"%PDF", "a PDF document"),
    (b"PK\x03\x04", "a zip archive or an office document"),
    (b"\xd0\xcf\x11\xe0", "an office document"),
    (b"{\\rtf", "a rich-text document"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
)
_GZIP = b"\x1f\x8b"
_HIGH_RUN = re.compile(rb"[\x80-\xff]{2,}")
_HIGH = re.compile(rb"[\x80-\xff]")
_LOW_CASE_OF_CP1251 = re.compile(rb"[\xe0-\xff]")
_LOW_CASE_OF_KOI8 = re.compile(rb"[\xc0-\xdf]")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a]")
_LOOKED_AT = 1 << 16  # bytes that tell the encoding
_MOST_CONTROL = 0.02  # share of control characters above which bytes are no text
_MOST_BROKEN = 0.02  # share of letters beyond ASCII that may be broken in UTF-8


def unpacked(content: bytes) -> bytes:
    """Unpack gzip, no further than a file may be long.

    Args:
        content: Bytes, compressed or not.

    Returns:
        The bytes that were meant.

    Raises:
        NoArticle: If they unfold to too much, or are damaged.
    """
    if not content.startswith(_GZIP):
        return content
    engine = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
    try:
        found = engine.decompress(content, LARGEST_FILE)
    except zlib.error as error:
        raise NoArticle(f"gzip is damaged ({error}), expected a whole file.") from error
    if engine.unconsumed_tail:
        raise NoArticle(
            f"unfolds to more than {LARGEST_FILE:,} bytes, expected an article. Unpack it, and "
            "divide it where it holds many."
        )
    if not engine.eof:
        raise NoArticle("gzip ends in the middle, expected a whole file. Fetch it again.")
    return found


def decoded(content: bytes, declared: str | None = None) -> tuple[str, str]:
    """Read bytes as text.

    Args:
        content: The bytes.
        declared: Encoding that their wrapping names; believed where they are no UTF-8 and allow it.

    Returns:
        The text, and the name of the encoding with what could not be read.

    Raises:
        NoArticle: If they are no text.

    Example:
        >>> decoded("Заявил министр".encode("cp1251"))
        ('Заявил министр', 'cp1251')
        >>> decoded("für Öl".encode("cp1252"))[1]
        'cp1252'
    """
    for beginning, thing in _OTHER_THINGS:
        if content.startswith(beginning):
            raise NoArticle(f"is {thing}, expected text, HTML, a feed or JSON. Save it as text.")
    text, encoding = _read(content, declared)
    control = len(_CONTROL.findall(text[:_LOOKED_AT]))
    if control > max(8, _MOST_CONTROL * len(text[:_LOOKED_AT])):
        raise NoArticle(
            f"is no text: {control:,} control characters at its beginning. Save it as UTF-8 text."
        )
    return text, encoding


def _read(content: bytes, declared: str | None) -> tuple[str, str]:
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return content.decode(encoding, "replace"), encoding.removesuffix("-sig")
    for named in (_wide(content), "utf-8", declared):
        text = _strictly(content, named)
        if text is not None and named is not None:
            return text, codecs.lookup(named).name
    broken = content.decode("utf-8", "replace")
    count = broken.count("\ufffd")
    beyond = sum(letter > "\x7f" for letter in broken)
    if count <= max(1, _MOST_BROKEN * beyond) < beyond:
        return broken, f"utf-8, letters unreadable: {count:,}"
    told = _one_byte(content)
    return content.decode(told), told


def _strictly(content: bytes, encoding: str | None) -> str | None:
    """The text in an encoding; nothing where it is not known, or the bytes are not in it."""
    if encoding is None:
        return None
    try:
        codecs.lookup(encoding)
        return content.decode(encoding)
    except (LookupError, ValueError):
        return None


def _wide(content: bytes) -> str | None:
    """UTF-16 without a mark: every other byte of spaces, digits and Latin letters is zero."""
    head = content[:_LOOKED_AT]
    low, high = head[::2].count(0), head[1::2].count(0)
    if high > len(head) / 64 and low == 0:
        return "utf-16-le"
    if low > len(head) / 64 and high == 0:
        return "utf-16-be"
    return None


def _one_byte(content: bytes) -> str:
    """Cyrillic words are runs of high bytes; in German and French words such bytes stand alone."""
    head = content[:_LOOKED_AT]
    high = len(_HIGH.findall(head))
    together = sum(len(run) for run in _HIGH_RUN.findall(head))
    if together * 2 > high:
        is_koi8 = len(_LOW_CASE_OF_KOI8.findall(head)) > len(_LOW_CASE_OF_CP1251.findall(head))
        return "koi8-r" if is_koi8 else _defined(content, "cp1251")
    return _defined(content, "cp1252")


def _defined(content: bytes, encoding: str) -> str:
    """A code page, or Latin-1, where a byte has no letter in it."""
    return "latin-1" if _strictly(content, encoding) is None else encoding
