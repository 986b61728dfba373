"""What a second reader proposes is taken only where the text bears it out."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from entrepot.api.press_model import second_reading
from entrepot.errors import SourceError
from entrepot.fetch.endpoint import Endpoint, ask
from entrepot.press.acts import acts
from entrepot.press.proposed import enriched
from entrepot.press.reader import read_article
from entrepot.press.told import Article

WORDS = (
    "ASTANA – President Kassym-Jomart Tokayev and Chancellor Olaf Scholz met on Monday. "
    "Kazakhstan values peace. German exports to Kazakhstan: 2.5 billion euros in 2022. "
    "Peace is good. Peace is good."
)
SAID = {"span": {"text": "Kazakhstan values peace"}, "speaker": ["per:tokayev"], "act": "stress"}
CLAIMED = {
    "span": {"text": "German exports to Kazakhstan: 2.5 billion euros in 2022"},
    "exporter": "DEU",
    "importer": "KAZ",
    "flow": "export",
    "product": {"key": "total"},
    "relation": "share",
    "value": 2.5e9,
    "unit": "EUR",
    "period": "2022",
}


@pytest.fixture(scope="module")
def article() -> Article:
    return read_article(WORDS, date(2024, 12, 31))


def refusal(article: Article, kind: str, item: object) -> str:
    more = enriched(article, {kind: [item]})
    assert more.taken == 0
    assert more.article == article
    (reason,) = more.refused
    return reason


def test_a_statement_the_text_holds_is_taken_with_its_place(article: Article) -> None:
    more = enriched(article, {"statements": [SAID]})
    (new,) = set(more.article.statements) - set(article.statements)
    assert new.span.of(WORDS) == "Kazakhstan values peace"
    assert (new.speaker, new.act, new.mode) == (("per:tokayev",), "stress", "indirect")


def test_a_claim_with_a_figure_of_its_words_is_taken_in_our_codes(article: Article) -> None:
    more = enriched(article, {"claims": [CLAIMED]})
    (new,) = set(more.article.claims) - set(article.claims)
    assert (new.exporter, new.importer, new.value, new.basis) == ("DE", "KZ", 2.5e9, "proposed")


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"span": {"text": "Kazakhstan loves peace"}}, "words are not in the text"),
        ({"span": {"text": "Peace is good"}}, "words stand in the text more than once"),
        ({"span": {"text": " "}}, "no words"),
        ({"span": None}, "no words"),
        ({"speaker": ["per:putin"]}, "speaker is not among those the text names"),
        ({"speaker": []}, "no speaker"),
        ({"speaker": "per:tokayev"}, "speaker is no list of names"),
        ({"act": "sing"}, "act is not on its list"),
    ],
)
def test_a_statement_the_text_does_not_bear_out_is_refused(
    article: Article, change: dict[str, Any], reason: str
) -> None:
    assert refusal(article, "statements", {**SAID, **change}) == reason


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"value": 3e9}, "value is no figure of its words"),
        ({"value": "2.5"}, "value is no number"),
        ({"value": True}, "value is no number"),
        ({"value": 10**400}, "value is no figure of its words"),
        ({"value": float("nan")}, "value is no figure of its words"),
        ({"exporter": "Ruritania"}, "exporter is no country"),
        ({"product": {"key": "unobtainium"}}, "product is not on its list"),
        ({"relation": "guess"}, "relation is not on its list"),
        ({"flow": "smuggling"}, "flow is not on its list"),
        ({"period": 2022}, "period is no word"),
    ],
)
def test_a_claim_the_text_does_not_bear_out_is_refused(
    article: Article, change: dict[str, Any], reason: str
) -> None:
    assert refusal(article, "claims", {**CLAIMED, **change}) == reason


def test_what_stands_twice_is_taken_where_its_place_is_given(article: Article) -> None:
    words = {"text": "Peace is good", "start": WORDS.rindex("Peace")}
    more = enriched(article, {"statements": [{**SAID, "span": words}]})
    assert more.taken == 1
    assert more.article.statements[-1].span.start == WORDS.rindex("Peace")


def test_what_is_read_already_is_not_taken_again(article: Article) -> None:
    twice = enriched(article, {"statements": [SAID, SAID], "claims": [CLAIMED, CLAIMED]})
    assert twice.taken == 2
    assert twice.refused == {"already read": 2}


@pytest.mark.parametrize("proposal", [None, 3, [], {"statements": 3}, {"claims": [3]}])
def test_what_is_no_proposal_changes_nothing(article: Article, proposal: object) -> None:
    more = enriched(article, proposal)
    assert more.article == article
    assert sum(more.refused.values()) > 0


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["span", "text", "start", "speaker", "act", "value", "product", "key"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=8,
)


@given(kind=st.sampled_from(["statements", "claims"]), item=_JSON)
@settings(max_examples=200, deadline=None)
def test_no_proposal_is_an_error_and_no_span_leaves_the_text(kind: str, item: Any) -> None:
    read = read_article(WORDS, date(2024, 12, 31))
    more = enriched(read, {kind: [item]})
    for one in (*more.article.statements, *more.article.claims):
        assert one.span.of(WORDS).strip()


def test_every_act_has_a_source() -> None:
    assert all(act.source for act in acts().values())


@contextmanager
def answering(answers: list[tuple[int, bytes]], asked: list[dict[str, Any]]) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            size = int(self.headers["Content-Length"])
            key = self.headers.get("Authorization", "")
            asked.append({"path": self.path, "key": key, **json.loads(self.rfile.read(size))})
            status, body = answers.pop(0)
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/v1"
    finally:
        server.shutdown()
        server.server_close()


def chat(content: str) -> bytes:
    return json.dumps({"choices": [{"message": {"content": content}}]}).encode()


def test_a_model_is_asked_with_text_entities_and_figures(article: Article) -> None:
    asked: list[dict[str, Any]] = []
    with answering([(200, chat(json.dumps({"statements": [SAID]})))], asked) as url:
        more = second_reading(article, Endpoint(url, "small", "secret"))
    assert more.taken == 1
    (question,) = asked
    assert question["path"] == "/v1/chat/completions"
    assert (question["model"], question["temperature"]) == ("small", 0)
    assert question["key"] == "Bearer secret"
    told = json.loads(question["messages"][1]["content"])
    assert told["text"] == WORDS
    assert {"id": "per:tokayev", "name": "Kassym-Jomart Tokayev"} in told["entities"]
    assert [one["value"] for one in told["figures"]] == [2.5e9]


def test_a_busy_model_is_asked_again_and_its_chatter_is_nothing() -> None:
    asked: list[dict[str, Any]] = []
    with answering([(429, b""), (200, chat("Sure, here it is:"))], asked) as url:
        assert ask(Endpoint(url, "small"), "Read.", "Text.", sleep=lambda _: None) is None
    assert [question["key"] for question in asked] == ["", ""]


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ((401, b""), "HTTP 401"),
        ((200, b"<html>"), "without choices"),
        ((200, b'{"choices": []}'), "without choices"),
    ],
)
def test_a_model_that_refuses_is_named(answer: tuple[int, bytes], words: str) -> None:
    with answering([answer], []) as url, pytest.raises(SourceError, match=words) as caught:
        ask(Endpoint(url, "small", "secret"), "Read.", "Text.")
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("http://user:hidden@127.0.0.1:1/v1", ""),
        ("http://127.0.0.1:1/v1", "hiddén"),
        ("http://a\x00b/", "hidden"),
        (f"http://{'a' * 300}é/", "hidden"),
        ("file:///etc/passwd", "hidden"),
    ],
)
def test_an_address_or_key_that_cannot_be_used_is_refused_unsaid(url: str, key: str) -> None:
    with pytest.raises(SourceError) as caught:
        ask(Endpoint(url, "small", key), "Read.", "Text.")
    assert "hidd" not in str(caught.value)


def test_a_key_is_not_printed() -> None:
    assert "secret" not in repr(Endpoint("http://127.0.0.1/v1", "small", "secret"))
