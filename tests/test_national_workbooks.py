"""A workbook is told by its cells, and a file that is no trade statistic by what it is."""

from __future__ import annotations

import zipfile

import pytest
from comext_files import cars
from comext_files import write_workbook as write_comext
from national_files import kazakh, kyrgyz, write_sheets

from entrepot.errors import SourceError
from entrepot.lake import open_lake
from entrepot.sources.ingest import ingest

NOMENCLATURE = "a nomenclature: codes and texts, no declared trade"
PARTIES = "a list of sanctioned parties in a layout no reader knows"
AREAS = "countries and their codes, no declared trade"

TEXTS = {
    "parties by the EU": ("celex,recordId,programKey,annex,schema,name,alias\n", PARTIES),
    "areas": ("name,alpha-2,alpha-3,country-code,iso_3166-2\n", AREAS),
    "partner areas": (",id,PartnerCode,PartnerDesc,PartnerCodeIsoAlpha3\n", AREAS),
    "distances": (
        "exporter,importer,contig,comlang_off,dist\n",
        "distances between countries, no declared trade",
    ),
    "headings": ("section,hscode,description,parent,level\n", NOMENCLATURE),
    "sections": ("\ufeffsection,name\n", NOMENCLATURE),
}
BOOKS = {
    "nomenclature": (
        [["id", "text", "parent", "isLeaf", "aggrlevel"], ["01", "Animals", "TOTAL", 0, 2]],
        "Sheet1",
        NOMENCLATURE,
    ),
    "Russia by chapter": (
        [["Внешняя торговля Российской Федерации "], ["(миллионов долларов США)"]],
        "Публикация (1)",
        "Russia's trade by chapters and groups of chapters, summed over all partners: sums over "
        "countries never enter flows",
    ),
    "another data set": (
        [["EU trade since 1999 by SITC [DS-018995__custom_7]"]],
        "Summary",
        "Eurostat's data set DS-018995; of the data browser only DS-045409 is read",
    ),
}


@pytest.fixture
def folder(tmp_path):
    """A folder that holds one workbook of trade, last in the alphabet."""
    path = tmp_path / "folder"
    path.mkdir()
    write_comext(path / "z.xlsx", [cars(1, 2, 3)])
    return path


def outcome(folder, path):
    """What became of one file of the folder, after the whole folder went in."""
    with open_lake(folder.parent / "lake") as lake:
        found = {result.path: result for result in ingest(lake, [folder])}
        assert found[folder / "z.xlsx"].outcome == "ingested"
        with pytest.raises(SourceError, match=r"expected what a reporter|not a file any reader"):
            ingest(lake, [path])
        return found[path].outcome, found[path].detail


@pytest.mark.parametrize(("text", "reason"), TEXTS.values(), ids=TEXTS)
def test_a_folder_goes_on_past_a_text_that_is_no_trade(folder, text, reason):
    (folder / "a").write_text(text, "utf-8")
    assert outcome(folder, folder / "a") == ("refused", f"refused: holds {reason}")


@pytest.mark.parametrize(("cells", "sheet", "reason"), BOOKS.values(), ids=BOOKS)
def test_a_folder_goes_on_past_a_workbook_that_is_no_trade(folder, cells, sheet, reason):
    write_sheets(folder / "a.xlsx", {sheet: cells})
    assert outcome(folder, folder / "a.xlsx") == ("refused", f"refused: holds {reason}")


def test_a_folder_goes_on_past_a_workbook_nobody_knows(folder):
    write_sheets(folder / "a.xlsx", {"budget": [["tea", 5]]})
    reason = "refused: not a file any reader knows; it is no text"
    assert outcome(folder, folder / "a.xlsx") == ("refused", reason)


def test_a_zip_without_sheets_is_no_workbook(folder):
    with zipfile.ZipFile(folder / "a.docx", "w") as archive:
        archive.writestr("word/document.xml", "<w/>")
    assert outcome(folder, folder / "a.docx")[0] == "refused"


def test_a_binary_of_office_without_a_workbook_is_none(folder):
    (folder / "a.doc").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(4096))
    assert outcome(folder, folder / "a.doc")[0] == "refused"


def test_a_workbook_cut_short_stops_the_folder(folder):
    whole = write_sheets(folder / "a.xls", {"import": kyrgyz(["Chad", 1, 2])}).read_bytes()
    (folder / "a.xls").write_bytes(whole[: len(whole) // 2])
    with (
        open_lake(folder.parent / "lake") as lake,
        pytest.raises(SourceError, match=r"a.xls: not a whole workbook"),
    ):
        ingest(lake, [folder])


def test_a_known_workbook_with_an_unknown_label_stops_the_folder(folder):
    write_sheets(folder / "a.xlsx", {"import": kyrgyz(["Narnia", 1, 2])})
    with (
        open_lake(folder.parent / "lake") as lake,
        pytest.raises(SourceError, match=r"a.xlsx, sheet 'import', row 4: found 'Narnia'"),
    ):
        ingest(lake, [folder])


def test_national_workbooks_are_told_by_their_cells(folder):
    write_sheets(folder / "a", {"x": kyrgyz(["Chad", 1, 2])})
    lines = (["Всего", 1, 1], ["Чад", 1, 1])
    write_sheets(folder / "b", {"Содержание": [["x"]], "x": kazakh("2022 год", *lines)})
    with open_lake(folder.parent / "lake") as lake:
        found = [(r.path.name, r.reader) for r in ingest(lake, [folder])]
    assert found == [
        ("a", "kyrgyzstan_by_country"),
        ("b", "kazakhstan_by_country"),
        ("z.xlsx", "comext_workbook"),
    ]
