"""Each fact of a title is found in the first field that has it."""

from datetime import date

import pytest

from staffdesk.exchange.findings import Fault
from tests.exchange.makers import CODED, a_record, a_title


@pytest.mark.parametrize(
    ("fields", "title"),
    [
        ([("200", "1 $aOkapi")], "Okapi"),
        ([("200", "1 $aAtlas$bTexte imprimé$ehistoire$fChaliand")], "Atlas : histoire"),
        ([("200", "1 $aAurélie$bTexte imprimé$fGriss$h4$iSecrets")], "Aurélie. 4, Secrets"),
        ([("200", "1 $aHistoire$iParis")], "Histoire. Paris"),
        ([("200", "1 $aHome$aMother$fX")], "Home ; Mother"),
        ([("200", "1 $a  Deux   espaces ")], "Deux espaces"),
        ([("200", "1 $b[DVD]"), ("461", "  $tHarry Potter$v3")], "Harry Potter, 3"),
        ([("500", "10$aCarmen")], "Carmen"),
    ],
)
def test_title(fields: list[tuple[str, str]], title: str) -> None:
    assert a_title(*fields).title == title


@pytest.mark.parametrize("written", ["\x98Le \x9cchat", "\x88Le \x89chat", "<<Le >>chat"])
def test_non_sorting_marks_are_shown_nowhere_and_skipped_in_sorting(written: str) -> None:
    title = a_title(("200", f"1 $a{written} $eroman"))
    assert title.title == "Le chat : roman"
    assert title.sort_title == "chat : roman"


def test_a_record_without_a_title_is_kept() -> None:
    title = a_title(("200", "1 $fQuelqu'un"), ("995", "  $f1"))
    assert title.title == ""
    assert [remark.fault for remark in title.remarks] == [Fault.NO_TITLE]
    assert len(title.copies) == 1


@pytest.mark.parametrize(
    ("fields", "author"),
    [
        ([("700", " 1$aHugo$bVictor$f1802-1885$4070"), ("200", "1 $aX$fV. Hugo")], "Hugo, Victor"),
        ([("710", "02$aVille$bArchives"), ("701", " 1$aB$bA")], "Ville. Archives"),
        ([("702", " 1$aPetit$bCatherine$4440")], "Petit, Catherine"),
        ([("712", "02$aStudio"), ("711", "02$aÉcole")], "École"),
        ([("200", "1 $aX$fpar Barbey d'Aurevilly")], "par Barbey d'Aurevilly"),
        ([("700", " 1$aSattouf$bRiad (1978-....)")], "Sattouf, Riad"),
        ([("700", " 0$aVoltaire")], "Voltaire"),
        ([], ""),
    ],
)
def test_author(fields: list[tuple[str, str]], author: str) -> None:
    assert a_title(*fields).author == author


def test_all_names_with_what_they_did_the_main_one_first() -> None:
    title = a_title(
        ("702", " 1$aC$4730$4440"),
        ("701", " 1$aB$4070"),
        ("700", " 1$aA$bD$4aut"),
        ("702", " 1$aB$4070"),
        ("712", "02$aStudio$b[du film]$4?"),
    )
    assert title.contributors == (
        ("A, D", "070"),
        ("B", "070"),
        ("C", "730"),
        ("Studio. [du film]", ""),
    )
    assert a_title(("200", "1 $aX$fpar Y")).contributors == (("par Y", ""),)


@pytest.mark.parametrize(
    ("fields", "publisher", "year"),
    [
        (
            [("214", " 3$aLuçon$cImpr. Pollina$dDL 2018"), ("214", " 0$aParis$cMilan$d2019")],
            "Milan",
            2019,
        ),
        ([("214", " 3$cImpr. X$dDL 2018")], "", 2018),
        ([("214", " 4$d© 2017"), ("210", "  $cSeuil$d2016")], "Seuil", 2017),
        ([("219", " 0$cActes Sud$dDL 2015"), ("210", "  $cY$d2014")], "Actes Sud", 2015),
        ([("210", "  $aParis$cPayot$dcop. 2010")], "Payot", 2010),
        ([("210", "  $cPayot$d[2012]")], "Payot", 2012),
        ([("210", "  $cPayot$d1971-"), ("100", "  $a20260101d1999")], "Payot", 1971),
        ([("210", "  $cPayot$d[s.d.]"), ("100", CODED)], "Payot", 1971),
        ([("210", "  $d1499")], "", None),
    ],
)
def test_publisher_and_year(
    fields: list[tuple[str, str]], publisher: str, year: int | None
) -> None:
    title = a_title(*fields)
    assert (title.publisher, title.year) == (publisher, year)


def test_the_place_of_publication_is_the_publishers() -> None:
    printed = ("214", " 3$aLuçon$cImpr. Pollina")
    assert a_title(printed, ("210", "  $aParis$aLyon$cX")).publication_place == "Paris"
    assert a_title(printed).publication_place == ""


def test_numbers() -> None:
    title = a_title(
        ("010", "  $a2-211-01716-9$z2-87005-142-4"),
        ("010", "  $a2-211-01716-8$b(br.)"),
        ("013", "  $aM-2306-7118-7"),
        ("071", "01$a829 952-2$bBaby records"),
        ("071", "01$a3760111870066$a9782211017169"),
        ("072", " 0$a036000291452"),
        ("073", " 0$a9782211017169"),
        ("073", " 0$a3760111870067"),
        ("011", "  $a0245-6001"),
    )
    assert title.isbns == ("9782211017169", "9790230671187")
    assert title.eans == ("3760111870066", "0036000291452")
    assert title.issn == "0245-6001"
    assert [remark.detail for remark in title.remarks if remark.fault is Fault.BAD_ISBN] == [
        "2-211-01716-8",
        "3760111870067",
    ]


def test_series_from_225_or_else_from_410() -> None:
    in_225 = a_title(("410", " 0$tFolio (Paris)$v3"), ("225", "2 $aFolio$iSF$v267$x1234"))
    assert (in_225.series, in_225.series_number) == ("Folio. SF", "267")
    in_410 = a_title(("410", " 0$tBibliothèques (Paris)$v6"))
    assert (in_410.series, in_410.series_number) == ("Bibliothèques (Paris)", "6")


@pytest.mark.parametrize("field", [" 0$tBakuman$v1", " 1$1001FRBNF1$12001 $aBakuman$v1"])
def test_the_set_of_a_volume_and_its_number_there(field: str) -> None:
    title = a_title(("200", "1 $aRêve et réalité"), ("461", field))
    assert (title.title, title.part_of, title.part_number) == ("Rêve et réalité", "Bakuman", "1")


def test_description() -> None:
    title = a_title(
        ("101", "1 $afre$ceng"),
        ("205", "  $a2e éd."),
        ("215", "  $a92 p.$cill.$d24 cm$e1 CD"),
        ("300", "  $aBibliogr."),
        ("300", "  $aIndex"),
        ("327", "0 $aCasanova$aRosaura"),
        ("330", "  $aUn résumé."),
        ("600", " 1$aCurie$bMarie$xBiographies"),
        ("606", "  $3119$aBibliothèques$xHistoire$yFrance$2rameau"),
        ("608", "  $aGuides pratiques"),
        ("610", "0 $alecture"),
        ("676", "  $a027.4$v23"),
    )
    assert title.edition == "2e éd."
    assert title.extent == "92 p. : ill. ; 24 cm + 1 CD"
    assert title.summary == "Un résumé."
    assert (title.note, title.contents) == ("Bibliogr. ; Index", "Casanova ; Rosaura")
    assert (title.language, title.original_language) == ("fre", "eng")
    shouted = a_title(("101", "1 $aFRE$cENG"))
    assert (shouted.language, shouted.original_language) == ("fre", "eng")
    assert title.classification == "027.4"
    assert title.subjects == (
        "Curie, Marie -- Biographies",
        "Bibliothèques -- Histoire -- France",
        "Guides pratiques",
        "lecture",
    )


@pytest.mark.parametrize(
    ("fields", "audience"),
    [
        ([("100", CODED), ("995", "  $f1$qa")], "adult"),
        ([("100", CODED)], "youth"),
        ([("100", "  $a20260101d1971    k  y0frey50      ba")], "adult"),
        ([("100", "  $a20260101d1971       y0frey50"), ("333", "  $aÀ partir de 13 ans")], "teen"),
        ([("333", "  $a3-6 ans")], "youth"),
        ([("333", "  $aTout public")], ""),
    ],
)
def test_audience(fields: list[tuple[str, str]], audience: str) -> None:
    assert a_title(*fields).audience == audience


def test_when_the_record_was_entered() -> None:
    assert a_title(("100", CODED)).entered_on == date(2026, 1, 1)
    assert a_title(("100", "  $a19       1985")).entered_on is None


@pytest.mark.parametrize(
    ("fields", "leader", "document_type"),
    [
        ([("099", "  $tJE"), ("995", "  $f1$rPRETSON")], "nam", "JEU"),
        ([("995", "  $f1$rPRETSON")], "nam", "CD"),
        ([("995", "  $f1$rPRETLIV")], "nas", "REV"),
        ([], "njm", "CD"),
        ([], "nam", "LIV"),
        ([("608", "  $aBandes dessinées")], "nam", "BD"),
        ([("181", "  $601$cntm")], "n m", "PART"),
        ([("200", "1 $aX$bEnregistrement sonore")], "n m", "CD"),
        ([("200", "1 $aX$bAutre chose")], "n m", ""),
    ],
)
def test_document_type(fields: list[tuple[str, str]], leader: str, document_type: str) -> None:
    title = a_title(*fields, profile="koha", leader=f"00000{leader}  2200000   450 ")
    assert title.document_type == document_type


def test_the_number_of_another_system_where_there_is_no_own() -> None:
    record = a_record(("035", "  $aFRBNF45123456"))
    assert record.control_number == "1"
    del record.fields["001"]
    assert record.control_number == "FRBNF45123456"
