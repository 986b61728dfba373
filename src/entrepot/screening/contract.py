"""What the contract must say: clauses against re-export, know-how, risk assessment, end use."""

from __future__ import annotations

from datetime import date

from entrepot.codes.clauses import Clause, clauses
from entrepot.codes.groupings import members
from entrepot.screening.check import Answer, Check, Known, Result, Severity, not_assessed
from entrepot.screening.commodity import is_spared
from entrepot.screening.shipment import Shipment

_SAME_NAMES = ("consignee", "end_user", "buyer")


def no_russia_clause(shipment: Shipment, known: Known) -> Result:
    """C1: whether the contract forbids re-export to Russia where the act demands it.

    Args:
        shipment: The line.
        known: Lists as of the day.
    """
    return _clause("C1", "no_russia", shipment, known)


def no_belarus_clause(shipment: Shipment, known: Known) -> Result:
    """C2: whether the contract forbids re-export to Belarus where the act demands it.

    Args:
        shipment: The line.
        known: Lists as of the day.
    """
    return _clause("C2", "no_belarus", shipment, known)


def _clause(check: str, name: str, shipment: Shipment, known: Known) -> Result:
    """Whether a clause is demanded, and whether it is there."""
    clause, terms = clauses()[name], shipment.terms
    fields = ["route.destination", "goods.commodity", f"terms.{name}_clause"]
    free = _is_free(clause, shipment, known)
    if free is not None:
        return Result(check, "clear", "block", free, tuple(fields), (_cited(clause),))
    missing = _missing(shipment, known)
    if missing:
        return not_assessed(check, "block", missing)
    listed = _listed(clause, known)
    unsearched = known.unsearched(clause.annexes, shipment.goods.commodity or "")
    if not listed and unsearched:
        return not_assessed(check, "block", (f"a list of {', '.join(unsearched)}",))
    if not listed:
        words = f"Article {clause.article} of {clause.act} names no list that these goods stand on."
        return Result(check, "clear", "block", words, tuple(fields), (_cited(clause),))
    has_clause = getattr(terms, f"{name}_clause")
    if has_clause is None:
        return not_assessed(check, "block", (f"terms.{name}_clause",))
    old = _is_old(clause, terms.contract_date, known.on)
    if has_clause and terms.has_remedies is None:
        return not_assessed(check, "block", ("terms.has_remedies",))
    lacking = "" if has_clause else "no clause"
    lacking = lacking or ("" if terms.has_remedies else "a clause without remedies")
    answer: Answer = "flagged" if lacking and not old else "clear"
    words = _told(clause, lacking, listed, old)
    if (
        answer == "flagged"
        and terms.contract_date is None
        and known.on <= (clause.until or date.min)
    ):
        words += f" When it was concluded is not given; {_spared(clause)}."
    return Result(check, answer, "block", words, tuple(fields), (_cited(clause), *listed))


def _told(clause: Clause, lacking: str, listed: tuple[str, ...], old: str) -> str:
    goods = f"goods on {', '.join(listed)}"
    if not lacking:
        return f"The contract holds the clause with remedies for {goods}."
    if old:
        return f"The contract has {lacking} for {goods}; {old}."
    return (
        f"The contract has {lacking} for {goods}, which Article {clause.article} of "
        f"{clause.act} demands from {clause.applies_from}."
    )


def _is_free(clause: Clause, shipment: Shipment, known: Known) -> str | None:
    """Why the duty does not reach a line, whatever the goods; nothing where it may."""
    destination = shipment.route.destination
    if known.on < clause.applies_from:
        return f"Article {clause.article} of {clause.act} applies from {clause.applies_from}."
    # Where other countries are named for the goods' end, the declared destination frees nothing.
    if destination is not None and is_spared(shipment, known.on):
        if destination in members("EU", known.on):
            return f"The destination {destination} is in the European Union."
        return f"The destination {destination} is a partner country of Annex VIII."
    if shipment.terms.is_public:
        return "The contract is with a public body, which the article leaves out."
    return None


def _is_old(clause: Clause, concluded: date | None, on: date) -> str:
    """Why an old contract still has time; empty where it has none."""
    if clause.contracts_before is None or clause.until is None or concluded is None:
        return ""
    if concluded < clause.contracts_before and on <= clause.until:
        return _spared(clause)
    return ""


def _spared(clause: Clause) -> str:
    return f"contracts concluded before {clause.contracts_before} have until {clause.until}"


def _missing(shipment: Shipment, known: Known) -> tuple[str, ...]:
    found = []
    if shipment.route.destination is None:
        found.append("route.destination")
    if shipment.goods.commodity is None:
        found.append("goods.commodity")
    elif known.codes is None:
        found.append("a control list")
    return tuple(found)


def _listed(clause: Clause, known: Known) -> tuple[str, ...]:
    """Lists of the clause that the goods stand on."""
    wanted = clause.annexes | ({"chpl"} if "XL" in clause.annexes else frozenset())
    found = [code for code in known.codes or () if code.list_id in wanted]
    return tuple(dict.fromkeys(f"{code.list_id} {code.prefix}" for code in found))


def _cited(clause: Clause) -> str:
    return f"{clause.act}, Article {clause.article} ({clause.locator})"


def know_how(shipment: Shipment, known: Known) -> Result:
    """C3: whether know-how for high priority goods is handed over without a contract against it.

    Args:
        shipment: The line.
        known: Lists as of the day.
    """
    terms = shipment.terms
    return _duty(
        ("C3", "know_how", "block"),
        (shipment, known),
        ("terms.transfers_know_how", terms.transfers_know_how),
        (
            bool(terms.transfers_know_how) and not terms.no_russia_clause,
            "Know-how is handed over and the contract does not forbid its use for Russia",
        ),
    )


def risk_assessment(shipment: Shipment, known: Known) -> Result:
    """C4: whether the exporter's own risk assessment for these goods is there and dated.

    Args:
        shipment: The line.
        known: Lists as of the day.
    """
    done = shipment.terms.risk_assessed_on
    return _duty(
        ("C4", "risk_assessment", "note"),
        (shipment, known),
        ("terms.risk_assessed_on", done),
        (done is not None and done > known.on, "The risk assessment is dated after the shipment"),
    )


def _duty(
    check: tuple[str, str, Severity],
    line: tuple[Shipment, Known],
    given: tuple[str, object],
    fault: tuple[bool, str],
) -> Result:
    """A duty that only some goods bring with them."""
    name, duty, severity = check
    shipment, known = line
    clause, fields = clauses()[duty], ("goods.commodity", given[0])
    cited = (_cited(clause),)
    if known.on < clause.applies_from:
        words = f"Article {clause.article} of {clause.act} applies from {clause.applies_from}."
        return Result(name, "clear", severity, words, fields, cited)
    if shipment.goods.commodity is None:
        return not_assessed(name, severity, ("goods.commodity",))
    if known.codes is None:
        return not_assessed(name, severity, ("a control list",))
    unsearched = known.unsearched(clause.annexes, shipment.goods.commodity or "")
    if not _listed(clause, known) and unsearched:
        return not_assessed(name, severity, (f"a list of {', '.join(unsearched)}",))
    if not _listed(clause, known):
        words = f"The goods stand on no list of Article {clause.article}."
        return Result(name, "clear", severity, words, fields, cited)
    if given[1] is None:
        return not_assessed(name, severity, (given[0],))
    if fault[0]:
        words = f"{fault[1]}, against Article {clause.article} of {clause.act}."
        return Result(name, "flagged", severity, words, fields, cited)
    words = f"Article {clause.article} of {clause.act} is met as far as {given[0]} says."
    return Result(name, "clear", severity, words, fields, cited)


def end_use_certificate(shipment: Shipment, known: Known) -> Result:
    """C5: whether an end-use certificate is there, of this year and signed by who takes the goods.

    Args:
        shipment: The line.
        known: The day and the policy.
    """
    terms = shipment.terms
    given = {
        "terms.end_use_certificate_on": terms.end_use_certificate_on,
        "terms.end_use_signed_by": terms.end_use_signed_by,
    }
    missing = tuple(name for name, value in given.items() if value is None)
    if terms.end_use_certificate_on is None or terms.end_use_signed_by is None:
        return not_assessed("C5", "review", missing)
    age = (known.on - terms.end_use_certificate_on).days
    faults = []
    if age > known.policy.certificate_days:
        faults.append(
            f"the certificate is {age} days old, more than {known.policy.certificate_days}"
        )
    if age < 0:
        faults.append("the certificate is dated after the shipment")
    takers = shipment.in_role(*_SAME_NAMES)
    signed = terms.end_use_signed_by.casefold()
    if takers and not any(_names(party.name.casefold(), signed) for party in takers):
        faults.append(f"it is signed by {terms.end_use_signed_by!r}, who takes no goods here")
    words = f"End-use certificate of {terms.end_use_certificate_on}: "
    answer: Answer = "flagged" if faults else "clear"
    words += "; ".join(faults) or "of age and signed by who takes the goods"
    return Result("C5", answer, "review", f"{words}.", tuple(given), ("BAFA, end-use documents",))


def _names(one: str, other: str) -> bool:
    """Whether one of two names holds the other."""
    return one in other or other in one


_ACT = "Regulation (EU) No 833/2014"
CHECKS = (
    Check(
        *("C1", 1, "Clause against re-export to Russia", f"{_ACT}, Article 12g"),
        ("route.destination", "goods.commodity", "terms.no_russia_clause", "terms.has_remedies"),
        no_russia_clause,
    ),
    Check(
        *(
            "C2",
            1,
            "Clause against re-export to Belarus",
            "Regulation (EC) No 765/2006, Article 8g",
        ),
        ("route.destination", "goods.commodity", "terms.no_belarus_clause", "terms.has_remedies"),
        no_belarus_clause,
    ),
    Check(
        *("C3", 1, "Know-how for high priority goods", f"{_ACT}, Article 12ga"),
        ("goods.commodity", "terms.transfers_know_how"),
        know_how,
    ),
    Check(
        *("C4", 1, "Own risk assessment", f"{_ACT}, Article 12gb"),
        ("goods.commodity", "terms.risk_assessed_on"),
        risk_assessment,
    ),
    Check(
        *("C5", 1, "End-use certificate", "BAFA, end-use documents"),
        ("terms.end_use_certificate_on", "terms.end_use_signed_by"),
        end_use_certificate,
    ),
)
