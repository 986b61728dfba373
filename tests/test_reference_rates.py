"""Reference rates: averages of whole periods only, in the layouts the publishers use."""

from __future__ import annotations

import zipfile
from datetime import UTC, date, datetime, timedelta

import pytest

from entrepot.errors import SourceError
from entrepot.sources.reading import no_progress, source_file
from entrepot.sources.recognise import reader_for

NOW = datetime(2026, 9, 30, tzinfo=UTC)
DAILY = "Date,USD,JPY,RUB,"  # the file has forty currencies; each line ends in a comma
EXR = (
    "KEY,FREQ,CURRENCY,CURRENCY_DENOM,EXR_TYPE,EXR_SUFFIX,TIME_PERIOD,OBS_VALUE,OBS_STATUS,"
    "OBS_CONF,OBS_PRE_BREAK,OBS_COM,TIME_FORMAT,BREAKS,COLLECTION,COMPILING_ORG,DISS_ORG,"
    "DOM_SER_IDS,PUBL_ECB,PUBL_MU,PUBL_PUBLIC,UNIT_INDEX_BASE,COMPILATION,COVERAGE,DECIMALS,"
    "NAT_TITLE,SOURCE_AGENCY,SOURCE_PUB,TITLE,TITLE_COMPL,UNIT,UNIT_MULT"
)
ERT = "DATAFLOW,LAST UPDATE,freq,statinfo,unit,currency,TIME_PERIOD,OBS_VALUE,OBS_FLAG,CONF_STATUS"


def working_days(first, last):
    days = (first + timedelta(n) for n in range((last - first).days + 1))
    return [day for day in days if day.weekday() < 5]


def quotes(first, last, usd, rub="N/A"):
    """One line a working day, newest first."""
    days = reversed(working_days(first, last))
    return [f"{day},{usd},120.5,{rub}," for day in days]


FEBRUARY = quotes(date(2022, 2, 1), date(2022, 2, 28), 1.1, 85)
MARCH = [*quotes(date(2022, 3, 2), date(2022, 3, 31), 1.2), "2022-03-01,1.2,120.5,117.2,"]
APRIL = quotes(date(2022, 4, 1), date(2022, 4, 1), 1.3)


def exr(freq, period, rate, suffix="A"):
    return (
        f"EXR.{freq}.USD.EUR.SP00.{suffix},{freq},USD,EUR,SP00,{suffix},{period},{rate},A,F,,,P1M,"
        ',A,,,,,,,99Q1=100,,,4,,4F0,,US dollar/Euro,"ECB reference exchange rate, US dollar/Euro, '
        '2.15 pm (C.E.T.)",USD,0'
    )


def ert(period, rate, *, flow="ERT_BIL_EUR_M", freq="M", statinfo="AVG", unit="NAC", cur="USD"):
    moment = "26/08/26 11:00:00"
    return f"ESTAT:{flow}(1.0),{moment},{freq},{statinfo},{unit},{cur},{period},{rate},,"


@pytest.fixture
def read(tmp_path):
    """Writes lines to a file, recognises it and reads it: rates by currency, and what was left."""

    def write_and_read(*lines, packed=False):
        text = "\r\n".join(lines) + "\r\n"
        path = tmp_path / ("rates.zip" if packed else "rates.csv")
        if packed:
            with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
                archive.writestr("eurofxref-hist.csv", text)
        else:
            path.write_text(text, newline="")
        reader = reader_for(path)
        assert reader is not None
        reading = reader(source_file(path, NOW), tmp_path, no_progress)
        (batch,) = reading.batches
        rows = {
            (row["freq"], row["period"].isoformat()[:7], row["currency"]): row
            for row in batch.rows.to_pylist()
        }
        return rows, dict(batch.skipped)

    return write_and_read


def test_a_month_is_the_mean_of_its_working_days(read):
    up = "2022-02-28,1.5,120.5,85,"
    rows, _ = read(DAILY, *APRIL, *MARCH, up, *FEBRUARY[1:])
    found = rows["M", "2022-02", "USD"]
    assert found["rate"] == pytest.approx((19 * 1.1 + 1.5) / 20)
    assert (found["day_count"], found["base"]) == (20, "EUR")


def test_the_newest_month_waits_until_a_later_one_begins(read):
    rows, skipped = read(DAILY, *APRIL, *MARCH, *FEBRUARY)
    assert {month for _, month, _ in rows} == {"2022-02", "2022-03"}
    assert skipped["a day of a month that is not there in full"] == 1
    rows, _ = read(DAILY, *MARCH, *FEBRUARY)
    assert {month for _, month, _ in rows} == {"2022-02"}


def test_a_first_month_that_is_cut_off_has_no_average(read):
    rows, skipped = read(DAILY, *APRIL, *MARCH, *FEBRUARY[:16])  # the last sixteen of twenty days
    assert {month for _, month, _ in rows} == {"2022-03"}
    assert skipped["a day of a month that is not there in full"] == 17


def test_days_on_which_the_banks_were_closed_do_not_cut_a_month_off(read):
    december = quotes(date(2001, 12, 3), date(2001, 12, 24), 0.9)
    december = [*quotes(date(2001, 12, 27), date(2001, 12, 28), 0.9), *december]  # 25, 26, 31 shut
    rows, _ = read(DAILY, "2002-01-02,0.9,120,N/A,", *december)
    assert rows["M", "2001-12", "USD"]["day_count"] == 18


def test_one_last_day_of_the_rouble_is_no_average_of_its_month(read):
    rows, skipped = read(DAILY, *APRIL, *MARCH, *FEBRUARY)
    assert ("M", "2022-02", "RUB") in rows
    assert ("M", "2022-03", "RUB") not in rows
    assert skipped["a month of a currency quoted on some days only"] == 1


def test_the_zip_holds_the_same_rates_as_the_file(read):
    lines = (DAILY, *APRIL, *MARCH, *FEBRUARY)
    plain, packed = (read(*lines, packed=packed)[0] for packed in (False, True))
    without_source = [
        {key: {n: v for n, v in row.items() if n != "source_id"} for key, row in found.items()}
        for found in (plain, packed)
    ]
    assert without_source[0] == without_source[1]


def test_averages_of_the_ecb_and_no_last_days_are_read(read):
    rows, skipped = read(EXR, exr("M", "2022-02", 1.1342), exr("M", "2022-02", 1.1199, "E"))
    assert [row["rate"] for row in rows.values()] == [1.1342]
    assert skipped == {"no average against the euro": 1}


def test_averages_of_eurostat_by_month_and_year_are_read(read):
    rows, skipped = read(
        ERT,
        ert("2022-02", 1.1342),
        ert("2022-02", 1.1199, statinfo="END"),
        ert("2022", 1.053, flow="ERT_BIL_EUR_A", freq="A"),
        ert("1995-01", "", cur="RSD"),
    )
    assert {key: row["rate"] for key, row in rows.items()} == {
        ("M", "2022-02", "USD"): 1.1342,
        ("A", "2022-01", "USD"): 1.053,
    }
    assert skipped == {"no average against the euro": 2}


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ((DAILY, *FEBRUARY), "no whole month between 2022-02-01 and 2022-02-28"),
        ((DAILY, *APRIL, *FEBRUARY, FEBRUARY[0]), "each day once"),
        ((DAILY, "2022-03-01,-1,120,N/A,", *FEBRUARY), "zero or less"),
        ((EXR, exr("M", "2022-02", 0)), "zero or less"),
        ((EXR, exr("M", "2022", 1.05)), "months as years or years as months"),
        ((EXR, exr("M", "2022-13", 1.05)), "TIME_PERIOD is '2022-13'"),
        ((EXR, exr("D", "2022-02-03", 1.05)), "no average of a month or year"),
        ((ERT, ert("1993-01", 1.95, flow="ERT_H_EUR_M", cur="DEM")), "DATAFLOW is 'ESTAT:ERT_H"),
        ((ERT, ert("2022-02", 1.1, unit="NAT")), "unit is 'NAT'"),
        ((ERT, ert("2022-02", 1.1, statinfo="AVG_X")), "statinfo is 'AVG_X'"),
    ],
)
def test_what_is_no_average_against_the_euro_is_refused_with_its_reason(read, lines, message):
    with pytest.raises(SourceError, match=message):
        read(*lines)
