"""Whole catalogue files: real ones, damaged ones, and bytes that are no catalogue at all."""

from collections import Counter
from datetime import date
from io import BytesIO, RawIOBase
from itertools import islice
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from staffdesk.exchange.catalogue import describe, look_at, read_catalogue
from staffdesk.exchange.findings import Fault, Rejected, rejects_file
from staffdesk.exchange.foreign import WrongFile
from staffdesk.exchange.iso2709 import LONGEST, raw_records, read_records
from staffdesk.exchange.profiles import load_profile, profile_names
from staffdesk.exchange.record import Record
from tests.exchange.makers import an_iso2709_record, an_xml_file, an_xml_record, read_apart


def numbered(number: int) -> bytes:
    return an_iso2709_record(
        ("001", str(number)),
        ("200", f"1 $aTitre égaré {number}"),
        ("995", f"  $bDIENNE$f{number:07}0109$raz"),
    )


HUNDRED = [numbered(number) for number in range(1, 101)]


@pytest.fixture
def a_file(tmp_path: Path) -> Path:
    return tmp_path / "catalogue.mrc"


# Real files


@pytest.mark.parametrize(
    ("name", "profile", "records", "copies"),
    [
        ("unimarc995_roubaix_2383.mrc", "koha", 2383, 2703),
        ("unimarc995_titles_13749.mrc", "recommandation995", 13749, 17639),
        ("unimarc995_iso5426_238.mrc", "koha", 238, 274),
        ("marc21_marc8_1000.mrc", "marc949", 1000, 1238),
    ],
)
def test_nothing_of_a_real_file_is_lost(
    samples: Path, name: str, profile: str, records: int, copies: int
) -> None:
    kind = look_at(samples / name)
    assert (kind.format, kind.dialect) == ("iso2709", "marc21" if "marc21" in name else "unimarc")
    assert kind.guess
    assert kind.guess.profile.name == profile
    assert len(kind.sample) == 20
    kept, rejected = read_apart(samples / name)
    assert rejected == []
    assert len(kept) == records
    assert sum(len(title.copies) for title in kept) == copies
    assert all(title.title for title in kept)
    faults = {remark.fault for title in kept for remark in title.remarks}
    assert faults <= {
        Fault.BAD_ISBN,
        Fault.ENCODED_TWICE,
        Fault.NO_BARCODE,
        Fault.UNREADABLE_CHARACTERS,
    }


def test_the_real_records_of_roubaix(samples: Path) -> None:
    kept, _rejected = read_apart(samples / "unimarc995_roubaix_2383.mrc")
    titles = {title.control_number: title for title in kept}
    atlas = titles["3841"]
    assert atlas.title == (
        "Atlas historique du monde méditerranéen : chrétiens, juifs et musulmans "
        "de l'Antiquité à nos jours"
    )
    assert atlas.contributors == (
        ("Chaliand, Gérard", "070"),
        ("Rageau, Jean-Pierre", "070"),
        ("Petit, Catherine", "440"),
    )
    assert (atlas.publisher, atlas.year, atlas.isbns) == ("Payot", 1996, ("9782228889551",))
    assert (atlas.series, atlas.extent) == (
        "Atlas Payot",
        "88 p. : ill. en noir et en coul., couv. ill. en coul. ; 18 x 22 cm",
    )
    assert titles["2094"].copies[0].type_code == "CD"
    copies = [copy for title in kept for copy in title.copies]
    assert Counter(copy.type_code for copy in copies)["DVD"] == 132
    assert sum(copy.due_on is not None for copy in copies) == 433
    assert Counter(copy.state for copy in copies) == {
        "available": 2101,
        "not_for_loan": 506,
        "withdrawn": 73,
        "lost": 22,
        "damaged": 1,
    }
    assert sum(not copy.barcode for copy in copies) == 2
    assert copies[0].entered_on == date(2005, 3, 22)


def test_the_real_titles_of_a_small_network(samples: Path) -> None:
    kept, _rejected = read_apart(samples / "unimarc995_titles_13749.mrc")
    okapi = kept[0]
    assert (okapi.title, okapi.publisher, okapi.year) == ("Okapi", "Bayard presse", 1971)
    assert [(copy.home, copy.barcode) for copy in okapi.copies] == [
        ("VIVONNE", "11000080109"),
        ("ROCHES", "11000100109"),
        ("DIENNE", "11000150109"),
    ]
    assert "Société d'éditions scientifiques" in {title.publisher for title in kept}
    copies = [copy for title in kept for copy in title.copies]
    assert Counter(copy.state for copy in copies) == {"available": 17294, "not_for_loan": 345}
    assert Counter(copy.audience for copy in copies) == {"adult": 14435, "youth": 3204}


def test_the_same_records_read_alike_in_iso_5426_and_in_utf_8(samples: Path) -> None:
    def by_number(name: str) -> dict[str, Record]:
        with (samples / name).open("rb") as stream:
            read = [each for each in read_records(stream) if isinstance(each, Record)]
        return {record.control_number: record for record in read}

    # ISO 5426 has no °, no soft hyphen, no unbreakable space and no Arabic letter.
    absent = {0xB0: "o", 0xAD: "?", 0xA0: " "} | dict.fromkeys(range(0x600, 0x700), "?")
    utf_8 = by_number("unimarc995_roubaix_2383.mrc")
    iso_5426 = by_number("unimarc995_iso5426_238.mrc")
    assert len(iso_5426) == 238
    for number, record in iso_5426.items():
        assert record.encoding in ("ISO 5426", "UTF-8")
        for tag, fields in utf_8[number].fields.items():
            if tag != "100":  # declares the encoding
                assert [field.translate(absent) for field in fields] == record.fields[tag]


def test_the_real_marc_21_records_in_marc_8(samples: Path) -> None:
    kept, _rejected = read_apart(samples / "marc21_marc8_1000.mrc")
    titles = {title.control_number: title for title in kept}
    friendly = titles["03-0018137"]
    assert friendly.title == "Friendly fire"
    assert friendly.contributors[0] == ("Lovano, Joe", "")
    assert (friendly.publication_place, friendly.publisher) == ("Hollywood, CA", "Blue Note")
    assert (friendly.year, friendly.extent) == (1999, "1 sound disc : digital, stereo")
    assert [copy.type_code for copy in friendly.copies] == ["CD"]
    said = " ".join(f"{title.title} {title.contributors}" for title in kept)
    for words in ("Le théâtre de Pagnol", "Réda, Jacques"):
        assert words in said


# Damage


def overwritten(record: bytes) -> bytes:
    return record[:30] + b"\xff" * 12 + record[42:]


def cut_short(record: bytes) -> bytes:
    return record[:-30] + b"\x1d"


def headless(record: bytes) -> bytes:
    return record[40:]


DAMAGES = {each.__name__: each for each in (overwritten, cut_short, headless)}


@pytest.mark.parametrize("damage", DAMAGES)
def test_every_tenth_record_damaged_loses_only_those(a_file: Path, damage: str) -> None:
    broken = set(range(10, 101, 10))
    a_file.write_bytes(
        b"".join(
            DAMAGES[damage](record) if number in broken else record
            for number, record in enumerate(HUNDRED, 1)
        )
    )
    kept, rejected = read_apart(a_file)
    assert [int(title.control_number) for title in kept] == sorted(set(range(1, 101)) - broken)
    assert {each.position for each in rejected} == broken
    assert all(each.reason and each.raw for each in rejected)


def test_a_real_file_with_every_tenth_record_damaged(samples: Path, a_file: Path) -> None:
    records = (samples / "unimarc995_roubaix_2383.mrc").read_bytes().split(b"\x1d")
    damages = list(DAMAGES.values())
    for place in range(9, 2383, 10):
        records[place] = damages[place % 3](records[place] + b"\x1d").rstrip(b"\x1d")
    a_file.write_bytes(b"\x1d".join(records))
    kept, rejected = read_apart(a_file)
    assert {each.position for each in rejected} == set(range(10, 2384, 10))
    assert len(kept) == 2383 - 238


def lying_length(record: bytes) -> bytes:
    return b"00042" + record[5:12] + b"99999" + record[17:]


def lying_directory(record: bytes) -> bytes:
    """Offsets counted in characters, as if each accent were one byte too many."""
    return record.replace(b"00021", b"00020", 1)


def followed_by_line_ends(record: bytes) -> bytes:
    return record + b"\r\n\r\n "


def without_its_end_mark(record: bytes) -> bytes:
    return record.rstrip(b"\x1d")


HARMLESS = {
    each.__name__: each
    for each in (lying_length, lying_directory, followed_by_line_ends, without_its_end_mark)
}


@pytest.mark.parametrize("damage", HARMLESS)
def test_what_only_lies_about_lengths_loses_nothing(a_file: Path, damage: str) -> None:
    a_file.write_bytes(b"\xef\xbb\xbf" + b"".join(map(HARMLESS[damage], HUNDRED)) + b"\x1a")
    kept, rejected = read_apart(a_file)
    assert rejected == []
    assert [title.title for title in kept] == [f"Titre égaré {number}" for number in range(1, 101)]


def test_a_directory_in_another_order_than_the_fields(a_file: Path) -> None:
    record = numbered(7)
    entries = [record[at : at + 12] for at in (24, 36, 48)]
    a_file.write_bytes(record[:24] + entries[2] + entries[0] + entries[1] + record[60:])
    (title,), _rejected = read_apart(a_file)
    assert (title.control_number, title.title) == ("7", "Titre égaré 7")
    assert title.copies[0].barcode == "00000070109"


def test_rejected_records_know_their_number_when_it_can_be_read(a_file: Path) -> None:
    a_file.write_bytes(numbered(7).replace(b"\x1e1 \x1fa", b"\x1e\x1e1 \x1fa"))
    _kept, (rejected,) = read_apart(a_file)
    assert (rejected.fault, rejected.control_number) == (Fault.FIELDS_MISSING, "7")


@pytest.mark.parametrize("rubbish", [b"\x9f\x07", b"", b"x" * 100])
def test_what_cannot_be_a_number_is_told_of_no_record(a_file: Path, rubbish: bytes) -> None:
    record = numbered(7).replace(b"\x1e1 \x1fa", b"\x1e\x1e1 \x1fa")
    a_file.write_bytes(record.replace(b"\x1e7\x1e", b"\x1e" + rubbish + b"\x1e"))
    _kept, (rejected,) = read_apart(a_file)
    assert rejected.control_number is None


def test_rejects_are_kept_as_they_were_with_their_reasons(a_file: Path, tmp_path: Path) -> None:
    a_file.write_bytes(overwritten(numbered(1)) + numbered(2))
    _kept, (rejected,) = read_apart(a_file)
    rejects = tmp_path / "rejects.mrc"
    with rejects_file(rejects) as keep:
        keep(rejected)
    assert rejects.read_bytes() == overwritten(numbered(1))
    assert rejected.reason in (tmp_path / "rejects.mrc.csv").read_text(encoding="utf-8-sig")


# Bytes that nobody expects


class Endless(RawIOBase):
    """A file that repeats one record for ever."""

    def read(self, size: int = -1) -> bytes:
        return numbered(1) * (size // len(numbered(1)))


def test_records_come_out_before_the_end_of_the_file() -> None:
    assert len(list(islice(raw_records(Endless()), 5000))) == 5000  # type: ignore[arg-type]


def test_a_file_without_end_marks_is_given_up_in_pieces() -> None:
    found = list(read_records(BytesIO(b"x" * (3 * LONGEST))))
    assert {each.fault for each in found if isinstance(each, Rejected)} >= {Fault.TOO_LONG}


def assert_read_or_rejected(data: bytes) -> None:
    for each in read_records(BytesIO(data)):
        if isinstance(each, Record):
            for profile in profile_names():
                assert describe(each, load_profile(profile)).position == each.position
        else:
            assert each.reason


@given(st.lists(st.binary() | st.sampled_from([b"\x1d", b"\x1e", b"\x1f", *HUNDRED[:2]])))
def test_no_bytes_make_reading_fail(pieces: list[bytes]) -> None:
    assert_read_or_rejected(b"".join(pieces))


@given(
    st.dictionaries(
        st.integers(min_value=0, max_value=len(HUNDRED[0]) - 1), st.integers(0, 255), max_size=12
    )
)
def test_a_record_with_any_bytes_replaced_is_read_or_rejected(replaced: dict[int, int]) -> None:
    record = bytearray(HUNDRED[0])
    for place, byte in replaced.items():
        record[place] = byte
    assert_read_or_rejected(bytes(record))


TAGS = (
    *("010", "073", "099", "100", "200", "210", "214", "225", "333", "461", "606", "700", "995"),
    *("008", "020", "024", "041", "082", "245", "264", "300", "490", "505", "521", "600", "773"),
    *("852", "915", "930", "940", "949", "952", "996", "997"),
)


@given(st.lists(st.tuples(st.sampled_from(TAGS), st.text(st.characters(codec="utf-8")))))
def test_fields_with_any_text_are_read(fields: list[tuple[str, str]]) -> None:
    assert_read_or_rejected(an_iso2709_record(*fields))


def test_an_empty_file_holds_nothing(a_file: Path) -> None:
    a_file.write_bytes(b"")
    assert list(read_catalogue(a_file)) == []
    assert list(read_catalogue(a_file, load_profile("koha"))) == []
    with pytest.raises(WrongFile):
        look_at(a_file)


# Which file is what


@pytest.mark.parametrize(
    ("data", "format", "dialect"),
    [
        (numbered(1), "iso2709", "unimarc"),
        (an_iso2709_record(("245", "10$aX")), "iso2709", "marc21"),
        (an_iso2709_record(("008", "x"), ("200", " $aY"), ("245", "10$aX")), "iso2709", "marc21"),
        (an_xml_file([an_xml_record(("200", "1 $aX"))]), "marcxml", "unimarc"),
        (an_xml_record(("245", "10$aX")).encode("utf-16"), "marcxml", "marc21"),
        ("\ufeffTitre;Code-barres\nX;1\n".encode(), "csv", ""),
        (b"EAN\tprix\ttitre\tcode barre\n", "csv", ""),
        (b"what;ever\n1;2\n", "iso2709", ""),
    ],
)
def test_what_a_file_is(a_file: Path, data: bytes, format: str, dialect: str) -> None:
    a_file.write_bytes(data)
    kind = look_at(a_file)
    assert (kind.format, kind.dialect) == (format, dialect)
    assert (kind.guess is None) == (format == "csv")
    assert kind.sample == tuple(read_catalogue(a_file))


def test_both_dialects_in_one_file(a_file: Path) -> None:
    marc_21 = an_iso2709_record(("001", "2"), ("245", "14$aThe cat /$cX"))
    a_file.write_bytes(numbered(1) + marc_21 + numbered(3))
    kept, rejected = read_apart(a_file)
    assert rejected == []
    assert [title.title for title in kept] == ["Titre égaré 1", "The cat", "Titre égaré 3"]


@pytest.mark.parametrize("name", ["a.mrc", "a.xml", "a.csv"])
def test_rejects_can_be_imported_again(tmp_path: Path, name: str) -> None:
    path, again = tmp_path / name, tmp_path / f"again-{name}"
    broken = {
        "a.mrc": numbered(1) + overwritten(numbered(2)) + overwritten(numbered(3)),
        "a.xml": an_xml_file(["<record><leader>", an_xml_record(("200", "1 $aX")), "<record>"]),
        "a.csv": b"titre;code-barres\nX;1\nY\nZ;2;3\n",
    }
    path.write_bytes(broken[name])
    _kept, rejected = read_apart(path)
    kind = look_at(path)
    with rejects_file(again, heading=kind.heading, end=kind.end) as keep:
        for each in rejected:
            keep(each)
    assert [each.raw for each in read_apart(again)[1]] == [each.raw for each in rejected]
    assert len(rejected) == 2
