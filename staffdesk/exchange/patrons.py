"""Reading a table of patrons from another system or a spreadsheet."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Literal

import msgspec

from staffdesk.exchange.findings import Fault, Rejected, Remark
from staffdesk.exchange.tables import Row, read_rows
from staffdesk.exchange.values import read_date, read_price
from staffdesk.folding import fold
from staffdesk.network import NumberFormat
from staffdesk.translation import _

_ROUNDED = re.compile(r"[0-9](?:[.,][0-9]+)?E\+?[0-9]+", re.IGNORECASE)
_PUT_TOGETHER = ("street", "note")

_SEXES: Mapping[str, Literal["f", "m"]] = {
    **dict.fromkeys(
        ("f", "femme", "feminin", "female", "fille", "mme", "madame", "mlle", "mademoiselle"), "f"
    ),
    **dict.fromkeys(("m", "h", "homme", "masculin", "male", "garcon", "mr", "monsieur"), "m"),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class PatronRow:
    """A patron as the table says; empty text or None where it says nothing.

    `home`, `registered_at` and `category` are the table's own codes or names.
    """

    line: int
    card: str
    family_name: str
    given_name: str
    birth_on: date | None
    sex: Literal["f", "m", ""]
    category: str
    home: str
    registered_at: tuple[str, ...]
    membership: Literal["free", "paid", ""]
    member_from: date | None
    member_until: date | None
    street: str
    postcode: str
    commune: str
    telephone: str
    mobile: str
    mail: str
    guardian: str
    note: str
    remarks: tuple[Remark, ...] = ()
    raw: bytes = field(default=b"", compare=False, repr=False)
    """The line itself, for whoever must reject it after all."""


def read_patrons(
    path: Path, *, today: date, card_formats: Sequence[NumberFormat] = ()
) -> Iterator[PatronRow | Rejected]:
    """The patrons of a table, line by line; lines that cannot be taken are `Rejected`.

    The first line names the columns, in French or English, in any order. `today` tells 1925 from
    2025 in a date of birth of two digits. Card numbers of digits alone that lost their leading
    zeros are given them back when that makes a number of one of `card_formats`; where there are
    such formats, a card that has none of them is remarked.
    Nothing in the file makes it raise; OSError when the file cannot be read.
    """
    rows = read_rows(path)
    heading = next(rows, Row(1, "", []))
    columns = [_meaning(name) for name in heading.values or []]
    missing = [
        name
        for meaning, name in (("card", _("card number")), ("family_name", _("family name")))
        if meaning not in columns
    ]
    if missing:
        yield _rejected(heading, Fault.NO_COLUMN, ", ".join(missing))
        return
    line_of_card: dict[str, int] = {}
    for row in rows:
        patron = _patron(row, columns, today, card_formats)
        if isinstance(patron, PatronRow):
            first = line_of_card.setdefault(patron.card, row.line)
            if first != row.line:
                patron = _rejected(row, Fault.DOUBLE_CARD, str(first), card=patron.card)
        yield patron


def unused_columns(path: Path) -> list[Remark]:
    """A remark on each heading of a table of patrons that says nothing to us. Raises OSError.

    Without a single one that does, it is no table of patrons, and there is nothing to remark.
    """
    heading = next(read_rows(path), Row(1, "", []))
    names = [name for name in heading.values or [] if name.strip()]
    unused = [name for name in names if not _meaning(name)]
    if len(unused) == len(names):
        return []
    said = dict.fromkeys(" ".join(name.split()) for name in unused)
    return [Remark(fault=Fault.UNUSED_COLUMN, detail=name) for name in said]


@cache
def known_columns() -> dict[str, list[str]]:
    """What the columns of a table of patrons may be called, by the field that they are for."""
    text = (files("staffdesk.exchange") / "patron_columns.toml").read_bytes()
    return msgspec.toml.decode(text, type=dict[str, list[str]])


@cache
def _meanings() -> dict[str, str]:
    return {fold(name): meaning for meaning, names in known_columns().items() for name in names}


def _meaning(name: str) -> str:
    """The field that a column is for, or nothing."""
    return _meanings().get(fold(name), "")


def _patron(
    row: Row, columns: Sequence[str], today: date, card_formats: Sequence[NumberFormat]
) -> PatronRow | Rejected:
    if row.values is None:
        return _rejected(row, Fault.OPEN_QUOTE)
    if len(row.values) != len(columns):
        return _rejected(row, Fault.RAGGED, f"{len(row.values)} / {len(columns)}")
    said = _by_meaning(row.values, columns)
    written = _card_as_written(said.get("card", ""))
    if not written:
        return _rejected(row, Fault.NO_CARD)
    if _ROUNDED.fullmatch(written):
        return _rejected(row, Fault.NUMBER_ROUNDED, written, card=written)
    card = _with_zeros(written, card_formats)
    if not said.get("family_name"):
        return _rejected(row, Fault.NO_NAME, card=card)
    remarks = []
    if card != written:
        remarks.append(Remark(fault=Fault.ZEROS_RESTORED, detail=card))
    if card_formats and not any(_has_shape(card, each) for each in card_formats):
        remarks.append(Remark(fault=Fault.UNUSUAL_CARD))
    mail = said.get("mail", "")
    if mail and "@" not in mail:
        remarks.append(Remark(fault=Fault.BAD_MAIL, detail=mail))

    def day(meaning: str, latest: date | None = None) -> date | None:
        text = said.get(meaning, "")
        found = read_date(text, latest=latest)
        if found is None and text.strip("0-/. :"):  # 0000-00-00 says nothing
            remarks.append(Remark(fault=Fault.BAD_DATE, detail=text))
        return found

    birth_on, member_from = day("birth_on", today), day("member_from", today)
    member_until = day("member_until")
    return PatronRow(
        line=row.line,
        card=card,
        family_name=said["family_name"],
        given_name=said.get("given_name", ""),
        birth_on=birth_on,
        sex=_SEXES.get(fold(said.get("sex", "")), ""),
        category=said.get("category", ""),
        home=said.get("home", ""),
        registered_at=tuple(
            filter(None, map(str.strip, re.split("[,;|/]", said.get("registered_at", ""))))
        ),
        membership=_membership(said.get("membership", "")),
        member_from=member_from,
        member_until=member_until,
        street=said.get("street", ""),
        postcode=said.get("postcode", ""),
        commune=said.get("commune", ""),
        telephone=said.get("telephone", ""),
        mobile=said.get("mobile", ""),
        mail=mail,
        guardian=said.get("guardian", ""),
        note=said.get("note", ""),
        remarks=tuple(remarks),
        raw=_raw(row),
    )


def _by_meaning(values: Sequence[str], columns: Sequence[str]) -> dict[str, str]:
    said: dict[str, str] = {}
    for meaning, value in zip(columns, map(str.strip, values), strict=True):
        if meaning in _PUT_TOGETHER and said.get(meaning) and value:
            said[meaning] += f" {value}"
        elif value:
            said.setdefault(meaning, value)
    return said


def _card_as_written(text: str) -> str:
    """The number without what spreadsheets put around it: ="…", '…, spaces, .0"""
    bare = re.sub(r"\s", "", text.removeprefix("=").strip("\"'"))
    return re.sub(r"(?<=[0-9])\.0$", "", bare)


def _with_zeros(card: str, formats: Sequence[NumberFormat]) -> str:
    """The number with its lost zeros, if they make a number of the network's shape of it."""
    if re.fullmatch("[0-9]+", card):
        for shape in formats:
            padded = card.zfill(shape.length)
            if _has_shape(padded, shape):
                return padded
    return card


def _has_shape(card: str, shape: NumberFormat) -> bool:
    return (
        len(card) == shape.length
        and card.startswith(shape.prefix)
        and card.endswith(shape.suffix)
        and card.isascii()
        and card.isalnum()
    )


def _membership(text: str) -> Literal["free", "paid", ""]:
    """Free or paid, from a word, a tariff's name or an amount."""
    amount = read_price(text)
    if amount is not None:
        return "paid" if amount else "free"
    words = fold(text)
    if re.search("grat|free|exon", words):
        return "free"
    return "paid" if re.search("pay|paid", words) else ""


def _rejected(row: Row, fault: Fault, detail: str = "", card: str | None = None) -> Rejected:
    return Rejected(
        position=row.line, control_number=card, fault=fault, detail=detail, raw=_raw(row)
    )


def _raw(row: Row) -> bytes:
    return row.text.rstrip("\r\n").encode(errors="replace")
