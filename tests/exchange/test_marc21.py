"""MARC 21: the same facts as of UNIMARC, in other fields and with punctuation around them."""

from datetime import date

import pytest

from staffdesk.exchange.findings import Fault
from staffdesk.exchange.relators import marc21_relator, unimarc_relator
from tests.exchange.makers import a_title

CODED = "020121s1999    cauuuu j            eng d"


@pytest.mark.parametrize(
    ("fields", "title", "sort_title"),
    [
        ([("245", "10$aFriendly fire /$cJoe Lovano")], "Friendly fire", "Friendly fire"),
        ([("245", "14$aThe cat :$ba tale /$cX")], "The cat : a tale", "cat : a tale"),
        (
            [("245", "12$aL'été.$nTome 2,$pLe vent")],
            "L'été. Tome 2, Le vent",
            "été. Tome 2, Le vent",
        ),
        ([("245", "10$aA =$bB")], "A = B", "A = B"),
        ([("245", "10$aA$h[sound recording] :$bB")], "A : B", "A : B"),
        ([("245", "15$aThenardier")], "Thenardier", "Thenardier"),
        ([("245", "10$a\x98Le \x9cchat")], "Le chat", "chat"),
        ([("245", "10$aQui sait ?")], "Qui sait ?", "Qui sait ?"),
        ([("245", "10$aMr. J.R.")], "Mr. J.R.", "Mr. J.R."),
        ([("245", "10$cX"), ("240", "10$aCarmen.")], "Carmen", "Carmen"),
    ],
)
def test_title(fields: list[tuple[str, str]], title: str, sort_title: str) -> None:
    read = a_title(*fields)
    assert (read.title, read.sort_title) == (title, sort_title)


def test_contributors() -> None:
    title = a_title(
        ("245", "10$aX"),
        ("700", "1 $aSendak, Maurice,$d1928-2012,$eillustrator."),
        ("700", "1 $aGibson, Anna$4http://id.loc.gov/vocabulary/relators/trl"),
        ("100", "0 $aJean-Paul$bII,$cpape,$4aut"),
        ("710", "2 $aVille.$bArchives."),
    )
    assert title.contributors == (
        ("Jean-Paul II", "070"),
        ("Sendak, Maurice", "440"),
        ("Gibson, Anna", "730"),
        ("Ville. Archives", ""),
    )
    assert a_title(("245", "10$aX /$cby Y.")).author == "by Y."


def test_relators_in_both_directions() -> None:
    assert [unimarc_relator(said) for said in ("070", "ill", "Traducteur.", "what")] == [
        "070",
        "440",
        "730",
        "",
    ]
    assert [marc21_relator(code) for code in ("070", "999")] == ["aut", "999"]


@pytest.mark.parametrize(
    ("fields", "place", "publisher", "year"),
    [
        ([("260", "  $aHollywood, CA :$bBlue Note,$cc1999.")], "Hollywood, CA", "Blue Note", 1999),
        (
            [("264", " 4$c©2017"), ("264", " 1$aParis :$bSeuil,$c[2018]")],
            "Paris",
            "Seuil",
            2018,
        ),
        ([("264", " 1$aParis"), ("264", " 4$c©2017")], "Paris", "", 2017),
        ([("260", "  $bX"), ("008", CODED)], "", "X", 1999),
        ([], "", "", None),
    ],
)
def test_publication(
    fields: list[tuple[str, str]], place: str, publisher: str, year: int | None
) -> None:
    title = a_title(("245", "10$aX"), *fields)
    assert (title.publication_place, title.publisher, title.year) == (place, publisher, year)


def test_numbers() -> None:
    title = a_title(
        ("245", "10$aX"),
        ("020", "  $a0863693180 (pbk.) :$c$10"),
        ("020", "  $a0863693181"),
        ("022", "  $a0012-5768"),
        ("024", "1 $a036000291452"),
        ("024", "3 $a3760111870066"),
        ("024", "7 $a036000291452"),
    )
    assert title.isbns == ("9780863693182",)
    assert title.eans == ("0036000291452", "3760111870066")
    assert title.issn == "0012-5768"
    assert [remark.fault for remark in title.remarks] == [Fault.BAD_ISBN]


def test_description() -> None:
    title = a_title(
        ("008", CODED),
        ("041", "1 $afreeng$hger"),
        ("082", "04$a780/.5$222"),
        ("245", "10$aX"),
        ("250", "  $a2nd ed."),
        ("300", "  $a92 p. :$bill. ;$c24 cm. +$e1 CD."),
        ("490", "1 $aFolio ;$v267"),
        ("830", " 0$aOther"),
        ("500", "  $aIndex."),
        ("505", "00$tOne /$rA --$tTwo."),
        ("520", "  $aA summary."),
        ("600", "10$aCurie, Marie,$d1867-1934$xBiographies."),
        ("650", " 0$aLibraries$zFrance$xHistory."),
        ("653", "  $areading$alibraries"),
        ("655", " 7$aGuidebooks.$2lcgft"),
        ("773", "0 $tComplete works.$gvol. 2"),
    )
    assert title.edition == "2nd ed."
    assert title.extent == "92 p. : ill. ; 24 cm. + 1 CD."
    assert (title.series, title.series_number) == ("Folio", "267")
    assert (title.part_of, title.part_number) == ("Complete works", "vol. 2")
    assert (title.summary, title.contents, title.note) == (
        "A summary.",
        "One / A -- Two.",
        "Index.",
    )
    assert title.subjects == (
        "Curie, Marie -- Biographies",
        "Libraries -- France -- History",
        "Guidebooks",
        "reading",
        "libraries",
    )
    assert (title.language, title.original_language) == ("fre", "ger")
    assert (title.classification, title.audience) == ("780.5", "youth")
    assert title.entered_on == date(2002, 1, 21)


@pytest.mark.parametrize(
    ("fields", "leader", "audience"),
    [
        ([("008", CODED)], "nam", "youth"),
        ([("008", CODED)], "nas", ""),
        ([("008", CODED)], "nem", ""),
        ([("521", "2 $a13-15 ans")], "nam", "teen"),
        ([("521", "2 $aTout public")], "nam", ""),
        ([("008", CODED), ("949", "  $i1")], "nam", "youth"),
    ],
)
def test_audience(fields: list[tuple[str, str]], leader: str, audience: str) -> None:
    title = a_title(("245", "10$aX"), *fields, leader=f"00000{leader}  2200000   4500")
    assert title.audience == audience


@pytest.mark.parametrize(
    ("fields", "leader", "document_type"),
    [
        ([("949", "  $i1$tSOUND")], "nam", "CD"),
        ([], "nas", "REV"),
        ([], "nim", "LIVCD"),
        ([], "ntm", "LIV"),
        ([("655", " 7$aGraphic novels.")], "nam", "BD"),
        ([("336", "  $bprm")], "n m", "CD"),
    ],
)
def test_document_type(fields: list[tuple[str, str]], leader: str, document_type: str) -> None:
    leader = f"00000{leader}  2200000   4500"
    title = a_title(("245", "10$aX$h[y]"), *fields, profile="marc949", leader=leader)
    assert title.document_type == document_type
