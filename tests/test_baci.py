"""BACI becomes yearly estimates in dollars and kilograms, and nobody's declaration."""

from __future__ import annotations

import gzip
import io
import zipfile
from collections import Counter
from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from entrepot.codes.comtrade import comtrade_area
from entrepot.errors import SourceError
from entrepot.lake import open_lake
from entrepot.sources import baci
from entrepot.sources.baci import read_baci
from entrepot.sources.baci_file import looks_like_baci
from entrepot.sources.ingest import ingest
from entrepot.sources.reading import no_progress, source_file
from entrepot.tables import FLOWS, SOURCES

NOW = datetime(2024, 3, 20, tzinfo=UTC)
NAME = "BACI_HS17_Y2022_V202401b.csv"
HEADER = "t,i,j,k,v,q"
# German cars to Kyrgyzstan in 2022: 1,234.567 thousand dollars and 98.7 tons, padded as published.
CARS = "2022,276,417,870323,     1234.567,       98.700"


def text_of(*lines, header=HEADER):
    return "\n".join([header, *lines]) + "\n"


def read(path):
    """All rows of a file as dictionaries without their source, and what was skipped."""
    workspace = path.parent / "workspace"
    workspace.mkdir(exist_ok=True)
    rows: list[dict[str, object]] = []
    skipped: Counter[str] = Counter()
    for batch in read_baci(source_file(path, NOW), workspace, no_progress).batches:
        rows += batch.rows.drop_columns(["source_id"]).to_pylist()
        skipped.update(batch.skipped)
    assert list(workspace.iterdir()) == []
    return rows, dict(skipped)


def archive(path, **members):
    """The publisher's zip, as it lists countries and products beside the years."""
    beside = {
        "country_codes_V202401b.csv": "country_code,country_name\n276,Germany\n",
        "product_codes_HS17_V202401b.csv": "code,description\n870323,Cars\n",
        "Readme.txt": "Name of the dataset : BACI",
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, text in (beside | members).items():
            file.writestr(name, text)
    return path


@pytest.fixture
def read_lines(tmp_path):
    def write_and_read(*lines, name=NAME, header=HEADER):
        path = tmp_path / name
        path.write_text(text_of(*lines, header=header))
        return read(path)

    return write_and_read


def test_a_line_is_an_estimate_of_exports_in_dollars_and_kilograms(read_lines):
    ((row,), skipped) = read_lines(CARS)
    assert row.pop("value") == pytest.approx(1_234_567)
    assert row.pop("net_weight_kg") == pytest.approx(98_700)
    assert row == {
        "dataset": "baci",
        "freq": "A",
        "period": date(2022, 1, 1),
        "reporter": "DE",
        "partner": "KG",
        "partner2": "_T",
        "flow": "X",
        "classification": "H5",
        "commodity": "870323",
        "customs_procedure": "_T",
        "currency": "USD",
        "valuation": "FOB",
        "quantity": None,
        "quantity_unit": None,
        "obs_status": "E",
    }
    assert skipped == {}


@pytest.mark.parametrize("quantity", ["NA", "           NA", "", "      "])
def test_a_quantity_that_is_not_available_is_open(read_lines, quantity):
    ((row,), _) = read_lines(f"2022,276,417,870323,1.000,{quantity}")
    assert (row["value"], row["net_weight_kg"]) == (1000.0, None)


def test_a_lost_zero_is_put_back(read_lines):
    rows, _ = read_lines(
        "2022,276,417,10121,1,1", "2022,276,417,080211,1,1", "2022,276,4,9999AA,1,"
    )
    assert [row["commodity"] for row in rows] == ["010121", "080211", "9999AA"]


def test_areas_are_numbered_as_in_comtrade(read_lines):
    codes = {
        "251": "FR",
        "757": "CH",
        "842": "US",
        "699": "IN",
        "490": "TW",
        "579": "NO",
        "4": "AF",
    }
    rows, _ = read_lines(*(f"2022,276,{code},870323,1,1" for code in codes))
    assert [row["partner"] for row in rows] == list(codes.values())
    former = ("58", "697", "711", "736", "849", "891")  # in CEPII's list, and no country now
    assert {comtrade_area(code).area for code in former} == {"_X", "UM"}


def test_what_is_no_country_is_summed_or_counted(read_lines):
    rows, skipped = read_lines(
        *("2022,276,697,870323,1,1", "2022,276,891,870323,2,NA", "2022,891,276,870323,4,1"),
        "2022,276,417,870323,0.000,1",
    )
    assert [(r["reporter"], r["partner"], r["value"], r["net_weight_kg"]) for r in rows] == [
        ("DE", "_X", 3000.0, None)
    ]
    assert skipped == {
        "exporter is not specified or a country that is no more": 1,
        "summed with another line of the same key": 1,
        "zero value": 1,
    }


def test_gzip_and_the_name_are_all_that_is_needed(tmp_path):
    path = tmp_path / f"{NAME}.gz"
    path.write_bytes(gzip.compress(text_of(CARS).encode()))
    assert looks_like_baci(path)
    assert len(read(path)[0]) == 1


def test_the_publishers_zip_holds_years_and_lists(tmp_path):
    years = {
        f"BACI_HS17_V202401b/BACI_HS17_Y{year}_V202401b.csv": text_of(f"{year},276,417,870323,1,1")
        for year in (2017, 2022)
    }
    path = archive(tmp_path / "BACI_HS17_V202401b.zip", **years)
    assert looks_like_baci(path)
    rows, _ = read(path)
    assert [row["period"] for row in rows] == [date(2017, 1, 1), date(2022, 1, 1)]
    with open_lake(tmp_path / "lake") as lake:
        (result,) = ingest(lake, [path], retrieved_at=NOW)
        (source,) = lake.table(SOURCES).collect().rows(named=True)
        assert lake.table(FLOWS).collect().shape[0] == 2
    assert (result.dataset, result.reader, result.row_count) == ("baci", "baci", 2)
    assert (source["vintage"], source["publisher"]) == ("2024-01b", "CEPII, BACI")


def test_a_corrected_version_is_newer_than_the_one_it_corrects(tmp_path):
    vintages = []
    for version in ("202401", "202401b", "202501"):
        path = tmp_path / NAME.replace("202401b", version)
        path.write_text(text_of(CARS))
        vintages.append(read_baci(source_file(path, NOW), tmp_path, no_progress).vintage)
    assert vintages == ["2024-01", "2024-01b", "2025-01"]
    assert vintages == sorted(vintages)


BROKEN = {
    "another year": ("2021,276,417,870323,1,1", "t is '2021', expected '2022' as in the file's"),
    "unknown exporter": ("2022,999,417,870323,1,1", "i is '999', expected a number of codes/comtr"),
    "unknown importer": ("2022,276,DE,870323,1,1", "j is 'DE', expected a number of codes/comtrad"),
    "heading": ("2022,276,417,8703,1,1", "k is '8703', expected six digits, five where a leading"),
    "no value": ("2022,276,417,870323,NA,1", "v is 'NA', expected a number, zero or more"),
    "negative": ("2022,276,417,870323,-1,1", "v is '-1', expected a number, zero or more"),
    "no weight": ("2022,276,417,870323,1,some", "q is 'some', expected a number, zero or more, NA"),
    "said twice": (CARS, "i '276', j '417', k '870323' stands in line 2 already, expected once"),
}


@pytest.mark.parametrize(("broken", "message"), BROKEN.values(), ids=BROKEN)
def test_a_line_that_cannot_be_is_refused_by_number(read_lines, broken, message):
    with pytest.raises(SourceError) as error:
        read_lines(CARS, broken)
    assert str(error.value).startswith(f"{NAME}, line 3: {message}")


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("baci2022.csv", "no name of BACI, expected one like 'BACI_HS17_Y2022_V202401b.csv'. Keep"),
        ("BACI_HS18_Y2022_V202401b.csv", "no name of BACI"),
        ("BACI_HS17_Y2025_V202401b.csv", "is 2025, expected none after 2024"),
    ],
)
def test_edition_year_and_version_stand_nowhere_but_in_the_name(read_lines, name, message):
    with pytest.raises(SourceError) as error:
        read_lines(CARS, name=name)
    assert message in str(error.value)


def test_a_changed_or_damaged_file_is_refused(tmp_path, read_lines):
    with pytest.raises(SourceError, match=r"header is \['t', 'k', 'i', 'j', 'v', 'q'\], expected"):
        read_lines(CARS, header="t,k,i,j,v,q")
    with pytest.raises(SourceError, match="holds a header and no line, expected a year of trade"):
        read_lines()
    with pytest.raises(SourceError, match="Expected 6 columns in every line"):
        read_lines(CARS, "2022,276,417")
    path = archive(tmp_path / "cut.zip", **{NAME: text_of(CARS)})
    whole = path.read_bytes()
    path.write_bytes(whole[:-30])
    assert looks_like_baci(path)
    with pytest.raises(SourceError, match=r"cut.zip: not a whole zip archive"):
        read(path)
    path.write_bytes(whole.replace(b"Readme.txt", b"Guess.xlsx"))
    with pytest.raises(SourceError, match=r"cut.zip: 'Guess.xlsx' is no name of BACI"):
        read(path)
    archive(path, **{NAME: text_of(CARS), NAME.replace("HS17", "HS92"): text_of(CARS)})
    with pytest.raises(SourceError, match=r"expected years of one edition of the HS and one vers"):
        read(path)


def test_a_workbook_is_no_baci_though_it_is_a_zip(tmp_path):
    path = tmp_path / "book.xlsx"
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        file.writestr("[Content_Types].xml", "<Types/>")
    path.write_bytes(buffer.getvalue())
    assert not looks_like_baci(path)


@settings(max_examples=20)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["276", "251", "490", "891"]),
            st.sampled_from(["417", "398", "697", "58"]),
            st.sampled_from(["870323", "080211"]),
            st.integers(0, 10**9),
        ),
        unique_by=lambda line: line[:3],
        min_size=1,
    ),
    st.integers(1, 4),
)
def test_no_dollar_is_lost_whatever_the_batches(tmp_path_factory, lines, size):
    """A law: rows and what is counted out add up to the file, in batches of any size."""
    folder = tmp_path_factory.mktemp("baci")
    text = text_of(*(f"2022,{i},{j},{k},{v / 1000:.3f},NA" for i, j, k, v in lines))
    (folder / NAME).write_text(text)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(baci, "_BATCH_LINES", size)
        rows, skipped = read(folder / NAME)
    assert sum(row["value"] for row in rows) == pytest.approx(
        sum(v for i, _, _, v in lines if i != "891")
    )
    assert len(rows) + sum(skipped.values()) == len(lines)
    assert {row["obs_status"] for row in rows} <= {"E"}
