"""Reading a table of patrons from another system or a spreadsheet."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Literal

from staffdesk.exchange.columns import ColumnGuess, Line, known_columns, read_lines
from staffdesk.exchange.findings import Fault, Rejected, Remark
from staffdesk.exchange.numbers import as_written, has_shape, is_rounded, with_zeros
from staffdesk.exchange.values import read_date, read_price
from staffdesk.folding import fold
from staffdesk.network import NumberFormat

_SEXES: Mapping[str, Literal["f", "m"]] = {
    **dict.fromkeys(
        ("f", "femme", "feminin", "female", "fille", "mme", "madame", "mlle", "mademoiselle"), "f"
    ),
    **dict.fromkeys(("m", "h", "homme", "masculin", "male", "garcon", "mr", "monsieur"), "m"),
}
_WITH_DAY = re.compile(r"(.*?)\s*\(([^()]*)\)")
_MEMBERSHIP = {"free": "gratuit", "paid": "payant", "": ""}

Dated = tuple[str, date | None]
"""A card or a library, and since when."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PatronRow:
    """A patron as the table says; empty text or None where it says nothing.

    `home`, `registered_at` and `category` are the table's own codes or names. Who have the same
    `household` live together.
    """

    line: int
    card: str
    family_name: str
    given_name: str
    birth_on: date | None
    sex: Literal["f", "m", ""]
    category: str
    home: str
    registered_at: tuple[Dated, ...]
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
    registered_on: date | None
    suspended_until: date | None
    deceased_on: date | None
    household: str
    card_issued_on: date | None
    former_cards: tuple[Dated, ...]
    remarks: tuple[Remark, ...] = ()
    raw: bytes = field(default=b"", compare=False, repr=False)
    """The line itself, for whoever must reject it after all."""

    def rejected(self, fault: Fault, detail: str = "") -> Rejected:
        """The patron refused after all."""
        return Rejected(
            position=self.line, control_number=self.card, fault=fault, detail=detail, raw=self.raw
        )


_TEXTS = (
    "given_name",
    "category",
    "home",
    "street",
    "postcode",
    "commune",
    "telephone",
    "mobile",
    "mail",
    "guardian",
    "note",
    "household",
)


def read_patrons(
    path: Path,
    guess: ColumnGuess,
    *,
    today: date,
    card_formats: Sequence[NumberFormat] = (),
) -> Iterator[PatronRow | Rejected]:
    """The patrons of a table, line by line; lines that cannot be taken are `Rejected`.

    `guess` says which column is what. `today` tells 1925 from 2025 in a date of birth of two
    digits. Card numbers of digits alone that lost their leading zeros are given them back when
    that makes a number of one of `card_formats`; where there are such formats, a card that has
    none of them is remarked. Nothing in the file makes it raise; OSError when it cannot be read.
    """
    line_of_card: dict[str, int] = {}
    for line in read_lines(path, guess):
        patron = line if isinstance(line, Rejected) else _patron(line, today, card_formats)
        if isinstance(patron, PatronRow):
            first = line_of_card.setdefault(patron.card, patron.line)
            if first != patron.line:
                patron = patron.rejected(Fault.DOUBLE_CARD, str(first))
        yield patron


def _patron(line: Line, today: date, card_formats: Sequence[NumberFormat]) -> PatronRow | Rejected:
    said = line.said
    written = as_written(said.get("card", ""))
    if not written:
        return line.rejected(Fault.NO_CARD)
    if is_rounded(written):
        return line.rejected(Fault.NUMBER_ROUNDED, written)
    card = with_zeros(written, card_formats)
    if not said.get("family_name"):
        return line.rejected(Fault.NO_NAME)
    remarks = []
    if card != written:
        remarks.append(Remark(fault=Fault.ZEROS_RESTORED, detail=card))
    if card_formats and not any(has_shape(card, each) for each in card_formats):
        remarks.append(Remark(fault=Fault.UNUSUAL_CARD))
    mail = said.get("mail", "")
    if mail and "@" not in mail:
        remarks.append(Remark(fault=Fault.BAD_MAIL, detail=mail))

    def day(name: str, latest: date | None = None) -> date | None:
        text = said.get(name, "")
        found = read_date(text, latest=latest)
        if found is None and text.strip("0-/. :"):  # 0000-00-00 says nothing
            remarks.append(Remark(fault=Fault.BAD_DATE, detail=text))
        return found

    return PatronRow(
        line=line.line,
        card=card,
        family_name=said["family_name"],
        birth_on=day("birth_on", today),
        sex=_SEXES.get(fold(said.get("sex", "")), ""),
        registered_at=_dated(said.get("registered_at", "")),
        membership=_membership(said.get("membership", "")),
        member_from=day("member_from", today),
        member_until=day("member_until"),
        registered_on=day("registered_on", today),
        suspended_until=day("suspended_until"),
        deceased_on=day("deceased_on", today),
        card_issued_on=day("card_issued_on", today),
        former_cards=_dated(said.get("former_cards", "")),
        **{name: said.get(name, "") for name in _TEXTS},
        remarks=tuple(remarks),
        raw=line.raw,
    )


def patron_cells(patron: PatronRow) -> dict[str, str]:
    """What an export writes of a patron, by the fields of `known_columns`: what `read_patrons`
    reads."""
    said = {
        name: value.isoformat() if isinstance(value, date) else value
        for name in known_columns("patrons")
        if isinstance(value := getattr(patron, name), date | str)
    }
    return said | {
        "sex": patron.sex.upper(),
        "membership": _MEMBERSHIP[patron.membership],
        "registered_at": _with_days(patron.registered_at),
        "former_cards": _with_days(patron.former_cards),
    }


def _dated(text: str) -> tuple[Dated, ...]:
    """ "ITEUIL, DIENNE (2024-09-01)" → names, and since when."""
    found = []
    for part in filter(None, map(str.strip, re.split("[,;|/](?![^(]*\\))", text))):
        with_day = _WITH_DAY.fullmatch(part)
        day = read_date(with_day[2]) if with_day else None
        found.append((with_day[1], day) if with_day and day else (part, None))
    return tuple(found)


def _with_days(dated: Sequence[Dated]) -> str:
    return ", ".join(f"{name} ({day})" if day else name for name, day in dated)


def _membership(text: str) -> Literal["free", "paid", ""]:
    """Free or paid, from a word, a tariff's name or an amount."""
    amount = read_price(text)
    if amount is not None:
        return "paid" if amount else "free"
    words = fold(text)
    if re.search("grat|free|exon", words):
        return "free"
    return "paid" if re.search("pay|paid", words) else ""
