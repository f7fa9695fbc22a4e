"""Copies in 995, read by the profile of the system that wrote them."""

from datetime import date

import pytest

from staffdesk.exchange.copies import CopyData
from staffdesk.exchange.findings import Fault
from staffdesk.exchange.profiles import BadProfile, guess_profile, load_profile, meaning_of
from tests.exchange.makers import a_record, a_title

KOHA = (
    "  $01$20$41$52005-03-22$9341$bMED$cBUS$eMED3E$fC0001605390$hJBDZZZZ$kE BD/TAN"
    "$lcontient 1 DC$n2024-07-11$o2$p24.00$rPRETLIV$uCoup de coeur$vNo 62 Nov 2000"
)


def a_copy(text: str, *fields: tuple[str, str], profile: str = "recommandation995") -> CopyData:
    (copy,) = a_title(*fields, ("995", text), profile=profile).copies
    return copy


def test_a_copy_of_koha() -> None:
    assert a_copy(KOHA, profile="koha") == CopyData(
        barcode="C0001605390",
        owner="MED",
        home="MED",
        place="BUS",
        location="MED3E",
        section="JBDZZZZ",
        audience="youth",
        call_number="E BD/TAN",
        type_code="BD",
        volume="No 62 Nov 2000",
        contents="contient 1 DC",
        note="Coup de coeur",
        due_on=date(2024, 7, 11),
        deposit_until=None,
        not_for_loan="in_library",
        withdrawn=True,
        lost=False,
        damaged=True,
        entered_on=date(2005, 3, 22),
        price=2400,
    )


def test_a_deposit_of_the_county_library() -> None:
    copy = a_copy("  $bBDV$dBDV$wSMARVES$f0012340086$kR HUG$lT. 2$m20240115$n20280115$oe$qj$raz")
    assert (copy.owner, copy.home, copy.place) == ("BDV", "SMARVES", "SMARVES")
    assert (copy.entered_on, copy.deposit_until) == (date(2024, 1, 15), date(2028, 1, 15))
    assert (copy.barcode, copy.volume, copy.audience) == ("0012340086", "T. 2", "youth")
    assert copy.due_on is None


@pytest.mark.parametrize(
    ("text", "barcode", "faults"),
    [
        ("  $f 0010912 $raz", "0010912", []),
        ("  $f$f42$raz", "42", []),
        ("  $gA$h114828$i0021$raz", "A1148280021", [Fault.BARCODE_REBUILT]),
        ("  $kR HUG$raz", "", [Fault.NO_BARCODE]),
    ],
)
def test_barcodes_missing_or_rebuilt(text: str, barcode: str, faults: list[Fault]) -> None:
    title = a_title(("200", "1 $aX"), ("995", text))
    assert [copy.barcode for copy in title.copies] == [barcode]
    assert [remark.fault for remark in title.remarks] == faults


def test_the_collection_of_koha_is_no_part_of_a_barcode() -> None:
    assert a_copy("  $hJBDZZZZ$rPRETLIV", profile="koha").barcode == ""


@pytest.mark.parametrize(
    ("code", "profile", "item_type"),
    [
        ("az", "recommandation995", "LIV"),
        ("je", "recommandation995", "CD"),
        ("ie", "recommandation995", "LIVCD"),
        ("gf", "recommandation995", "DVD"),
        ("gd", "recommandation995", "DVD"),
        ("le", "recommandation995", "KIT"),
        ("PRETPER", "koha", "REV"),
        ("PRETPAR", "koha", "PART"),
        ("PRETLS", "koha", "LIVCD"),
    ],
)
def test_types_of_documents(code: str, profile: str, item_type: str) -> None:
    assert a_copy(f"  $f1$r{code}", profile=profile).type_code == item_type


def test_a_book_may_turn_out_to_be_a_comic_or_a_periodical() -> None:
    assert a_copy("  $f1$raz$kBDT ZID").type_code == "BD"
    assert a_copy("  $f1$raz", ("608", "  $aBandes dessinées")).type_code == "BD"
    serial = a_title(("995", "  $f1$raz"), leader="00000nas  2200000   450 ")
    assert [copy.type_code for copy in serial.copies] == ["REV"]


def test_an_unknown_type_is_counted_and_what_the_record_says_is_taken() -> None:
    title = a_title(("200", "1 $aX"), ("995", "  $f1$rqq"), ("995", "  $f2$rqq"))
    assert [copy.type_code for copy in title.copies] == ["LIV", "LIV"]
    assert [remark.fault for remark in title.remarks] == [Fault.UNKNOWN_TYPE] * 2
    music = a_title(("995", "  $f1"), leader="00000njm  2200000   450 ")
    assert [copy.type_code for copy in music.copies] == ["CD"]
    local = a_title(("099", "  $tJE"), ("995", "  $f1"), profile="koha")
    assert [copy.type_code for copy in local.copies] == ["JEU"]


@pytest.mark.parametrize(
    ("codes", "profile", "expected"),
    [
        ("$oe", "recommandation995", ("", False, False)),
        ("$oc", "recommandation995", ("in_library", False, False)),
        ("$od", "recommandation995", ("", True, False)),
        ("$o-1", "koha", ("on_order", False, False)),
        ("$o4$22", "koha", ("", True, True)),
        ("$o0$00$20", "koha", ("", False, False)),
    ],
)
def test_statuses(codes: str, profile: str, expected: tuple[str, bool, bool]) -> None:
    copy = a_copy(f"  $f1$raz{codes}", profile=profile)
    assert (copy.not_for_loan, copy.withdrawn, copy.lost) == expected


def test_an_unknown_status_and_a_wrong_date_are_remarked() -> None:
    title = a_title(("200", "1 $aX"), ("995", "  $f1$raz$o9$m20241399"))
    assert {remark.fault for remark in title.remarks} == {Fault.UNKNOWN_STATUS, Fault.BAD_DATE}


def test_the_profile_is_guessed_from_what_copies_look_like() -> None:
    assert guess_profile([a_record(("995", KOHA))]).profile.name == "koha"
    bdp = a_record(("995", "  $bBDV$f1$m20240115$oe$qj$raz"))
    assert guess_profile([bdp]).profile.name == "recommandation995"
    assert guess_profile([]).profile.name == "recommandation995"


def test_the_longest_beginning_of_a_code_counts() -> None:
    codes = {"A*": "adult", "ALTRO*": "novel", "ALTROAD": "teen"}
    found = [meaning_of(code, codes) for code in ("ALTROAD", "ALTROZZ", "AZ", "B", "")]
    assert found == ["teen", "novel", "adult", None, None]


def test_a_profile_that_is_none() -> None:
    with pytest.raises(BadProfile):
        load_profile("no-such-profile")
