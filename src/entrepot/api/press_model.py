"""A language model as a second reader: it may propose, and the text decides what is taken."""

from __future__ import annotations

import json

from entrepot.fetch.endpoint import Endpoint, ask
from entrepot.press.acts import acts
from entrepot.press.exchange import as_record
from entrepot.press.proposed import Enriched, enriched
from entrepot.press.told import Article

_INSTRUCTION = """\
You read one press article about trade, sanctions and diplomacy. You are given its text, the
entities it names (id, name) and the figures in it. Answer with one JSON object:
{"statements": [{"span": {"text": WORDS}, "speaker": [ENTITY ID], "addressee": [], "via": [],
"act": ACT}], "claims": [{"span": {"text": WORDS}, "exporter": ISO3, "importer": ISO3,
"flow": "export|import|trade|re-export", "product": {"key": KEY}, "relation":
"level|pct_change|ratio|increase|decrease|share|rank|exists", "comparison": "=|~|>|>=|<|<=",
"value": NUMBER, "unit": UNIT, "period": EDTF, "polarity": "asserted|denied", "claimant": []}]}.
WORDS are copied letter for letter from the text: for a statement what was said, without the
speaker, the verb of saying and the outer quote marks. Use only ids and numbers you are given; leave
out what you do not know. The world is W00, the European Union EUU. ACT is one of: """


def second_reading(article: Article, endpoint: Endpoint) -> Enriched:
    """Ask a model what a reading lacks, and take what the text bears out.

    Args:
        article: The reading.
        endpoint: Where the model is asked; the whole text of the article is sent there.

    Returns:
        The reading with what was taken, and how much was not, by reason.

    Raises:
        SourceError: If the model cannot be reached, or refuses.
    """
    record = as_record(article, "article")
    known = {
        "text": article.page.text,
        "entities": [{"id": one["id"], "name": one["name"]} for one in record["entities"]],
        "figures": [
            {"text": one["span"]["text"], "value": one["value"], "unit": one["unit"]}
            for one in record["figures"]
        ],
    }
    question = json.dumps(known, ensure_ascii=False)
    return enriched(article, ask(endpoint, _INSTRUCTION + ", ".join(acts()), question))
