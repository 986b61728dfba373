"""Words and examples of the description that no declaration holds."""

from __future__ import annotations

from typing import Any

ABOUT = (
    "Sanctioned goods diverted through third countries, from trade statistics; what the press says "
    "beside them; shipments screened. Statistical excesses are about flows between countries, "
    "never about a named firm. Every number carries its unit, period and source, and an interval "
    "where it is an estimate; what is not known is null or `unknown`, never zero.\n\n"
    "Errors are problem details (RFC 9457). Reading answers carry an ETag: send it back as "
    "If-None-Match and get 304 while nothing changed. Pages of rows carry `next` and a Link header "
    "(RFC 8288)."
)
TAGS = {
    "tables": "Every table of the lake, row by row, as its declaration has it. Pages follow the "
    "key: `next`, and the Link header, say where the following one begins, whatever was written to "
    "the lake since. A table of which the lake holds nothing has no rows. A query is stopped after "
    "20 s of work (422).",
    "results": "What runs of the estimator found: the records that the pages show.",
    "claims": "What somebody said about trade, beside what was declared.",
    "sources": "The files every number comes from.",
    "screening": "Parties and shipments against lists. Addresses and shapes of parties are "
    "yente's, so that its clients work.",
    "server": "Whether it runs.",
    "more": "Further addresses.",
}
# Summary and description of addresses that are yente's, by method and path.
OPERATIONS: dict[tuple[str, str], tuple[str, str, str]] = {
    ("post", "/match/{dataset}"): (
        "screening",
        "Match parties by example",
        "Up to 100 entities by schema and properties; each answer is under the id of its query, "
        "with score, parts of the score, level and what was decided. Query and lists alike give "
        "the same answer. No hits are no clearance: the answer says which lists were searched.",
    ),
    ("get", "/search/{dataset}"): (
        "screening",
        "Search entries by name",
        "Entries by the words of a name, across scripts; all entries in order where `q` is empty.",
    ),
    ("get", "/entities/{entity_id}"): (
        "screening",
        "One entry",
        "All that its list says of it. Name the list with `dataset` where two use one id.",
    ),
    ("get", "/entities/{entity_id}/adjacent"): (
        "screening",
        "Relations of an entry",
        "Relations between entries are not kept: always 404.",
    ),
    ("get", "/catalog"): (
        "screening",
        "Lists that are searched",
        "Each list with its version, publisher and number of entries.",
    ),
    ("get", "/algorithms"): (
        "screening",
        "How names are scored",
        "The algorithms, and what the parts of a score mean.",
    ),
    ("get", "/checks"): (
        "screening",
        "Checks of a shipment",
        "Each check with its version, legal reference and the fields it needs.",
    ),
    ("post", "/screen/shipment"): (
        "screening",
        "Screen shipments",
        'One line, a list of lines, or `{"shipments": […]}`, at most 1,000. Every line comes back '
        "with a verdict (block, review, clear, not_assessed), each check with its explanation and "
        "rule, and the hits. A line is clear only where the required checks were made.",
    ),
    ("get", "/healthz"): ("server", "Whether the server runs", "Says nothing of its data."),
    ("get", "/readyz"): (
        "server",
        "Whether lists are there",
        "503 until a list of parties is in the lake. The pages and /api/v1 need none.",
    ),
}
# What parameters mean where their declaration does not say.
PARAMETERS = {
    "dataset": "A list as /catalog names it; `default` for all where it stands in the path.",
    "entity_id": "Id of an entry on its list.",
    "nested": "Taken for yente's clients; relations are not kept.",
    "limit": "Results at most.",
    "offset": "Results to leave out at the beginning.",
    "threshold": "Score from which a hit is a match; the policy's `possible_from` if left out.",
    "cutoff": "Score below which nothing is told; 0.5 if left out.",
    "algorithm": "`best` or `light`, which are one.",
    "include_dataset": "Lists to search beside the one in the path; with `default` the only ones.",
    "exclude_dataset": "Lists to leave out.",
    "exclude_schema": "Schemas to leave out.",
    "topics": "Only entries of one of these topics.",
    "changed_since": "Not supported: refused with 400 where given.",
    "exclude_entity_ids": "Entries to leave out.",
    "q": "Words of a name; empty for all entries.",
    "schema": "Schema of FollowTheMoney; `Thing` for all.",
    "countries": "Only entries of one of these countries.",
    "facets": "Counts to give: countries, topics, datasets, schema.",
    "fuzzy": "Taken for yente's clients; names are always compared by likeness.",
    "simple": "Taken for yente's clients; words are never read as a query language.",
}
EXAMPLES: dict[str, object] = {
    "commodity_prefix": ["8542"],
    "period_from": "2022-03-01",
    "reporter": ["DE"],
    "intermediary": ["KG"],
    "country": "KG",
    "code": "KG",
    "corridor": "EU-KG-RU-870324",
    "run_id": "latest",
    "dataset": "default",
    "entity_id": "ofac-123",
    "q": "Tulamash",
    "commodity": "8542",
    "source_id": "0123456789abcdef",
}
ERRORS = {
    400: "The request cannot be understood: a parameter, a cursor, the body or the host.",
    401: "Nobody is signed in, and no token is given.",
    403: "The role of who asks does not permit it.",
    404: "There is no such thing; the message names what there is.",
    406: "No format that the caller accepts.",
    422: "A parameter or the body has another shape than expected, or the question takes too long.",
    429: "Too many requests: wait as long as Retry-After says.",
    503: "No list of parties is in the lake yet, or too many streams run already.",
}
PROBLEM = {
    "type": "about:blank",
    "title": "Not Found",
    "status": 404,
    "detail": "There is no table 'flow', expected one of ['sources', 'flows', …].",
    "instance": "/api/v1/tables/flow",
}
_NAMES = {"type": "array", "items": {"type": "string"}}
MATCH: dict[str, Any] = {
    "type": "object",
    "required": ["queries"],
    "additionalProperties": False,
    "properties": {
        "queries": {
            "type": "object",
            "description": "Entities to look for, each under an id of the caller's.",
            "minProperties": 1,
            "maxProperties": 100,
            "additionalProperties": {
                "type": "object",
                "required": ["schema", "properties"],
                "properties": {
                    "id": {"type": "string", "description": "Id of the caller's own."},
                    "schema": {"type": "string", "description": "E.g. Company, Person, Vessel."},
                    "properties": {
                        "type": "object",
                        "description": "Properties of FollowTheMoney, each a list of texts.",
                        "additionalProperties": _NAMES,
                    },
                },
            },
        },
    },
    "example": {
        "queries": {
            "a": {
                "schema": "Company",
                "properties": {"name": ["ООО Туламаш"], "country": ["ru"]},
            }
        }
    },
}
_LINE = {
    "type": "object",
    "minProperties": 1,
    "description": "Fields of a line as `entrepot screen` reads them.",
    "additionalProperties": True,
}
SHIPMENT: dict[str, Any] = {
    "anyOf": [
        _LINE,
        {"type": "array", "items": _LINE, "minItems": 1, "maxItems": 1_000},
    ],
    "example": {
        "shipment_id": "S-1",
        "consignee": {"name": "Alpha Trade LLC", "country": "KG"},
        "goods": {"commodity": "854231"},
        "route": {"destination": "KG"},
    },
}
CLAIM = {
    "text": "Germany's exports to Kazakhstan rose by 32 percent in 2022.",
    "date": "2023-06-21",
    "language": "en",
}
