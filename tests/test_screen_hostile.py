"""``entrepot screen`` given files nobody should send: all lines answered, or why not in words."""

from __future__ import annotations

import json
import zipfile

import fastexcel
import pyarrow as pa
import pytest
import xlsxwriter
from click.testing import CliRunner
from pyarrow import parquet

from entrepot.cli import main
from entrepot.dossier import screen_file

HEAD = "shipment id,HS code,description,consignee,destination"
LINES = ("S1,84713000,laptops,Alpha LLC,KG", "S2,22042111,wine,Beta GmbH,KZ")
TEXT = "\n".join((HEAD, *LINES, ""))


@pytest.fixture
def screen(tmp_path):
    """Screens some bytes under a name: the exit code, what was said, lines of the answer."""

    def run(given: bytes, name: str = "s.csv"):
        path, out = tmp_path / name, tmp_path / "r.json"
        path.write_bytes(given)
        words = ["--lake", str(tmp_path / "lake"), "screen", str(path), "--as-of", "2024-06-03"]
        shown = CliRunner().invoke(main, [*words, "-o", str(out)])
        assert shown.exception is None or isinstance(shown.exception, SystemExit)
        lines = json.loads(out.read_text("utf-8"))["lines"] if out.exists() else []
        return shown.exit_code, shown.output, lines

    return run


def reasons(line):
    return " ".join(one["reason"] for one in line["unread"])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32"])
def test_every_encoding_of_unicode_reads_alike(screen, encoding):
    code, _, lines = screen(TEXT.encode(encoding))
    assert code == 0
    assert [one["shipment_id"] for one in lines] == ["S1", "S2"]


def test_a_file_of_two_encodings_loses_no_line(screen):
    rows = [f"S{row},84713000,Ноутбуки,ООО Альфа {row},KG".encode() for row in range(40)]
    rows[7] = "S7,84713000,Müller,Müller GmbH,KG".encode("latin-1")
    code, _, lines = screen(b"\n".join((HEAD.encode(), *rows)))
    assert (code, len(lines)) == (0, 40)
    assert lines[6]["unread"] == []
    assert "\ufffd" in json.dumps(lines[7], ensure_ascii=False)


@pytest.mark.parametrize(
    ("given", "name"),
    [
        (b"", "s.csv"),
        (b"\n\n\n", "s.csv"),
        (b"alpha,beta\n1,2\n", "s.csv"),
        (b"\x00" * 5_000, "s.csv"),
        (b"PK\x03\x04 and then nothing", "s.xlsx"),
        (b"", "s.xlsx"),
        (b"PAR1 and then nothing", "s.parquet"),
        (b"", "s.parquet"),
        (b"", "s.jsonl"),
        (b"[1]\n[2]\n", "s.jsonl"),
        (TEXT.encode(), "s.exe"),
    ],
)
def test_what_is_no_file_of_shipments_is_refused_in_one_sentence(screen, given, name):
    code, said, lines = screen(given, name)
    assert (code, lines) == (1, [])
    assert name in said
    assert "Traceback" not in said
    assert len(said.strip().splitlines()) <= 3


def test_a_header_alone_has_no_lines_and_is_no_error(screen):
    code, _, lines = screen(HEAD.encode())
    assert (code, lines) == (0, [])


def test_zero_bytes_inside_a_line_spoil_no_other_line(screen):
    code, _, lines = screen(TEXT.replace("laptops", "lap\x00tops").encode())
    assert code == 0
    assert [one["shipment_id"] for one in lines] == ["S1", "S2"]


def test_a_quotation_mark_never_closed_swallows_no_line_below(screen):
    rows = [HEAD, 'S0,84713000,"laptops,Alpha,KG', *(f"S{n},84713000,x,Alpha,KG" for n in range(9))]
    code, _, lines = screen("\n".join(rows).encode())
    assert (code, len(lines)) == (0, 10)
    assert "never closed" in reasons(lines[0])
    assert [one["unread"] for one in lines[1:]] == [[]] * 9


def test_two_thousand_columns_are_kept_and_only_known_ones_taken(screen):
    more = ",".join(f"column {n}" for n in range(2_000))
    values = ",".join("x" for _ in range(2_000))
    code, _, (line,) = screen(f"{HEAD},{more}\n{LINES[0]},{values}\n".encode())
    assert code == 0
    assert len(line["extra"]) == 2_000


def test_marks_of_direction_make_no_other_name(screen):
    hidden = TEXT.replace("Alpha LLC", "\u202eAl\u200bpha LLC\u202c").replace(
        "HS code", "HS\u200f code"
    )
    code, _, lines = screen(hidden.encode())
    assert code == 0
    assert lines[0]["unread"] == []
    checks = {one["check_id"]: one["answer"] for one in lines[0]["checks"]}
    assert checks["G1"] != "not_assessed"


def test_broken_lines_of_json_come_back_with_their_reason(screen):
    good = json.dumps({"shipment id": "S1", "HS code": "84713000", "consignee": "Alpha"})
    deep = '{"consignee": ' * 400 + "1" + "}" * 400
    twice = '{"consignee": "Alpha", "consignee": "Beta"}'
    text = "\n".join((good, "{broken", deep, twice, "null", good.replace("S1", "S2")))
    code, _, lines = screen(text.encode(), "s.jsonl")
    assert (code, len(lines)) == (0, 6)
    assert [bool(one["unread"]) for one in lines] == [False, True, True, True, True, False]
    assert "twice" in reasons(lines[3])


def test_a_workbook_that_unpacks_to_far_more_than_it_holds_is_refused(screen, tmp_path):
    bomb = tmp_path / "bomb.zip"
    with (
        zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as packed,
        packed.open("xl/worksheets/sheet1.xml", "w") as part,
    ):
        for _ in range(80):
            part.write(bytes(1 << 20))
    code, said, _ = screen(bomb.read_bytes(), "s.xlsx")
    assert code == 1
    assert "unpack" in said


def test_a_cell_far_from_the_table_does_not_fill_the_memory(screen, tmp_path):
    path = tmp_path / "far.xlsx"
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, HEAD.split(","))
    sheet.write(1_000_000, 16_000, "x")
    book.close()
    code, said, _ = screen(path.read_bytes(), "s.xlsx")
    assert code == 1
    assert "reaches to row" in said


def test_errors_of_formulas_and_merged_rows_of_a_workbook_are_said(screen, tmp_path):
    path = tmp_path / "m.xlsx"
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, HEAD.split(","))
    sheet.write_row(1, 0, LINES[0].split(",")[:3])
    sheet.merge_range(1, 3, 2, 3, "Alpha LLC")
    sheet.write_row(2, 0, LINES[1].split(",")[:3])
    sheet.write_formula(1, 4, "=1/0", None, "#DIV/0!")
    book.close()
    code, said, lines = screen(path.read_bytes(), "s.xlsx")
    assert (code, len(lines)) == (0, 2)
    assert "merged over several rows" in said
    assert "error of a formula" in said


def test_a_parquet_file_cut_in_half_is_refused(screen, tmp_path):
    path = tmp_path / "whole.parquet"
    names = HEAD.split(",")
    rows = [dict(zip(names, one.split(","), strict=True)) for one in LINES] * 500
    parquet.write_table(pa.Table.from_pylist(rows), path)
    whole = path.read_bytes()
    assert screen(whole, "s.parquet")[0] == 0
    assert screen(whole[: len(whole) // 2], "t.parquet")[0] == 1


def test_a_column_named_twice_in_the_file_of_columns_is_refused(tmp_path):
    path, columns = tmp_path / "s.csv", tmp_path / "c.toml"
    path.write_text(TEXT)
    columns.write_text('[columns]\n"consignee" = "buyer.name"\n"consignee" = "consignee.name"\n')
    words = ["screen", str(path), "--as-of", "2024-06-03", "--columns", str(columns)]
    shown = CliRunner().invoke(main, ["--lake", str(tmp_path / "lake"), *words])
    assert shown.exit_code == 1
    assert "c.toml" in shown.output


@pytest.mark.parametrize("kind", ["csv", "json", "parquet", "xlsx", "html"])
def test_half_a_letter_in_json_breaks_no_result(tmp_path, kind):
    path, out = tmp_path / "s.jsonl", tmp_path / f"r.{kind}"
    path.write_text(
        '{"shipment id": "S\\ud83d", "HS code": "84713000", "\\udfff": "\\ud800 \\u0007"}'
    )
    words = ["screen", str(path), "--as-of", "2024-06-03", "-o", str(out)]
    shown = CliRunner().invoke(main, ["--lake", str(tmp_path / "lake"), *words])
    assert (shown.exit_code, shown.exception) == (0, None)
    assert out.stat().st_size


def test_a_whole_letter_written_as_two_halves_stays_a_letter(screen):
    _, _, (line,) = screen(b'{"shipment id": "S\\ud83d\\ude00", "HS code": "84713000"}', "s.jsonl")
    assert line["shipment_id"] == "S\N{GRINNING FACE}"


def test_a_workbook_drops_no_row_a_sheet_cannot_hold(tmp_path, monkeypatch):
    monkeypatch.setattr(screen_file, "_ROWS", 3)
    path, out = tmp_path / "s.csv", tmp_path / "r.xlsx"
    path.write_text("\n".join((HEAD, *(f"S{n},8471300,x,Alpha,KG" for n in range(8)))))
    words = ["screen", str(path), "--as-of", "2024-06-03", "-o", str(out)]
    shown = CliRunner().invoke(main, ["--lake", str(tmp_path / "lake"), *words])
    assert shown.exit_code == 0
    book = fastexcel.read_excel(out)
    sheets = [name for name in book.sheet_names if name.startswith("Lines")]
    assert sheets == ["Lines", "Lines 2", "Lines 3"]
    held = [book.load_sheet(name).to_arrow().to_pylist() for name in sheets]
    assert [one["shipment_id"] for part in held for one in part] == [f"S{n}" for n in range(8)]


def test_a_cell_a_workbook_cannot_hold_says_that_it_was_cut():
    text = screen_file._cell("=" * 50_000)
    assert text.startswith("'=")
    assert "cut" in text[-30:]
    assert len(text) <= 32_767
