"""Articles from files, folders and addresses, one after another."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

import httpx

from entrepot.errors import SourceError
from entrepot.fetch.addresses import Publisher
from entrepot.fetch.call import Call, Fetched
from entrepot.fetch.download import Manners, Visit
from entrepot.fetch.transfer import discard
from entrepot.fetch.waiting import PATIENCE, Pace
from entrepot.sources.articles import RawArticle, Refused, articles, articles_in
from entrepot.sources.raw_article import LARGEST_FILE

ADDRESS = ("http://", "https://")
_NOTES = frozenset((".md", ".rst"))
# Programs, settings and tables.
_NEVER = frozenset(
    (
        *(".py", ".pyi", ".ipynb", ".js", ".ts", ".css", ".sh", ".r", ".sql", ".c", ".h", ".java"),
        *(".toml", ".yaml", ".yml", ".ini", ".cfg", ".lock", ".xsd", ".xsl", ".dtd"),
        *(".csv", ".tsv", ".parquet"),
    )
)
_LICENCE = "of the publisher; read for analysis, not redistributed"


def raw_articles(
    where: Sequence[str], into: Path | None = None, patience: float = PATIENCE
) -> Iterator[RawArticle | Refused]:
    """Go through articles.

    Args:
        where: Files, folders, and addresses that begin with ``http://`` or ``https://``.
        into: Folder in which fetched pages are kept with their records, and looked for: a page that
            is there is asked about, not fetched again. Left out, they are not kept.
        patience: Seconds of waiting in all for one address.

    Yields:
        Articles, and what cannot be read or fetched with its reason; nothing is read ahead.

    Raises:
        SourceError: If a file or folder is not there.
    """
    with TemporaryDirectory(prefix="entrepot-") as passing:
        for one in where:
            if one.startswith(ADDRESS):
                yield from _fetched(one, into or Path(passing), patience)
            else:
                yield from _of_kind(Path(one))


def _of_kind(where: Path) -> Iterator[RawArticle | Refused]:
    """Articles of a file or folder; what is none by the end of its name is told, and not read.

    Programs and tables hold letters too. A note in Markdown is read where it is named, and left in
    a folder, where it describes the files around it.
    """
    left = _NEVER | _NOTES if where.is_dir() else _NEVER
    for one in articles(where):
        ending = Path(one.name.partition("#")[0].removesuffix(".gz")).suffix.lower()
        if isinstance(one, Refused) or ending not in left:
            yield one
        else:
            by_hand = " Name the file itself to have it read." if ending in _NOTES else ""
            yield Refused(
                one.name,
                f"is no article by the end of its name, {ending}, expected text, a page, a feed or "
                f"JSON with articles.{by_hand}",
            )


def _fetched(url: str, folder: Path, patience: float) -> Iterator[RawArticle | Refused]:
    try:
        got = _asked(_call(url), folder, patience)
    except (SourceError, httpx.InvalidURL, UnicodeError) as error:
        yield Refused(url, str(error))
        return
    if got.record is None:
        yield Refused(url, f"answered that nothing is there ({got.outcome}), expected an article.")
        return
    yield from articles_in(got.path.read_bytes(), url, got.record.url)


def _asked(call: Call, folder: Path, patience: float) -> Fetched:
    folder.mkdir(parents=True, exist_ok=True)

    def stop_at_too_much(done: int, total: int, what: str) -> None:
        if max(done, total) > LARGEST_FILE:
            discard(folder / call.name)
            raise SourceError(
                f"{call.url}: more than {LARGEST_FILE:,} bytes, expected an article. Save it "
                "yourself, and divide it where it holds many."
            )

    with Visit(Manners(Pace(), patience), stop_at_too_much) as visit:
        return visit.fetch(call, folder)


def _call(url: str) -> Call:
    try:
        host = urlsplit(url).hostname
    except ValueError:
        host = None
    if not host:
        raise SourceError(f"address is {url!r}, expected one with a host.")
    publisher = Publisher(host, host, f"{urlsplit(url).scheme}://{host}", _LICENCE, "")
    name = hashlib.sha256(url.encode("utf-8", "surrogatepass")).hexdigest()[:16]
    return Call(publisher, url, f"{name}.article", "article")
