"""Scans as scanners send them, well set or not, become the numbers of the network."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from staffdesk.network import NumberFormat
from staffdesk.rules.numbers import (
    BADGE_LENGTH,
    BADGE_LETTERS,
    BADGE_PREFIX,
    Reading,
    ean_is_valid,
    luhn_is_valid,
    may_be_secret,
    read_scan,
)

CARD = NumberFormat(kind="card", prefix="00109", length=13)
ITEM = NumberFormat(kind="item", suffix="0109", length=11)
DEPOSIT = NumberFormat(kind="item", suffix="0086", length=11, owner="BDV")
NETWORK = (CARD, ITEM, DEPOSIT)

ROUBAIX = NumberFormat(kind="item", prefix="C", length=10, check_digit="mod10_31")
NANOOK = NumberFormat(kind="item", prefix="L-", length=8)
CODABAR_14 = NumberFormat(kind="card", prefix="2", length=13, check_digit="luhn")
OTHERS = (ROUBAIX, NANOOK, CODABAR_14)

AZERTY = str.maketrans("1234567890", "&é\"'(-è_çà")
BELGIAN = str.maketrans("1234567890", "&é\"'(§è!çà")
CAPS_LOCK_ON_LINUX = str.maketrans("1234567890", "&É\"'(-È_ÇÀ")
QWERTY = str.maketrans("1234567890", "!@#$%^&*()")
SWAPPED = str.maketrans("AQWZaqwz", "QAZWqazw")
AZERTY_COMPUTER = SWAPPED | str.maketrans("Mm-_]", "?,)°$")
QWERTY_COMPUTER = SWAPPED | str.maketrans("Mm-_", ":;68")


def read(raw: str, formats: tuple[NumberFormat, ...] = NETWORK) -> Reading:
    return read_scan(raw, formats)


@pytest.mark.parametrize(
    ("raw", "number", "kind"),
    [
        ("0010900000753", "0010900000753", "card"),
        ("00109000007534", "0010900000753", "card"),
        ("11482880109", "11482880109", "item"),
        ("11482880109\r", "11482880109", "item"),
        ("11482880109\n", "11482880109", "item"),
        ("\x0211482880109\r\n", "11482880109", "item"),
        ("11482880109\t", "11482880109", "item"),
        ("]C011482880109", "11482880109", "item"),
        ("]A0*11482880109*", "11482880109", "item"),
        ("]I0011482880109", "11482880109", "item"),
        ("]F0A00109123456784B", "0010912345678", "card"),
        ("0 0109 12345 6784", "0010912345678", "card"),
        ("A0010912345678B", "0010912345678", "card"),
        ("t0010912345678n", "0010912345678", "card"),
        ("*0010912345678e", "0010912345678", "card"),
        ("Q0010912345678B", "0010912345678", "card"),
        ("00010912345678", "0010912345678", "card"),
        ("10900000753", "0010900000753", "card"),
        ("1875890109", "01875890109", "item"),
        ("]E09782070360024", "9782070360024", "isbn"),
        ("9791032927540", "9791032927540", "isbn"),
        ("978207036002451990", "9782070360024", "isbn"),
    ],
)
def test_numbers_of_the_network(raw: str, number: str, kind: str) -> None:
    reading = read(raw)

    assert number in reading.candidates
    assert reading.kind == kind
    assert not reading.repaired_keyboard


@pytest.mark.parametrize(
    ("raw", "text", "kind"),
    [
        ("&&'_é__à&àç", "11482880109", "item"),
        ("&&'!é!!à&àç", "11482880109", "item"),
        ('àà&àçàààààè("', "0010900000753", "card"),
        ('ÀÀ&ÀÇÀÀÀÀÀÈ("', "0010900000753", "card"),
        ("Qàà&àç&é\"'(-è_B", "0010912345678", "card"),
        ("$Cà&&'_é__à&àç", "11482880109", "item"),
        ("$Qà8&&'_é__à&àç8", "11482880109", "item"),
        ("8&&'_é__à&àç8", "11482880109", "item"),
        ("ç è_éàèà\"-ààé'", "9782070360024", "isbn"),
        ("!!$*@**)!)(", "11482880109", "item"),
        ("))!)()))))&%#", "0010900000753", "card"),
    ],
)
def test_digits_typed_through_the_wrong_keyboard(raw: str, text: str, kind: str) -> None:
    reading = read(raw)

    assert (reading.text, reading.kind) == (text, kind)
    assert reading.repaired_keyboard
    assert reading.raw == raw


@pytest.mark.parametrize(
    ("raw", "text"),
    [("L)àèé---", "L-072666"), ('Cààà("à"(_\'', "C0005303584"), ("Zq?à&é\"'(", "WaM012345")],
)
def test_letters_follow_when_the_digits_prove_the_damage(raw: str, text: str) -> None:
    assert read(raw, ()).text == text


@pytest.mark.parametrize("word", ["QUAZIMODO", "L-072666", "AB-CD-EF", "Hélène", "d'été", "Q", "-"])
def test_what_proves_no_damage_is_left_alone(word: str) -> None:
    reading = read(word, ())

    assert (reading.text, reading.kind) == (word, "unknown")
    assert not reading.repaired_keyboard


def test_candidates_of_a_card_come_best_first() -> None:
    assert read("00109007123454").candidates == (
        "00109007123454",
        "0010900712345",
        "10900712345",
        "00712345",
        "712345",
    )


def test_a_copy_is_never_guessed_from_its_serial() -> None:
    assert "1148288" not in read("11482880109").candidates
    assert not any(ITEM.suffix in candidate for candidate in read("1148288").candidates[2:])


@pytest.mark.parametrize("typed", ["753", "00000753"])
def test_a_serial_typed_by_hand_may_be_a_card(typed: str) -> None:
    assert read(typed).candidates[:2] == (typed, "0010900000753")


def test_a_serial_that_also_looks_like_a_copy_is_left_open() -> None:
    reading = read("18750109")

    assert reading.kind == "unknown"
    assert {"0010918750109", "00018750109"} <= set(reading.candidates)


def test_caps_lock_changes_no_number() -> None:
    assert read("l-072666", OTHERS).text == "L-072666"
    assert read("c0006070519", OTHERS).kind == "item"


def test_prefix_goes_before_length() -> None:
    ean_like = "9780109123456"
    card = NumberFormat(kind="card", prefix="97801", length=13)

    assert read(ean_like, (card,)).kind == "card"
    assert ean_is_valid("9782070360024")
    assert read("9782070360024", (NumberFormat(kind="item", length=12),)).kind == "isbn"


def test_the_owner_of_a_range_is_told() -> None:
    assert read("11482880086").owner == "BDV"
    assert read("11482880109").owner is None


@pytest.mark.parametrize(
    ("raw", "check"),
    [
        ("C0006070519", "ok"),
        ("C0005303585", "failed"),
        ("C000607051", "none"),
        ("21234567890124", "ok"),
        ("21234567890129", "failed"),
        ("9782070360024", "ok"),
        ("9782070360025", "failed"),
        ("L-072666", "none"),
    ],
)
def test_check_digits_advise(raw: str, check: str) -> None:
    assert read(raw, OTHERS).check == check


def test_a_misread_isbn_is_nothing_known() -> None:
    assert read("9782070360025").kind == "unknown"


def test_check_digit_algorithms() -> None:
    assert luhn_is_valid("79927398713")
    assert not luhn_is_valid("79927398710")
    assert ean_is_valid("3017620422003")
    assert not ean_is_valid("3017620422004")
    assert not any(valid(text) for valid in (luhn_is_valid, ean_is_valid) for text in ("", "7"))


def test_the_workstation_says_what_its_scanner_adds() -> None:
    def on_workstation(raw: str) -> Reading:
        return read_scan(raw, NETWORK, strip_prefix="\x0200", strip_suffix="#\r")

    assert on_workstation("\x020011482880109#\r").text == "11482880109"
    assert on_workstation("àà&&'_é__à&àç").text == "11482880109"
    # Typed by hand, the card keeps the zeros that the scanner would have added.
    assert on_workstation("0010900000753").text == "0010900000753"


def test_opaque_numbers_pass_untouched() -> None:
    opaque = "HAINAUT-4F7Q-0099-ZZ-123456789AB"

    assert read(opaque, ()).text == opaque
    assert read("").candidates == ()


def numbers_of(each: NumberFormat) -> st.SearchStrategy[str]:
    digits = each.length - len(each.prefix + each.suffix)
    bodies = st.text("0123456789", min_size=digits, max_size=digits)
    return bodies.map(lambda body: each.prefix + body + each.suffix)


stored_numbers = st.sampled_from(NETWORK + OTHERS).flatmap(
    lambda each: st.tuples(st.just(each), numbers_of(each))
)


@given(st.text(), st.text(), st.text(), st.lists(st.sampled_from(NETWORK + OTHERS)))
def test_no_text_raises(raw: str, prefix: str, suffix: str, formats: list[NumberFormat]) -> None:
    reading = read_scan(raw, formats, strip_prefix=prefix, strip_suffix=suffix)

    assert len(set(reading.candidates)) == len(reading.candidates)
    assert all(reading.candidates)


@given(stored_numbers)
def test_a_stored_number_is_itself(case: tuple[NumberFormat, str]) -> None:
    each, number = case
    reading = read(number, (each,))

    assert (reading.text, reading.kind) == (number, each.kind)
    assert reading.candidates[0] == number
    assert not reading.repaired_keyboard


@given(
    stored_numbers,
    st.sampled_from(
        [
            AZERTY_COMPUTER | AZERTY,
            AZERTY_COMPUTER | BELGIAN,
            AZERTY_COMPUTER | CAPS_LOCK_ON_LINUX,
            QWERTY_COMPUTER | QWERTY,
        ]
    ),
    st.sampled_from(["", "\r", "\t", "\r\n"]),
)
def test_every_damaged_number_is_repaired(
    case: tuple[NumberFormat, str], keyboard: dict[int, int], end: str
) -> None:
    each, number = case
    reading = read(number.translate(keyboard) + end, (each,))

    assert (reading.text, reading.kind) == (number, each.kind)
    assert reading.repaired_keyboard


@given(st.text("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-", min_size=1, max_size=32))
def test_an_opaque_number_stays_a_candidate(number: str) -> None:
    assert number in read(number, ()).candidates


BADGE = "SDBCDEFGHIJKLNOPRS"


@pytest.mark.parametrize(
    "raw",
    [
        BADGE,
        BADGE.lower(),
        f"{BADGE}\r\n",
        f"]C0{BADGE}",
        f"$Cà{BADGE}",
        f"*{BADGE}*",
        f"S{BADGE}",
        BADGE.translate(AZERTY_COMPUTER),
        BADGE.translate(QWERTY_COMPUTER),
        " ".join(BADGE),
    ],
)
def test_a_badge_is_read_whatever_the_scanner_does(raw: str) -> None:
    reading = read(raw)

    assert (reading.kind, reading.text) == ("badge", BADGE)
    assert reading.candidates == (BADGE,)
    assert not reading.repaired_keyboard


@pytest.mark.parametrize("raw", [BADGE[:-1], BADGE[2:], "SD0123456789012345", "SMARVES"])
def test_what_is_no_badge(raw: str) -> None:
    assert read(raw).kind != "badge"


@given(st.text(alphabet=BADGE_LETTERS, min_size=BADGE_LENGTH, max_size=BADGE_LENGTH))
def test_every_badge_survives_every_keyboard(letters: str) -> None:
    badge = BADGE_PREFIX + letters

    for keyboard in (AZERTY_COMPUTER, QWERTY_COMPUTER, str.maketrans("yzYZ", "zyZY")):
        assert read(badge.translate(keyboard)).text == read(badge.lower()).text == badge


# --- what may be a secret --------------------------------------------------------------------


@pytest.mark.parametrize(
    "raw",
    ["C0004028725", "Cààà'àé_èé(", "BIB-0012345", "123456789", "11482880109"],
)
def test_what_stands_on_a_card_or_a_copy_is_no_secret(raw: str) -> None:
    assert not may_be_secret(read(raw))


@pytest.mark.parametrize(
    "raw", ["2468", "12345678", "un-mot-de-passe", "marc20231122", "LIBRAIRIE"]
)
def test_what_a_program_types_may_be_a_secret(raw: str) -> None:
    assert may_be_secret(read(raw))
