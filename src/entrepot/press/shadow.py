"""A copy of a text in which every kind of space, dash and apostrophe is written one way.

The copy has the length of the text, so that a span found in it is a span of the text.
"""

from __future__ import annotations

_SPACES = "\t\v\f\u00a0\u00ad\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009"
_SPACES += "\u200a\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u202f\u205f\u2060"
_SPACES += "\u2066\u2067\u2068\u2069\u3000\ufeff\x1c\x1d\x1e\x1f\x85"
_DASHES = "\u2010\u2011\u2012\u2014\u2015\u2212\ufe58\uff0d"
_APOSTROPHES = "\u02bc\u02b9\u2032\u00b4`\uff07"
_PLAIN = str.maketrans(
    {
        **dict.fromkeys(_SPACES, " "),
        **dict.fromkeys(_DASHES, "–"),
        **dict.fromkeys(_APOSTROPHES, "'"),
        "\u2028": "\n",
        "\u2029": "\n",
        "\x00": " ",
    }
)


def shadow(text: str) -> str:
    r"""Write spaces, dashes and apostrophes one way; quote marks stay as they are.

    Args:
        text: The text.

    Returns:
        A text of the same length.

    Example:
        >>> shadow("on the\u00a0Ukraine — crisis")
        'on the Ukraine – crisis'
    """
    return text.translate(_PLAIN)


def one_line_end(text: str) -> str:
    r"""Write every line end as one line feed, as reading a text file does.

    Args:
        text: The text.

    Example:
        >>> one_line_end("a\r\nb\rc")
        'a\nb\nc'
    """
    return text.replace("\r\n", "\n").replace("\r", "\n")
