"""Reading a table of titles and copies: what we export, and what Waterbear writes."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import NamedTuple

from staffdesk.exchange.bibliographic import (
    BibliographicRecord,
    Contributors,
    doubts,
    product_numbers,
    year_in,
)
from staffdesk.exchange.catalogue_columns import OF_TITLE, column_of, heading, parted
from staffdesk.exchange.copies import CopyData
from staffdesk.exchange.document_types import BOOK
from staffdesk.exchange.findings import Fault, Rejected, Remark
from staffdesk.exchange.numbers import as_written, is_rounded
from staffdesk.exchange.profiles import DEFAULT, load_profile, meaning_of
from staffdesk.exchange.record import sorting, unmarked
from staffdesk.exchange.tables import Row, form_of, read_rows
from staffdesk.exchange.values import read_date, read_issn, read_price
from staffdesk.folding import fold
from staffdesk.vocabulary import ItemState

_ROLE = re.compile(r"\s*\(([0-9]{3})\)$")
_YEAR = re.compile("[12][0-9]{3}")
_AGE = re.compile("[0-9]{1,2}")
_PAIR = re.compile("[agijklmz][abcdefzu]")  # Recommandation 995: content, then medium

# How a table of our own, or another, may say these, folded.
_AUDIENCES = {
    **dict.fromkeys(("adult", "a", "adulte", "adultes"), "adult"),
    **dict.fromkeys(("teen", "ado", "adolescent", "adolescents"), "teen"),
    **dict.fromkeys(("youth", "j", "jeune", "jeunesse", "enfant"), "youth"),
}
_STATES = {fold(state): state for state in ItemState}


class _Line(NamedTuple):
    """A line of the table: its number, and what its columns say, "" where they say nothing."""

    number: int
    said: Mapping[str, str]


def read_catalogue_table(path: Path) -> Iterator[BibliographicRecord | Rejected]:
    """The titles of a table that has one line a copy; lines that cannot be read are rejected.

    Lines that follow each other with the same control number, or without one with the same title
    in all its columns, are copies of one title. Nothing in the file makes it raise; OSError when
    it cannot be read.
    """
    form = form_of(path)
    rows = read_rows(path, form)
    first = next(rows, Row(1, "", []))
    columns = [column_of(name) for name in first.values or []]
    if "title" not in columns:
        yield _rejected(first, Fault.NO_COLUMN, heading("title"))
        return
    encoding = "UTF-8" if form.encoding.startswith("utf-8") else form.encoding
    copies: list[_Line] = []
    for row in rows:
        line = _line(row, columns)
        if isinstance(line, Rejected):
            yield line
            continue
        if copies and _title_of(line) != _title_of(copies[0]):
            yield _record(copies, columns, encoding)
            copies = []
        copies.append(line)
    if copies:
        yield _record(copies, columns, encoding)


def _line(row: Row, columns: Sequence[str]) -> _Line | Rejected:
    if row.values is None:
        return _rejected(row, Fault.OPEN_QUOTE)
    if len(row.values) != len(columns):
        return _rejected(row, Fault.RAGGED, f"{len(row.values)} / {len(columns)}")
    said: dict[str, str] = defaultdict(str)
    for column, value in zip(columns, row.values, strict=True):
        if column and (text := " ".join(value.replace("\0", "").split())):
            said.setdefault(column, text)
    bare = as_written(said["barcode"])
    if is_rounded(bare):
        return _rejected(row, Fault.NUMBER_ROUNDED, bare)
    if bare.isdecimal():  # a number with letters may have blanks of its own
        said["barcode"] = bare
    return _Line(row.line, said)


def _rejected(row: Row, fault: Fault, detail: str = "") -> Rejected:
    return Rejected(
        position=row.line,
        fault=fault,
        detail=detail,
        raw=row.text.rstrip("\r\n").encode(errors="replace"),
    )


def _title_of(line: _Line) -> object:
    """What tells that two lines are copies of one title."""
    return line.said["control_number"] or {
        name: value for name, value in line.said.items() if value and name in OF_TITLE
    }


def _record(lines: Sequence[_Line], columns: Sequence[str], encoding: str) -> BibliographicRecord:
    """A title from its first line, and its copies."""
    position, said = lines[0]
    remarks: list[Remark] = []
    title = " : ".join(filter(None, (said["title"], said["title_rest"])))
    isbns, eans, doubtful = product_numbers(map(as_written, parted(said["isbn"])))
    contributors = _contributors(said)
    entered_on = _day(said["record_entered_on"], remarks)
    audience = _AUDIENCES.get(fold(said["audience"]), "")
    copies = tuple(
        _copy(each.said, columns, audience, remarks)
        for each in lines
        if any(value for name, value in each.said.items() if name not in OF_TITLE)
    )
    told = "document_type" in columns or not copies
    return BibliographicRecord(
        position=position,
        control_number=said["control_number"],
        title=unmarked(title),
        sort_title=said["sort_title"] or sorting(title),
        contributors=contributors,
        publisher=said["publisher"],
        publication_place=said["publication_place"],
        year=int(said["year"]) if _YEAR.fullmatch(said["year"]) else year_in([said["year"]]),
        edition=said["edition"],
        extent=said["extent"] or _extent(said),
        series=said["series"],
        series_number=said["series_number"],
        part_of=said["part_of"],
        part_number=said["part_number"],
        isbns=isbns,
        eans=eans,
        issn=read_issn(said["issn"]) or "",
        summary=said["summary"],
        contents=said["contents"],
        note=said["note"],
        subjects=tuple(dict.fromkeys(parted(said["subjects"]))),
        classification=said["classification"],
        language=said["language"].lower(),
        original_language=said["original_language"].lower(),
        audience=audience,
        document_type=_type(said["document_type"]) if told else copies[0].type_code,
        entered_on=entered_on,
        encoding=encoding,
        copies=copies,
        remarks=(*doubts(title, contributors, doubtful, encoding), *remarks),
    )


def _contributors(said: Mapping[str, str]) -> Contributors:
    """ "Nom, Prénom (070)", each once; or the one whose names have columns of their own."""
    name = ", ".join(filter(None, (said["family_name"], said["given_name"])))
    found = []
    for written in parted(said["authors"]) or [name]:
        role = _ROLE.search(written)
        found.append((_ROLE.sub("", written), role[1] if role else ""))
    return tuple(dict.fromkeys(each for each in found if each[0]))


def _extent(said: Mapping[str, str]) -> str:
    """As ISBD writes it: 92 p. : ill. ; 24 cm + 1 CD."""
    parts = (("", "pages"), (" : ", "illustrations"), (" ; ", "size"), (" + ", "accompanying"))
    return "".join(before + said[name] for before, name in parts if said[name]).lstrip(" :;+")


def _copy(
    said: Mapping[str, str], columns: Sequence[str], audience: str, remarks: list[Remark]
) -> CopyData:
    if not said["barcode"]:
        remarks.append(Remark(fault=Fault.NO_BARCODE))
    state = _STATES.get(fold(said["state"]))
    if said["state"] and state is None:
        remarks.append(Remark(fault=Fault.UNKNOWN_STATUS, detail=said["state"]))
    told = "item_audience" in columns
    return CopyData(
        barcode=said["barcode"],
        owner=said["owner"],
        home=said["home"],
        place=said["place"],
        location=said["location"],
        call_number=said["call_number"],
        type_code=_type(said["item_type"]) or _type(said["document_type"]) or BOOK,
        volume=said["volume"],
        contents="",
        note=said["item_note"],
        missing_parts=said["missing_parts"],
        audience=_AUDIENCES.get(fold(said["item_audience"]), "") if told else audience,
        minimum_age=int(said["minimum_age"]) if _AGE.fullmatch(said["minimum_age"]) else None,
        state=state or ItemState.AVAILABLE,
        state_since=_day(said["state_since"], remarks),
        due_on=None,
        return_by=_day(said["return_by"], remarks),
        entered_on=_day(said["entered_on"], remarks),
        new_until=_day(said["new_until"], remarks),
        tells_new="new_until" in columns,
        price=read_price(said["price"]),
    )


def _type(code: str) -> str:
    """Our own code as it is; a pair of Recommandation 995 ("je") by its table."""
    if not _PAIR.fullmatch(code):
        return code
    return meaning_of(code, load_profile(DEFAULT).item_types["r"]) or code


def _day(written: str, remarks: list[Remark]) -> date | None:
    found = read_date(written)
    if found is None and written.strip("0-/. "):
        remarks.append(Remark(fault=Fault.BAD_DATE, detail=written))
    return found
