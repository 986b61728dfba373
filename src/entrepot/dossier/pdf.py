"""A page of this room as a tagged PDF file: the same record, set for paper.

``python -m entrepot.dossier.pdf`` reads such a page and writes the file, so that a server can have
it made beside itself.
"""

from __future__ import annotations

import hashlib
import re
import sys
from importlib.resources import files
from typing import TYPE_CHECKING

from entrepot.dossier.fonts import FACES, FAMILY, font_folder
from entrepot.dossier.render import DRAWING
from entrepot.errors import EstimateError

if TYPE_CHECKING:
    from weasyprint.urls import URLFetcher

VARIANT = "pdf/ua-1"
# Fractions of a second in metadata would make two files of one record differ: there is no date.
_MISSING = (
    "A PDF file needs WeasyPrint, which {}. Install entrepot[pdf], and the system's Pango: on "
    "Debian libpango-1.0-0, libpangoft2-1.0-0 and libharfbuzz-subset0; elsewhere see "
    "docs/how-to/dossier.md. The HTML page needs neither."
)
_STYLE = re.compile(r"<style>.*?</style>", re.DOTALL)


def to_pdf(page: str) -> bytes:
    """Set a page for paper.

    Args:
        page: HTML made by this room for paper: its style is replaced, its charts are kept.

    Returns:
        A tagged file with its fonts inside; the same page gives the same bytes.

    Raises:
        EstimateError: If WeasyPrint or the libraries it needs are not installed.
    """
    try:
        import weasyprint
        from weasyprint.text.fonts import FontConfiguration
    except ImportError as error:
        raise EstimateError(_MISSING.format("is not installed")) from error
    except OSError as error:  # a library of the system that it loads by name
        raise EstimateError(_MISSING.format("finds no Pango")) from error
    fonts, fetcher = FontConfiguration(), _only_fonts()
    sheet = weasyprint.CSS(
        string=f"{_faces()}\n{files('entrepot.dossier').joinpath('templates/pdf.css').read_text()}",
        font_config=fonts,
        url_fetcher=fetcher,
    )
    document = weasyprint.HTML(string=_STYLE.sub("", page), url_fetcher=fetcher)
    made: bytes = document.write_pdf(
        stylesheets=[sheet],
        font_config=fonts,
        pdf_variant=VARIANT,
        pdf_identifier=hashlib.sha256(page.encode()).digest()[:16],
    )
    return made


def _faces() -> str:
    return "\n".join(
        f'@font-face {{ font-family: "{FAMILY}"; font-weight: {weight}; '
        f"src: url({(font_folder() / name).as_uri()}); }}"
        for weight, name in FACES.items()
    )


def _only_fonts() -> URLFetcher:
    """A fetcher that opens the shipped fonts and nothing else."""
    from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

    allowed = {(font_folder() / name).as_uri() for name in FACES.values()}

    class OnlyFonts(URLFetcher):  # type: ignore[misc]  # it ships no types
        def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
            if url not in allowed and not url.startswith(DRAWING):
                raise FatalURLFetchingError(f"The page asks for {url!r}, expected nothing outside.")
            return super().fetch(url, headers)

    return OnlyFonts()


def main() -> None:
    """Read a page from standard input and write the file to standard output."""
    page = sys.stdin.buffer.read().decode()
    try:
        made = to_pdf(page)
    except EstimateError as error:
        sys.exit(str(error))
    sys.stdout.buffer.write(made)


if __name__ == "__main__":
    main()
