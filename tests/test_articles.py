"""Articles out of files of every kind: what they hold is told, what is none says why."""

from __future__ import annotations

import gzip
import hashlib
import json
import os

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from misbehaving_server import Entity, Fault, Server

from entrepot.api.press_sources import raw_articles
from entrepot.errors import SourceError
from entrepot.fetch.record import read_record
from entrepot.sources import article_text
from entrepot.sources.articles import RawArticle, Refused, articles, articles_in

RUSSIAN = "МОСКВА, 5 июня. Товарооборот вырос, заявил министр торговли."
GERMAN = "Die Ausfuhren über Österreich fielen, sagte der Minister für Außenhandel."
PAGE = """<!DOCTYPE html><html lang="de"><head><meta charset="utf-8">
<meta property="og:title" content="Handel wächst">
<meta property="og:site_name" content="Der Bote">
<meta property="article:published_time" content="2023-06-20T08:00:00+02:00">
<link rel="canonical" href="https://bote.example/handel"></head><body>
<nav><a href="/">Start</a> <a href="/politik">Politik</a></nav>
<article><h1>Handel wächst</h1>
<p>Der Handel mit Kasachstan ist im vergangenen Jahr um fünf Prozent gewachsen, sagte er.</p>
<p>Die Ausfuhren nach Kirgistan haben sich in derselben Zeit mehr als verdoppelt, hieß es.</p>
</article><footer>Impressum Datenschutz</footer></body></html>"""
RSS = """<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:media="http://search.yahoo.com/mrss/"><channel>
<title>The Courier</title><language>en-gb</language>
<item><title>Trade &amp; transit</title><link>https://courier.example/1</link>
<pubDate>Tue, 20 Jun 2023 23:30:00 +0600</pubDate><description>Short.</description>
<media:content url="a.jpg"><media:title>A picture</media:title></media:content>
<content:encoded><![CDATA[<p>Trade grew, he <b>said</b>.</p><p>It&shy; did.</p>]]></content:encoded>
</item>
<item><title>Only a summary</title>
<media:content><media:title>A picture</media:title></media:content>
<description>Exports fell.</description></item>
<item><guid>3</guid></item>
</channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="ru"><title>Вестник</title>
<entry><title>Торговля</title><link rel="self" href="https://v.example/s"/>
<link href="https://v.example/1"/><updated>2024-02-01T00:00:00Z</updated>
<published>2024-01-31T10:00:00Z</published>
<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Рост.</p></div></content>
</entry></feed>"""
BOMB = """<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "aaaaaaaaaa">
<!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]>
<rss><channel><item><title>&c;</title></item></channel></rss>"""


def only(content: bytes, name: str = "one.txt") -> RawArticle:
    (found,) = articles_in(content, name)
    assert isinstance(found, RawArticle), found
    return found


def reason(content: bytes, name: str = "one.txt") -> str:
    (found,) = articles_in(content, name)
    assert isinstance(found, Refused), found
    return found.reason


@pytest.mark.parametrize(
    ("text", "written", "said"),
    [
        (RUSSIAN, "utf-8", "utf-8"),
        (RUSSIAN, "utf-8-sig", "utf-8"),
        (RUSSIAN, "utf-16", "utf-16"),
        (RUSSIAN, "utf-16-le", "utf-16-le"),
        (RUSSIAN, "cp1251", "cp1251"),
        (RUSSIAN, "koi8-r", "koi8-r"),
        (GERMAN, "cp1252", "cp1252"),
        (GERMAN, "utf-16-be", "utf-16-be"),
        ("plain", "ascii", "utf-8"),
    ],
)
def test_the_encoding_is_recognised_and_said(text, written, said):
    found = only(text.encode(written))
    assert (found.text, found.encoding) == (text, said)


def test_a_text_keeps_its_line_ends_and_is_told_by_its_bytes():
    found = only(b"One.\r\n\r\nTwo.")
    assert found.text == "One.\r\n\r\nTwo."
    assert found.source_id == hashlib.sha256(b"One.\r\n\r\nTwo.").hexdigest()


def test_utf8_that_is_cut_off_stays_utf8():
    found = only((RUSSIAN * 3).encode()[:-2])
    assert found.text == (RUSSIAN * 3)[:-2] + "\ufffd"
    assert found.encoding == "utf-8, letters unreadable: 1"


def test_a_page_gives_its_article_and_what_it_says_of_itself():
    found = only(PAGE.encode(), "handel.html")
    assert found.text.startswith("Handel wächst")
    assert "mehr als verdoppelt, hieß es." in found.text
    assert "Impressum" not in found.text
    assert "Politik" not in found.text
    assert (found.title_hint, found.publisher_hint, found.language_hint) == (
        "Handel wächst",
        "Der Bote",
        "de",
    )
    assert (found.header_date, found.url) == ("2023-06-20", "https://bote.example/handel")


def test_a_page_in_another_encoding_is_read_in_it():
    page = PAGE.replace("utf-8", "windows-1252").encode("cp1252")
    found = only(page, "page")
    assert found.encoding == "cp1252"
    assert "Handel wächst" in found.text


@pytest.mark.parametrize("named", ["idna", "hex", "nonsense", "utf-16", "cp1252"])
def test_an_encoding_that_the_bytes_are_not_in_is_not_believed(named):
    found = only(PAGE.replace("utf-8", named).encode(), "page.html")
    assert (found.encoding, found.text[:13]) == ("utf-8", "Handel wächst")


def test_a_day_that_is_not_written_in_iso_stays_open():
    page = PAGE.replace("2023-06-20T08:00:00+02:00", "06/07/2023")
    assert only(page.encode(), "page.html").header_date is None


def test_a_feed_gives_an_article_an_entry_and_tells_summaries():
    whole, summary, empty = articles_in(RSS.encode(), "feed.xml")
    assert whole.text == "Trade & transit\n\nTrade grew, he said.\n\nIt did."
    assert (whole.name, whole.url) == ("feed.xml#1", "https://courier.example/1")
    assert (whole.header_date, whole.publisher_hint, whole.language_hint) == (
        "2023-06-20",
        "The Courier",
        "en",
    )
    assert (whole.is_summary, summary.is_summary) == (False, True)
    assert summary.text == "Only a summary\n\nExports fell."
    assert isinstance(empty, Refused)


def test_an_entry_keeps_its_id_when_the_feed_grows():
    first = [one.source_id for one in articles_in(RSS.encode(), "f") if isinstance(one, RawArticle)]
    grown = RSS.replace("<item>", "<item><title>New</title></item><item>", 1)
    again = [
        one.source_id for one in articles_in(grown.encode(), "f") if isinstance(one, RawArticle)
    ]
    assert again[1:] == first


def test_atom_is_read_with_its_markup_and_its_first_day():
    found = only(ATOM.encode(), "feed")
    assert (found.text, found.header_date) == ("Торговля\n\nРост.", "2024-01-31")
    assert (found.url, found.language_hint) == ("https://v.example/1", "ru")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_feed_that_declares_entities_is_refused(encoding):
    assert "declares entities" in reason(BOMB.encode(encoding), "feed.xml")


def test_a_feed_that_is_cut_off_is_refused_with_the_place():
    assert "damaged" in reason(RSS[:300].encode(), "feed.xml")


def test_json_lines_are_read_one_at_a_time_and_a_bad_one_stops_nothing(tmp_path):
    lines = [
        {"url": "https://x.example/1", "title": "A", "date": "2023-01-02", "text": "Text."},
        {"title": "no text"},
    ]
    path = tmp_path / "many.jsonl"
    body = "\n".join(json.dumps(one) for one in lines) + "\n\n{broken\n"
    path.write_text(body + json.dumps({"text": "Last."}), "utf-8")
    first, empty, broken, last = articles(path)
    assert (first.text, first.url, first.header_date, first.title_hint) == (
        "Text.",
        "https://x.example/1",
        "2023-01-02",
        "A",
    )
    assert "without 'text'" in empty.reason
    assert "no JSON" in broken.reason
    assert (last.text, last.name) == ("Last.", f"{path}#5")


def test_json_is_an_object_or_a_list_of_them():
    assert only(b'{"text": "One."}', "one.json").text == "One."
    found = list(articles_in(b'[{"text": "One."}, 7]', "two.json"))
    assert [type(one).__name__ for one in found] == ["RawArticle", "Refused"]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (b" \n ", "is empty"),
        (b"%PDF-1.7 x", "PDF"),
        (b"PK\x03\x04 x", "archive"),
        (b"\x89PNG x", "picture"),
        (bytes(range(32)) * 20, "control characters"),
        (b"\x1f\x8b\x08broken", "gzip is damaged"),
        (b"<html><body></body></html>", "no article"),
        (b"<html>" + b"<div>" * 50_000, "no article"),
        (b"<html>" + b"x" * (8 * 1024 * 1024), "expected 8,388,608 at most"),
        (b"x" * (8 * 1024 * 1024 + 1), "8,388,609 letters"),
        (b'[["' + b"[" * 100_000, "cannot be read"),
    ],
)
def test_what_is_no_article_says_why(content, words):
    name = "one.json" if content.startswith(b"[[") else "one"
    assert words in reason(content, name)


def test_gzip_unfolds_no_further_than_a_file_may_be_long(monkeypatch):
    assert only(gzip.compress(b"Trade grew.")).text == "Trade grew."
    monkeypatch.setattr(article_text, "LARGEST_FILE", 1000)
    assert "unfolds to more than 1,000 bytes" in reason(gzip.compress(bytes(5000)))


def test_a_folder_is_read_in_order_and_loses_no_file(tmp_path):
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "two.txt").write_text("Two.", "utf-8")
    (tmp_path / "a.txt").write_text("One.", "utf-8")
    (tmp_path / "c.pdf").write_bytes(b"%PDF-1.4")
    (tmp_path / ".hidden").write_text("x", "utf-8")
    (tmp_path / "a.txt.record").write_text("{}", "utf-8")
    (tmp_path / "gone.txt").symlink_to(tmp_path / "nowhere")
    os.mkfifo(tmp_path / "pipe")
    found = [(os.path.relpath(one.name, tmp_path), type(one)) for one in articles(tmp_path)]
    assert found == [
        ("a.txt", RawArticle),
        ("c.pdf", Refused),
        ("gone.txt", Refused),
        ("pipe", Refused),
        (os.path.join("b", "two.txt"), RawArticle),
    ]


def test_a_path_that_is_not_there_is_an_error(tmp_path):
    with pytest.raises(SourceError, match="no file or folder is there"):
        list(articles(tmp_path / "nothing"))


@settings(max_examples=60)
@given(st.binary(max_size=300), st.sampled_from(["a", "a.html", "a.xml", "a.json", "a.jsonl"]))
def test_no_bytes_raise(content, name):
    for one in articles_in(content, name):
        assert isinstance(one, RawArticle | Refused)


@settings(max_examples=40)
@given(
    st.sampled_from([PAGE, RSS, ATOM, '{"text": "a"}']),
    st.integers(0, 900),
    st.text(max_size=8),
)
def test_no_damage_raises(whole, at, put):
    damaged = whole[:at] + put + whole[at + 5 :]
    for one in articles_in(damaged.encode("utf-8", "replace"), "x"):
        assert isinstance(one, RawArticle | Refused)


@pytest.fixture
def server():
    with Server() as running:
        yield running


def test_an_address_is_fetched_kept_with_its_record_and_not_downloaded_again(server, tmp_path):
    server.files["/handel"] = Entity(PAGE.encode(), "text/html; charset=utf-8")
    url = f"{server.url}/handel"
    (found,) = raw_articles([url], tmp_path)
    assert (found.name, found.url) == (url, url)
    assert found.source_id == hashlib.sha256(PAGE.encode()).hexdigest()
    (kept,) = tmp_path.glob("*.article")
    assert read_record(kept).url == url
    assert [one.source_id for one in raw_articles([url], tmp_path)] == [found.source_id]
    assert server.statuses() == [200, 304]


def test_an_address_that_cannot_be_read_stops_no_other_article(server, tmp_path):
    (tmp_path / "one.txt").write_text("One.", "utf-8")
    server.files["/feed"] = Entity(RSS.encode(), "application/rss+xml")
    server.faults.append(Fault(status=403, body=b"no"))
    where = [
        f"{server.url}/a",
        f"{server.url}/gone",
        "http://",
        str(tmp_path),
        f"{server.url}/feed",
    ]
    found = list(raw_articles(where))
    assert [isinstance(one, Refused) for one in found] == [True] * 3 + [False] * 3 + [True]
    assert "403" in found[0].reason
    assert "not published" in found[1].reason
    assert "with a host" in found[2].reason


def test_a_busy_publisher_is_asked_again(server):
    server.files["/a"] = Entity(b"Trade grew.", "text/plain")
    server.faults.append(Fault(status=503, headers={"Retry-After": "0"}))
    (found,) = raw_articles([f"{server.url}/a"])
    assert found.text == "Trade grew."


def test_an_address_that_never_ends_is_given_up(server, monkeypatch, tmp_path):
    monkeypatch.setattr("entrepot.api.press_sources.LARGEST_FILE", 10_000)
    server.files["/a"] = Entity(b"x" * 600_000, "text/plain")
    (found,) = raw_articles([f"{server.url}/a"], tmp_path)
    assert "more than 10,000 bytes" in found.reason
    assert [path.name for path in tmp_path.iterdir()] == []
