"""Lists of parties in their publishers' layouts: what is read, and what is refused."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from entrepot.errors import SourceError
from entrepot.sources.reading import Reading, no_progress, source_file
from entrepot.sources.recognise import reader_for

LISTS = Path(__file__).parent / "data" / "lists"
MOMENT = datetime(2026, 10, 1, tzinfo=UTC)


def reading_of(path: Path) -> Reading:
    read = reader_for(path)
    assert read is not None, f"{path.name} is not recognised"
    return read(source_file(path, MOMENT), path.parent, no_progress)


def rows_of(path: Path) -> list[dict[str, object]]:
    return [row for batch in reading_of(path).batches for row in batch.rows.to_pylist()]


def said(name: str, party: str) -> dict[str, list[object]]:
    found: dict[str, list[object]] = {}
    for row in rows_of(LISTS / name):
        if row["entity_id"] == party:
            found.setdefault(str(row["prop"]), []).append(row["value"])
    return found


def test_every_layout_is_told_by_its_content():
    found = {path.name: reading_of(path) for path in sorted(LISTS.iterdir())}
    assert {name: (each.reader, each.dataset, each.vintage) for name, each in found.items()} == {
        "32014R0833.csv": ("eu_journal", "eu-journal-32014R0833", "2026-10-01"),
        "add_2023-01-15.csv": ("ofac_sdn_add", "ofac-sdn", "2023-01-15"),
        "alt_2023-01-15.csv": ("ofac_sdn_alt", "ofac-sdn", "2023-01-15"),
        "consolidated.json": ("csl", "us-csl", "2024-05-03"),
        "entities_2024-05-03.ftm.json": ("opensanctions_json", "opensanctions", "2024-05-03"),
        "fsf.csv": ("eu_fsf_csv", "eu-fsf", "2026-08-05"),
        "fsf.xml": ("eu_fsf", "eu-fsf", "2024-03-01"),
        "house-list_2024-02-01.csv": ("own_parties", "house-list", "2024-02-01"),
        "ofsi.csv": ("uk_sanctions_ofsi", "uk-ofsi", "2025-06-03"),
        "sdn.xml": ("ofac_xml", "ofac-sdn", "2024-05-03"),
        "sdn_2023-01-15.csv": ("ofac_sdn", "ofac-sdn", "2023-01-15"),
        "sdn_2024-01-15.csv": ("ofac_sdn", "ofac-sdn", "2024-01-15"),
        "targets.simple.csv": ("opensanctions_csv", "opensanctions", "2026-10-01"),
        "uk.csv": ("uk_sanctions", "uk-sanctions", "2026-10-02"),
        "un.xml": ("un_sc", "un-sc", "2026-02-27"),
    }


def test_remarks_of_a_company_give_its_numbers_by_register():
    company = said("sdn_2023-01-15.csv", "ofac-101")
    assert company["innCode"] == ["7704730655"]
    assert company["ogrnCode"] == ["1027800000084"]
    assert company["weakAlias"] == ["ALMASH"]  # OFAC keeps its weak names in remarks
    assert company["incorporationDate"] == ["2004-05-12"]
    assert company["unknownLinkTo"] == ["BETA HOLDING"]


def test_remarks_of_a_person_give_dates_countries_and_keep_what_they_do_not_explain():
    person = said("sdn_2023-01-15.csv", "ofac-102")
    assert person["name"] == ["Ivan Petrovich IVANOV"]
    assert person["birthDate"] == ["1938-05-03", "1939"]
    assert person["nationality"] == ["ru", "kp"]
    assert person["passportNumber"] == ["645720381"]
    assert person["program"] == ["RUSSIA-EO14024", "SDGT"]
    assert person["notes"] == ["Likes 'tea' at noon"]


def test_a_cleaned_value_keeps_the_words_of_the_list():
    rows = rows_of(LISTS / "sdn_2023-01-15.csv")
    kept = {(row["prop"], row["value"]): row["original_value"] for row in rows}
    assert kept["name", "Ivan Petrovich IVANOV"] == "IVANOV, Ivan Petrovich"
    assert kept["birthDate", "1939"] == "alt. DOB circa 1939"
    assert kept["innCode", "7704730655"] == "Tax ID No. 7704730655 (Russia)"


def test_a_ship_is_known_by_its_imo_number_on_every_list():
    assert said("sdn_2023-01-15.csv", "ofac-103")["imoNumber"] == ["IMO7406784"]
    rows = rows_of(LISTS / "32014R0833.csv")
    assert ("imoNumber", "IMO7406784") in {(row["prop"], row["value"]) for row in rows}


def test_other_names_and_addresses_of_ofac_stand_in_files_of_their_own():
    assert said("alt_2023-01-15.csv", "ofac-101") == {
        "alias": ["ALPHA MACHINE PLANT"],
        "previousName": ["ZAVOD 17"],
    }
    assert said("add_2023-01-15.csv", "ofac-101") == {
        "address": ["1 Lenina Street, Moscow 101000, Russia"],
        "country": ["ru"],
    }


def test_the_xml_of_ofac_names_the_same_parties_as_its_csv():
    company = said("sdn.xml", "ofac-101")
    assert company["innCode"] == ["7704730655"]
    assert (company["alias"], company["weakAlias"]) == (["ALPHA MACHINE PLANT"], ["ALMASH"])
    assert said("sdn.xml", "ofac-102")["name"] == ["Ivan Petrovich IVANOV"]


def test_the_un_list_tells_good_and_low_names_and_years_between():
    person = said("un.xml", "un-11")
    assert person["name"] == ["JOHN EXAMPLE"]
    assert person["weakAlias"] == ["Johnny"]
    assert person["alias"] == ["جون مثال"]
    assert person["birthDate"] == ["1970", "1973"]
    assert said("un.xml", "un-12")["previousName"] == ["OLD FRONT"]


def test_the_eu_list_is_the_same_as_xml_and_as_csv():
    xml, table = said("fsf.xml", "eu-13"), said("fsf.csv", "eu-13")
    for prop in ("taxNumber", "country", "program"):
        assert xml[prop] == table[prop], prop
    assert xml["name"] == table["name"] == ["Alfa Mashzavod"]
    assert xml["alias"] == table["alias"] == ["АЛЬФА"]
    assert xml["weakAlias"] == ["Almash"]
    (day,) = {row["listing_date"] for row in rows_of(LISTS / "fsf.csv")}
    assert day == date(2022, 2, 28)


def test_a_value_with_a_semicolon_stays_whole_in_the_official_journal():
    rows = rows_of(LISTS / "32014R0833.csv")
    aliases = {row["value"] for row in rows if row["prop"] == "alias"}
    assert aliases == {"ОАО «Альфа»", "Alfa; Holding"}
    (inn,) = [row for row in rows if row["prop"] == "innCode"]
    assert (inn["value"], inn["listing_date"]) == ("7704730655", date(2014, 9, 12))


def test_the_uk_lists_gather_the_lines_of_one_party():
    company = said("uk.csv", "uk-RUS0001")
    assert company["name"] == ["ALFA MASHZAVOD"]
    assert (company["alias"], company["weakAlias"]) == (["АЛЬФА"], ["ALMASH"])
    assert company["registrationNumber"] == ["7704730655", "1027800000084"]
    person = said("ofsi.csv", "uk-14233")
    assert (person["name"], person["alias"]) == (["John DOE"], ["Jon DOE"])
    assert (person["birthDate"], person["nationality"]) == (["1975"], ["sy"])


def test_the_screening_list_keeps_its_source_and_start():
    rows = rows_of(LISTS / "consolidated.json")
    assert {row["listing_date"] for row in rows} == {date(2022, 3, 3)}
    assert {row["program_id"] for row in rows} == {
        "Entity List (EL) - Bureau of Industry and Security"
    }


def test_days_of_collection_of_opensanctions_are_no_days_of_listing():
    rows = rows_of(LISTS / "entities_2024-05-03.ftm.json")
    assert {row["entity_id"] for row in rows} == {"NK-1", "NK-2"}
    assert {row["listing_date"] for row in rows} == {None}


@pytest.mark.parametrize("name", ["sdn_2023-01-15.csv", "alt_2023-01-15.csv", "un.xml", "fsf.xml"])
def test_a_list_that_is_cut_short_is_refused(tmp_path, name):
    whole = (LISTS / name).read_bytes()
    cut = tmp_path / name
    cut.write_bytes(whole[: int(len(whole) * 0.8)])
    with pytest.raises(SourceError, match=r"cut short"):
        rows_of(cut)


def test_a_list_with_a_document_type_is_refused(tmp_path):
    bomb = tmp_path / "un.xml"
    text = (LISTS / "un.xml").read_text("utf-8")
    bomb.write_text(text.replace("<CONSOL", '<!DOCTYPE x [<!ENTITY a "b">]>\n<CONSOL', 1), "utf-8")
    with pytest.raises(SourceError, match="document type"):
        rows_of(bomb)


@pytest.mark.parametrize(
    ("name", "old", "new", "words"),
    [
        ("sdn_2023-01-15.csv", '"vessel"', '"submarine"', "SDN_Type is 'submarine'"),
        ("un.xml", "<QUALITY>Low", "<QUALITY>Odd", "QUALITY is 'Odd'"),
        ("un.xml", "VERSIONNUM>", "NEWFIELD>", "holds 'NEWFIELD'"),
        ("fsf.xml", "fiscalcode", "newcode", "identification type is 'newcode'"),
        ("32014R0833.csv", "12.9.2014", "soon", "startDate is 'soon'"),
        ("uk.csv", "Alias,Low", "Nick,Low", "Name type is 'Nick'"),
        ("entities_2024-05-03.ftm.json", '"Company"', '"Cartel"', "schema is 'Cartel'"),
        ("consolidated.json", '"remarks"', '"novelty"', r"unknown fields \['novelty'\]"),
        ("house-list_2024-02-01.csv", ",innCode", ",inn", "column 'inn' is unknown"),
        ("house-list_2024-02-01.csv", "2023-05-01", "1 of May", "listing_date is '1 of May'"),
    ],
)
def test_what_nobody_knows_stops_the_reading(tmp_path, name, old, new, words):
    encoding = "latin-1" if name.startswith("sdn") else "utf-8"
    text = (LISTS / name).read_bytes().decode(encoding)
    assert old in text
    changed = tmp_path / name
    changed.write_bytes(text.replace(old, new).encode(encoding))
    with pytest.raises(SourceError, match=words):
        rows_of(changed)


def test_a_party_that_stands_there_twice_is_refused(tmp_path):
    twice = tmp_path / "own.csv"
    twice.write_text("party_id,schema,name\n1,Person,A B\n1,Person,A B\n", "utf-8")
    with pytest.raises(SourceError, match="twice"):
        rows_of(twice)


def test_words_that_are_no_country_are_kept_and_counted(tmp_path):
    own = tmp_path / "own.csv"
    own.write_text("party_id,schema,name,country\n1,Company,A,Atlantis\n", "utf-8")
    (batch,) = list(reading_of(own).batches)
    assert batch.skipped == {"country kept in words": 1}
    assert "Atlantis" in batch.rows["value"].to_pylist()


@pytest.mark.parametrize(
    ("name", "parties"),
    [
        ("ofac-sdn/sdn_2021-12-30.csv", None),
        ("ofac-sdn/sdn_2024-05-03.csv", 14965),
        ("un-sc/UN_consolidated.xml", 1003),
        ("eu-entities/32014R0269.csv", 2802),
        ("eu-entities/32014R0833.csv", 1746),
    ],
)
def test_public_lists_are_read_whole(shared, name, parties):
    rows = rows_of(shared / "data" / name)
    keys = [(row["entity_id"], row["prop"], row["value"]) for row in rows]
    assert len(set(keys)) == len(keys)
    names = {row["entity_id"] for row in rows if row["prop"] == "name"}
    assert len(names) == (parties or len({row["entity_id"] for row in rows}))
