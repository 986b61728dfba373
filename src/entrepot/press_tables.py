"""The tables of the press: articles, who said what, figures, events, and claims on trade.

A span counts code points of ``articles.text``, ``[char_start, char_end)``, and holds exactly those
words. An entity is written by its id (``per:tokayev``, ``org:eu``, ``cty:KZ``), several separated
by blanks. A day is EDTF: ``2023-06-20``, ``XXXX-06-20`` where the text leaves the year open.
"""

from __future__ import annotations

from entrepot.columns import text
from entrepot.schema import Column, Table

LANGUAGES = ("en", "de", "ru")
DATE_BASES = ("dateline", "dateline+weekday", "header", "body", "given", "none")
MODES = ("direct", "indirect", "mixed")
COMPARISONS = ("=", "~", ">", ">=", "<", "<=", "~<")
RELATIONS = ("level", "pct_change", "ratio", "increase", "decrease", "share", "rank", "exists")
STATUSES = ("past", "ongoing", "planned")
POLARITIES = ("asserted", "denied")

_ARTICLE = text("source_id", "First 16 hex digits of the sha256 of the article it stands in.")
_SPAN = (
    Column("char_start", "int", "First character of the words in the article's text.", "character"),
    Column("char_end", "int", "The character behind the last one.", "character"),
    text("text", "The words, as they stand there."),
)
_OPTIONAL = Column("is_optional", "bool", "Whether it only repeats, or only names a topic.")
_COUNTRIES = text(
    "countries", "Areas it is about: of those who act, are addressed or named; may be empty."
)
_EXTRACTOR = text("extractor", "What found it: `rules`, or the model that proposed it.")


def _open(name: str, meaning: str) -> Column:
    return text(name, meaning, nullable=True)


ARTICLES = Table(
    "articles",
    "one article of the press, with what it says of itself",
    (
        text("source_id", "First 16 hex digits of the sha256 of the article as it came."),
        text("batch_id", "The articles it was written with: unit of its rows in the lake."),
        text("sha256", "Digest of the article as it came, 64 hex digits."),
        text("name", "File it came in, or entry of a feed."),
        _open("url", "Address it was fetched from."),
        Column("read_on", "date", "Day after which it cannot have been written."),
        text("language", "Language of the text.", *LANGUAGES),
        _open("origin_language", "Language it was translated from, where that shows."),
        _open("title", "Its title; that of a page or feed where the text has none."),
        _open("dateline", "Place, day and agency at its head, as written."),
        _open("place", "Place of the dateline, as written."),
        _open("country", "Area of that place."),
        _open("date", "Day it is of, EDTF; a year is never guessed."),
        text("date_basis", "What the date rests on.", *DATE_BASES),
        Column("weekday", "int", "Weekday the text names, 0 for Monday.", "day", nullable=True),
        _open("agency", "Agency, an entity."),
        _open("publisher", "Publisher: an entity, or as its file names it."),
        Column("is_summary", "bool", "Whether a feed gave a summary in place of the article."),
        text("entities", "Whom the text names: id, type, name, offices, area and names, as JSON."),
        text("dropped", "Lines set aside as page furniture: `start-end reason`, by `; `."),
        text("text", "The text that spans count in, line ends as single line feeds."),
    ),
    ("source_id",),
)

QUOTES = Table(
    "quotes",
    "one statement that one article attributes to somebody",
    (
        text("quote_id", "Source id and number of the statement."),
        text("statement_id", "The same for one statement told twice: quote id of its first."),
        _ARTICLE,
        *_SPAN,
        text("mode", "Whether the words are quoted.", *MODES),
        text("speaker", "Who speaks, entities; several where they spoke jointly."),
        text("speaker_text", "The speaker's words in the text."),
        _open("speaker_name", "Fullest name in the text."),
        _open("speaker_office", "Offices the text gives, separated by `; `."),
        _open("speaker_country", "The speaker's area."),
        text("speaker_key", "The speaker over spellings and scripts: consonants of the name."),
        text("addressee", "To whom, entities; may be empty."),
        text("act", "What was done by saying it: say, deny, call_for …"),
        _open("also", "Further acts of the content, separated by blanks."),
        _open("plover", "Type of PLOVER 2021 of the act: REJECT, REQUEST …"),
        _open("cue", "The word that attributes."),
        text("via", "Who passed it on, entities, nearest first; may be empty."),
        text("named", "Entities the words name; may be empty."),
        _COUNTRIES,
        text("goods", "Keys of goods the words name; may be empty."),
        text("numbers", "Figures in the words, value and unit, separated by `; `; may be empty."),
        _open("said_on", "Day of the article, EDTF."),
        Column("is_in_title", "bool", "Whether it is the headline."),
        _OPTIONAL,
        _EXTRACTOR,
    ),
    ("quote_id",),
)

FIGURES = Table(
    "figures",
    "one quantity an article gives",
    (
        text("figure_id", "Source id and number of the figure."),
        _ARTICLE,
        *_SPAN,
        Column("value", "float", "The number.", "unit"),
        text("comparison", "How exact it claims to be.", *COMPARISONS),
        text("unit", "Its unit: USD, %, ratio, rank, person, t …"),
        text("kind", "What kind of quantity: count, money, percent_change, share …"),
        _open("what", "What is counted, as written."),
        _open("about", "Period it is about, as written."),
    ),
    ("figure_id",),
)

EVENTS = Table(
    "events",
    "one meeting, call, visit, agreement or measure an article tells",
    (
        text("event_id", "Source id and number of the event."),
        _ARTICLE,
        *_SPAN,
        text("type", "meeting, call, visit, agreement, invitation, sanction …"),
        text("plover", "Type of PLOVER 2021: CONSULT, AGREE, REQUEST …"),
        _open("mode", "Mode of that type."),
        text("participants", "Who takes part, entities; may be empty."),
        _open("place", "Where, as written."),
        _open("country", "Area of the place."),
        _COUNTRIES,
        _open("on", "When, EDTF or interval."),
        text("status", "Whether it is over, goes on or is to come.", *STATUSES),
        _OPTIONAL,
    ),
    ("event_id",),
)

CLAIMS = Table(
    "claims",
    "one assertion about trade that statistics could check, with its words",
    (
        text("claim_id", "Source id and number of the claim."),
        _ARTICLE,
        *_SPAN,
        text("claimant", "Who makes it, entities; may be empty."),
        _open("claimant_name", "Fullest name in the text, several separated by `; `."),
        text("claimant_key", "The claimant over spellings and scripts; may be empty."),
        text("polarity", "Whether it is asserted or denied.", *POLARITIES),
        _open("exporter", "Who exports: an area, a grouping, `W0` for the world."),
        _open("importer", "Who imports."),
        _open("via", "Third country the goods are said to pass through."),
        _open("reporter", "Whose statistics are meant, where the text says so."),
        _open("partner", "The other side of them."),
        text("flow", "export, import, trade (both), re-export."),
        text("product", "Key of the lexicon of goods; `total` for all goods."),
        _open("product_text", "Its words."),
        text("commodities", "Beginnings of HS codes it stands for; empty for all or a list."),
        text("relation", "What is said of the amount.", *RELATIONS),
        text("comparison", "How the value is meant.", *COMPARISONS),
        Column("value", "float", "The number; negative for a fall.", "unit", nullable=True),
        _open("unit", "Its unit."),
        _open("about", "Period it is about, EDTF or interval."),
        _open("baseline", "The same, of what it is compared with."),
        _open("said_on", "Day of the article, EDTF."),
        Column("is_checkable", "bool", "Whether trade statistics can say anything on it."),
        text("basis", "Where each argument came from: clause, sentence, article …"),
        _OPTIONAL,
        _EXTRACTOR,
    ),
    ("claim_id",),
)
