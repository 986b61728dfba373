"""One goods line of one consignment: who takes part, what it is, how it goes, on which terms.

Every field may be open; a check that needs an open field says so and clears nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

ROLES = (
    *("exporter", "seller", "consignor", "consignee", "buyer", "end_user", "notify_party"),
    *("intermediary", "freight_forwarder", "carrier", "bank"),
)
# Whom the goods go to, or who stands between.
TAKERS = ("consignee", "buyer", "end_user", "notify_party", "intermediary")


@dataclass(frozen=True, slots=True)
class Owner:
    """Who holds a share of a party.

    Args:
        name: The owner.
        share: Fraction held, 0 to 1; open where not said.
    """

    name: str
    share: float | None = None


@dataclass(frozen=True, slots=True)
class Party:
    """Somebody who takes part in a consignment.

    Args:
        role: One of ``ROLES``.
        name: Name as on the papers.
        name_original: Name in its own script.
        aliases: Other names.
        address: Address in one line.
        country: Country of the address or seat, ISO 3166-1 alpha-2.
        registration_number: Number in its register of companies: OGRN, HRB …
        tax_id: Tax number: INN, VAT …
        lei: Legal Entity Identifier.
        imo: IMO number, of a carrier or ship-owner.
        bic: Business identifier code, of a bank.
        incorporated_on: Day of incorporation.
        website: Its site.
        email: Its address for mail.
        phone: Its telephone.
        business_activity: What it does, as said or by NACE code.
        owners: Who holds shares of it.
    """

    role: str
    name: str
    name_original: str | None = None
    aliases: tuple[str, ...] = ()
    address: str | None = None
    country: str | None = None
    registration_number: str | None = None
    tax_id: str | None = None
    lei: str | None = None
    imo: str | None = None
    bic: str | None = None
    incorporated_on: date | None = None
    website: str | None = None
    email: str | None = None
    phone: str | None = None
    business_activity: str | None = None
    owners: tuple[Owner, ...] | None = None


@dataclass(frozen=True, slots=True)
class Goods:
    """What one line ships.

    Args:
        commodity: HS or CN code, digits only, zero-padded.
        classification: Edition the code is meant in; open where not said.
        description: Words of the papers.
        manufacturer: Who made it.
        part_number: The maker's number.
        serial_number: Number of the piece.
        quantity: In ``unit``.
        unit: Unit of the quantity.
        net_mass_kg: Net mass, kg.
        value: Statistical or invoice value, in ``currency``.
        currency: ISO 4217.
        origin: Country of origin, ISO 3166-1 alpha-2.
        dual_use_code: Entry of Annex I of Regulation (EU) 2021/821 the exporter found to apply.
        eccn: Export control classification number of the US.
    """

    commodity: str | None = None
    classification: str | None = None
    description: str | None = None
    manufacturer: str | None = None
    part_number: str | None = None
    serial_number: str | None = None
    quantity: float | None = None
    unit: str | None = None
    net_mass_kg: float | None = None
    value: float | None = None
    currency: str | None = None
    origin: str | None = None
    dual_use_code: str | None = None
    eccn: str | None = None


@dataclass(frozen=True, slots=True)
class Route:
    """How it goes.

    Args:
        mode: Mode of transport: sea, air, road, rail, post.
        export_country: Country it leaves, ISO 3166-1 alpha-2.
        loading_port: Where it is loaded.
        transit_countries: Countries it passes, in order; open where not said, empty for none.
        transhipment_ports: Ports where it changes ships.
        destination: Country of destination.
        final_destination: Country it is meant for in the end.
        changed_on: Day on which the route was changed.
        vessel_name: The ship.
        imo: Its IMO number.
        flag: Its flag, ISO 3166-1 alpha-2.
        containers: Container numbers.
    """

    mode: str | None = None
    export_country: str | None = None
    loading_port: str | None = None
    transit_countries: tuple[str, ...] | None = None
    transhipment_ports: tuple[str, ...] | None = None
    destination: str | None = None
    final_destination: str | None = None
    changed_on: date | None = None
    vessel_name: str | None = None
    imo: str | None = None
    flag: str | None = None
    containers: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Terms:
    """On which terms: contract, end use, payment, papers.

    Args:
        contract_date: Day the contract was concluded.
        no_russia_clause: Whether it forbids re-export to Russia.
        no_belarus_clause: Whether it forbids re-export to Belarus.
        has_remedies: Whether the clause says what follows a breach.
        is_public: Whether the contract is with a public body.
        transfers_know_how: Whether it hands over intellectual property or trade secrets.
        risk_assessed_on: Day of the exporter's own risk assessment for these goods and country.
        end_use: What the goods are for, as stated.
        end_use_country: Where they are used, ISO 3166-1 alpha-2.
        end_use_certificate_on: Day of the end-use certificate.
        end_use_signed_by: Who signed it.
        payer: Who pays.
        payer_country: From where, ISO 3166-1 alpha-2.
        payment_method: transfer, letter of credit, cash, crypto …
        payment_currency: ISO 4217.
        documents: Code and reference of each paper.
    """

    contract_date: date | None = None
    no_russia_clause: bool | None = None
    no_belarus_clause: bool | None = None
    has_remedies: bool | None = None
    is_public: bool | None = None
    transfers_know_how: bool | None = None
    risk_assessed_on: date | None = None
    end_use: str | None = None
    end_use_country: str | None = None
    end_use_certificate_on: date | None = None
    end_use_signed_by: str | None = None
    payer: str | None = None
    payer_country: str | None = None
    payment_method: str | None = None
    payment_currency: str | None = None
    documents: tuple[tuple[str, str], ...] | None = None


@dataclass(frozen=True, slots=True)
class Unread:
    """A value of the file that could not be read.

    Args:
        field: Our name of the field, or the file's where it is unknown.
        value: The value, cut at 200 characters.
        reason: Why, and what was expected.
    """

    field: str
    value: str
    reason: str


@dataclass(frozen=True, slots=True)
class Shipment:
    """One goods line of one consignment.

    Args:
        source_id: The file it came from.
        row: Line of the file, or number of the record, from 1.
        shipment_id: The consignment.
        line: Goods line within it.
        declared_on: Day of the declaration; checks hold as of it, or of the day asked for.
        direction: ``export``, ``import`` or ``transit``.
        incoterm: Three letters.
        parties: Who takes part.
        goods: What it is.
        route: How it goes.
        terms: On which terms.
        unread: What could not be read.
        extra: Columns of the file that are no field of ours, as they stood.
    """

    source_id: str
    row: int
    shipment_id: str
    line: int = 1
    declared_on: date | None = None
    direction: str | None = None
    incoterm: str | None = None
    parties: tuple[Party, ...] = ()
    goods: Goods = Goods()
    route: Route = Route()
    terms: Terms = Terms()
    unread: tuple[Unread, ...] = ()
    extra: Mapping[str, str] = field(default_factory=dict)

    def ends(self) -> tuple[str, ...]:
        """Countries in which the line may let the goods end, the destination first.

        Example:
            >>> user = Party("end_user", "Alpha LLC", country="KZ")
            >>> Shipment("", 1, "S", parties=(user,), route=Route(destination="LT")).ends()
            ('LT', 'KZ')
        """
        said = (
            self.route.destination,
            self.route.final_destination,
            self.terms.end_use_country,
            *(party.country for party in self.in_role("end_user", "consignee")),
        )
        return tuple(dict.fromkeys(country for country in said if country))

    def in_role(self, *roles: str) -> tuple[Party, ...]:
        """Who takes part in one of some roles.

        Args:
            roles: Of ``ROLES``.

        Example:
            >>> buyer = Party("buyer", "Alpha LLC")
            >>> Shipment("0" * 16, 1, "S-1", parties=(buyer,)).in_role("buyer", "end_user")[0].name
            'Alpha LLC'
        """
        return tuple(party for party in self.parties if party.role in roles)
