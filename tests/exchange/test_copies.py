"""Copies in 995, read by the profile of the system that wrote them."""

from datetime import date
from pathlib import Path

import pytest

from staffdesk.exchange.copies import CopyData
from staffdesk.exchange.findings import Fault
from staffdesk.exchange.profiles import BadProfile, guess_profile, load_profile, meaning_of
from staffdesk.vocabulary import ItemState
from tests.exchange.makers import CODED, a_record, a_title

KOHA = (
    "  $01$20$3Age 12$41$52005-03-22$9341$bMED$cBUS$eMED3E$fC0001605390$hJBDZZZZ$kE BD/TAN"
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
        audience="youth",
        minimum_age=12,
        call_number="E BD/TAN",
        type_code="BD",
        volume="No 62 Nov 2000",
        contents="contient 1 DC",
        note="Coup de coeur",
        missing_parts="",
        state=ItemState.WITHDRAWN,
        state_since=None,
        due_on=date(2024, 7, 11),
        return_by=None,
        entered_on=date(2005, 3, 22),
        new_until=None,
        tells_new=False,
        price=2400,
    )


def test_a_deposit_of_the_county_library() -> None:
    copy = a_copy("  $bBDV$dBDV$wSMARVES$f0012340086$kR HUG$lT. 2$m20240115$n20280115$oe$qj$raz")
    assert (copy.owner, copy.home, copy.place) == ("BDV", "SMARVES", "SMARVES")
    assert (copy.entered_on, copy.return_by) == (date(2024, 1, 15), date(2028, 1, 15))
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
    ("codes", "profile", "state"),
    [
        ("$oe", "recommandation995", "available"),
        ("$oc", "recommandation995", "not_for_loan"),
        ("$od", "recommandation995", "withdrawn"),
        ("$o-1", "koha", "not_for_loan"),
        ("$o4$22", "koha", "withdrawn"),
        ("$o2$41", "koha", "not_for_loan"),
        ("$o0$22$41", "koha", "lost"),
        ("$o0$00$20", "koha", "available"),
    ],
)
def test_the_gravest_state_counts(codes: str, profile: str, state: str) -> None:
    assert a_copy(f"  $f1$raz{codes}", profile=profile).state == state


def test_an_unknown_status_and_a_wrong_date_are_remarked() -> None:
    title = a_title(("200", "1 $aX"), ("995", "  $f1$raz$o9$m20241399"))
    assert {remark.fault for remark in title.remarks} == {Fault.UNKNOWN_STATUS, Fault.BAD_DATE}


@pytest.mark.parametrize(
    ("written", "age"),
    [("Age 16", 16), ("7+", 7), ("12-14", 12), ("1", None), ("160", None), ("0" * 5000, None)],
)
def test_from_which_age_on(written: str, age: int | None) -> None:
    assert a_copy(f"  $f1$rPRETLIV$3{written}", profile="koha").minimum_age == age


# Other systems


def copies_in(*fields: tuple[str, str], profile: str) -> list[CopyData]:
    return list(a_title(*fields, profile=profile).copies)


def test_pmb_repeats_its_days_in_996() -> None:
    fields = (
        ("995", "  $aBDP$cBDP$f111$kR A$oe$ruu$qu"),
        ("995", "  $aBDP$cBDP$f222$kR B$oe$rje$qj$uabîmé"),
        ("996", "  $f222$m20240115$n20280115"),
        ("996", "  $f111$uannoté"),
    )
    first, second = copies_in(*fields, profile="pmb")
    assert (first.owner, first.home, first.type_code) == ("BDP", "BDP", "LIV")
    assert (first.note, second.note) == ("annoté", "abîmé")
    assert (first.entered_on, second.entered_on) == (None, date(2024, 1, 15))
    assert (second.return_by, second.type_code, second.audience) == (
        date(2028, 1, 15),
        "CD",
        "youth",
    )


def test_syracuse_says_more_of_a_barcode_in_915_930_and_940() -> None:
    fields = (
        ("995", "  $bMED$f222$raz"),
        ("995", "  $bMED$f333$raz$kR C"),
        ("915", "  $b111"),
        ("915", "  $b222"),
        ("930", "  $aR A"),
        ("930", "  $aR B$cRéserve"),
        ("940", "  $sx"),
        ("940", "  $sa"),
    )
    known, unknown = copies_in(*fields, profile="syracuse")
    assert (known.call_number, known.location, unknown.call_number) == ("R B", "Réserve", "R C")
    without_930 = [field for field in fields if field[1] != "  $aR A"]
    assert copies_in(*without_930, profile="syracuse")[0].call_number == ""


def test_vsmart_astrolabe_and_sirsi() -> None:
    (vsmart,) = copies_in(("852", "  $aMOU$qJeunesse$g0012345$kJ TIN"), profile="vsmart")
    assert (vsmart.home, vsmart.barcode, vsmart.location) == ("MOU", "0012345", "Jeunesse")
    (astrolabe,) = copies_in(("997", "  $a0012345$gR$hHUG$i1"), profile="astrolabe")
    assert (astrolabe.barcode, astrolabe.call_number) == ("0012345", "R HUG 1")
    sirsi = "  $aMT 8$v2$i3000700$rN$tSOUND$lAUDIO$mMAIN$kBINDERY$p19.95"
    (copy,) = copies_in(("949", sirsi), profile="marc949")
    assert (copy.type_code, copy.state, copy.price) == ("CD", "not_for_loan", 1995)
    assert (copy.home, copy.location, copy.volume) == ("MAIN", "AUDIO", "2")


def test_holdings_of_marc_21() -> None:
    field = ("852", "0 $aMPT$bMED$cAdultes$h843$iHEG$p0012345$t2$zDon")
    (copy,) = copies_in(field, profile="marc852")
    assert (copy.barcode, copy.owner, copy.home) == ("0012345", "MPT", "MED")
    assert (copy.location, copy.call_number, copy.note) == ("Adultes", "843 HEG", "Don")


def test_koha_in_marc_21() -> None:
    text = "  $01$10$40$70$aCPL$bFFL$cGEN$d2020-01-31$g12.90$oR HUG$p39999$q2024-07-11$yBK$zsigné"
    (copy,) = copies_in(("952", text), profile="koha_marc21")
    assert (copy.home, copy.place, copy.barcode) == ("CPL", "FFL", "39999")
    assert (copy.type_code, copy.state, copy.due_on) == ("LIV", "withdrawn", date(2024, 7, 11))


def test_what_we_write_ourselves_is_read_without_guessing() -> None:
    fields = (
        ("099", "  $tLIV"),
        ("100", CODED),
        ("995", "  $0missing$120260102$2JEU$3un dé$412.90$520260601$67$bBDV$cDIENNE$eSalle"
                "$f1$kJ 1$lT. 2$m20260101$n20280101$oe$qa$raz$unote$wSMARVES"),
        ("995", "  $0available$2LIV$bBDV$f2$wSMARVES$cSMARVES"),
    )  # fmt: skip
    title = a_title(*fields, profile="staffdesk", leader="00000nas  2200000   450 ")
    assert (title.document_type, title.audience) == ("LIV", "youth")
    first, second = title.copies
    assert first == CopyData(
        barcode="1",
        owner="BDV",
        home="SMARVES",
        place="DIENNE",
        location="Salle",
        audience="adult",
        minimum_age=7,
        call_number="J 1",
        type_code="JEU",
        volume="T. 2",
        contents="",
        note="note",
        missing_parts="un dé",
        state=ItemState.MISSING,
        state_since=date(2026, 1, 2),
        due_on=None,
        return_by=date(2028, 1, 1),
        entered_on=date(2026, 1, 1),
        new_until=date(2026, 6, 1),
        price=1290,
    )
    assert (second.audience, second.type_code) == ("", "LIV")


# Which profile


@pytest.mark.parametrize(
    ("fields", "profile"),
    [
        ([("995", KOHA)], "koha"),
        ([("995", "  $bBDV$f1$m20240115$oe$qj$raz")], "recommandation995"),
        ([("995", "  $aBDV$f1$oe$qj$ruu"), ("996", "  $f1")], "pmb"),
        ([("995", "  $f1$raz"), ("915", "  $b1")], "syracuse"),
        ([("995", "  $0available$2LIV$bBDV$f1$oe$raz")], "staffdesk"),
        ([("952", "  $p39999$yBK$d2020-01-31")], "koha_marc21"),
        ([("949", "  $i3000700$rY")], "marc949"),
        ([("852", "  $aMOU$f0012345")], "vsmart"),
        ([("852", "0 $aMPT$h843$p0012345")], "marc852"),
        ([("852", "  $aMOU")], "marc852"),
        ([("997", "  $a0012345")], "astrolabe"),
        ([], "recommandation995"),
    ],
)
def test_the_profile_is_guessed_from_what_copies_look_like(
    fields: list[tuple[str, str]], profile: str
) -> None:
    guess = guess_profile([a_record(*fields)])
    assert guess.profile.name == profile
    assert guess.reason


def test_a_profile_over_its_base(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text(
        'name = "own"\nbase = "recommandation995"\n'
        '[subfields]\ncall_number = "j"\n[item_types.r]\naz = "BD"\n'
    )
    copy = copies_in(("995", "  $f1$jR HUG$raz"), profile=str(path))[0]
    assert (copy.call_number, copy.barcode, copy.type_code) == ("R HUG", "1", "BD")


def test_the_longest_beginning_of_a_code_counts() -> None:
    codes = {"A*": "adult", "ALTRO*": "novel", "ALTROAD": "teen"}
    found = [meaning_of(code, codes) for code in ("ALTROAD", "ALTROZZ", "AZ", "B", "")]
    assert found == ["teen", "novel", "adult", None, None]


def test_a_profile_that_is_none() -> None:
    with pytest.raises(BadProfile):
        load_profile("no-such-profile")


@pytest.mark.parametrize(
    "text",
    [
        "name = ",
        'name = "x"',
        'name = "x"\nbase = "nobody"',
        'name = "x"\ntag = "995"\n[subfields]\nwhat = "a"',
    ],
)
def test_a_profile_that_cannot_be_used(tmp_path: Path, text: str) -> None:
    path = tmp_path / "own.toml"
    path.write_text(text)
    with pytest.raises(BadProfile):
        load_profile(path)
