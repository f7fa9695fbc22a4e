"""What a UNIMARC record says of a title: each fact is read from the first field that has it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from staffdesk.exchange.copies import CopyData, read_copies
from staffdesk.exchange.findings import Fault, Remark
from staffdesk.exchange.profiles import Profile
from staffdesk.exchange.record import Record, sorting, subfields, unmarked, value, values
from staffdesk.exchange.values import read_isbn, read_issn

_YEAR = re.compile(r"(?:1[5-9]|20)[0-9]{2}")
_LIFE_DATES = re.compile(r"\s*\([0-9]{3,4}[-–.0-9?]*\)$")
_RESPONSIBLE = ("700", "710", "701", "711", "702", "712")

# What ISBD puts before a sub-field of 200 that is not the first.
_BEFORE = {"a": " ; ", "e": " : ", "h": ". ", "i": ". "}

# 100$a/17-19, the intended reader.
_AUDIENCES = {"a": "youth", "b": "youth", "c": "youth", "d": "youth", "e": "teen"} | {
    "k": "adult",
    "m": "adult",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class BibliographicRecord:
    """A title as its file describes it, with its copies.

    `title` is complete, with subtitle, part number and part title; it is empty (and a remark
    says so) when the record has none. `sort_title` leaves out what non-sorting marks enclose.
    Names are "Nom, Prénom", the main author first. ISBN have thirteen digits; `eans` are the
    other product numbers. `part_of` is the set that this volume belongs to. `language` is the
    code of the file ("fre"), `audience` "adult", "teen", "youth" or empty, `document_type` the
    file's own code. `remarks` tell what is doubtful in the record and its copies.
    """

    position: int
    control_number: str
    title: str
    sort_title: str
    author: str
    authors: tuple[str, ...]
    publisher: str
    year: int | None
    isbns: tuple[str, ...]
    eans: tuple[str, ...]
    issn: str
    series: str
    series_number: str
    part_of: str
    edition: str
    extent: str
    summary: str
    subjects: tuple[str, ...]
    language: str
    audience: str
    document_type: str
    encoding: str
    copies: tuple[CopyData, ...]
    remarks: tuple[Remark, ...]


def bibliographic_record(record: Record, profile: Profile) -> BibliographicRecord:
    """Everything that is kept of a UNIMARC record, the copies read by `profile`."""
    marked_title = _title(record)
    isbns, eans, doubtful = _numbers(record)
    publisher, year = _publication(record)
    series, series_number = _series(record)
    authors = tuple(dict.fromkeys(_names(record)))
    audience = _audience(record, profile)
    copies, copy_remarks = read_copies(record, profile, audience)
    remarks = [Remark(fault=Fault.BAD_ISBN, detail=number) for number in doubtful]
    if not marked_title:
        remarks.append(Remark(fault=Fault.NO_TITLE))
    if "\ufffd" in marked_title or any("\ufffd" in name for name in authors):
        remarks.append(Remark(fault=Fault.UNREADABLE_CHARACTERS))
    return BibliographicRecord(
        position=record.position,
        control_number=record.control_number,
        title=unmarked(marked_title),
        sort_title=sorting(marked_title),
        author=authors[0] if authors else record.first("200", "f"),
        authors=authors,
        publisher=publisher,
        year=year,
        isbns=isbns,
        eans=eans,
        issn=next(filter(None, map(read_issn, record.values("011"))), None) or "",
        series=series,
        series_number=series_number,
        part_of=_part_of(record),
        edition=record.first("205"),
        extent=_extent(record),
        summary=" ".join(record.values("330")),
        subjects=tuple(dict.fromkeys(_subjects(record))),
        language=record.first("101"),
        audience=audience,
        document_type=_document_type(record, profile),
        encoding=record.encoding,
        copies=copies,
        remarks=(*remarks, *copy_remarks),
    )


def _title(record: Record) -> str:
    """200 $a : $e. $h, $i; else the set's title (461), else the uniform title (500).

    Non-sorting marks are still in it.
    """
    for field in record.each("200"):
        title = last = ""
        for letter, part in subfields(field):
            if part and letter in _BEFORE:
                before = ", " if (last, letter) == ("h", "i") else _BEFORE[letter]
                title += before + part if title else part
                last = letter
        if title:
            return title
    return _part_of(record) or record.first("500")


def _part_of(record: Record) -> str:
    """The set that the volume belongs to, with its number there: "Harry Potter, 3"."""
    for field in record.each("461"):
        if title := value(field, "t"):
            return ", ".join(filter(None, (title, value(field, "v"))))
    return ""


def _names(record: Record) -> Iterator[str]:
    for tag in _RESPONSIBLE:
        for field in record.each(tag):
            name, rest = value(field, "a"), value(field, "b")
            if name:
                # A person's forename; a corporate body's subdivision.
                joined = (", " if tag[1] == "0" else ". ").join(filter(None, (name, rest)))
                yield _LIFE_DATES.sub("", joined)


def _numbers(record: Record) -> tuple[tuple[str, ...], tuple[str, ...], list[str]]:
    """ISBN, other EAN, and what was written as an ISBN and is none."""
    isbns: dict[str, None] = {}
    eans: dict[str, None] = {}
    doubtful = []
    for written in record.values("010"):
        if isbn := read_isbn(written):
            isbns[isbn] = None
        else:
            doubtful.append(written)
    for written in record.values("073"):
        if isbn := read_isbn(written):
            isbns[isbn] = None
        else:
            eans[written.replace("-", "")] = None
    return tuple(isbns), tuple(eans), doubtful


def _publication(record: Record) -> tuple[str, int | None]:
    """Publisher and year: 214 (publisher's before the other roles), 219, 210; year else 100$a."""
    fields = sorted(record.each("214"), key=lambda field: field[1:2] != "0")
    fields += record.each("219") + record.each("210")
    publishing = [field for field in fields if field[1:2] not in ("3", "4")]
    publisher = next(filter(None, (value(field, "c") for field in publishing)), "")
    dates = [date for field in fields for date in values(field, "d")]
    years = (_YEAR.search(date) for date in [*dates, _coded(record)[9:13]])
    year = next(filter(None, years), None)
    return publisher, int(year[0]) if year else None


def _series(record: Record) -> tuple[str, str]:
    """The publisher's series and the number in it: 225 $a $i $v, else 410 $t $v."""
    for field in record.each("225"):
        if name := ". ".join(values(field, "ai")):
            return name, value(field, "v")
    for field in record.each("410"):
        if name := value(field, "t"):
            return name, value(field, "v")
    return "", ""


def _extent(record: Record) -> str:
    """215 as ISBD writes it: 92 p. : ill. ; 24 cm + 1 CD."""
    for field in record.each("215"):
        before = {"a": " ", "c": " : ", "d": " ; ", "e": " + "}
        text = "".join(before[letter] + part for letter, part in subfields(field)
                       if part and letter in before)  # fmt: skip
        if text:
            return text.lstrip(" :;+")
    return ""


def _subjects(record: Record) -> Iterator[str]:
    for field in record.each("600"):
        name = ", ".join(filter(None, (value(field, "a"), value(field, "b"))))
        if heading := " -- ".join(filter(None, (name, *values(field, "xyz")))):
            yield heading
    for tag in ("601", "606", "607", "608"):
        for field in record.each(tag):
            if heading := " -- ".join(values(field, "axyz")):
                yield heading
    yield from record.values("610")


def _audience(record: Record, profile: Profile) -> str:
    """From the copies (995$q), else 100$a/17-19, else an age in 333."""
    for letter, codes in profile.audiences.items():
        for code in record.values(profile.tag, letter):
            if code in codes:
                return codes[code]
    for code in _coded(record)[17:20]:
        if code in _AUDIENCES:
            return _AUDIENCES[code]
    for note in record.values("333"):
        if age := re.search(r"([0-9]{1,2})\s*(?:ans|-)", note):
            return "youth" if int(age[1]) < 12 else "teen" if int(age[1]) < 18 else "adult"
    return ""


def _coded(record: Record) -> str:
    """100$a with its blanks: its places count."""
    field = next(iter(record.each("100")), "")
    return field.partition("\x1fa")[2].partition("\x1f")[0]


def _document_type(record: Record, profile: Profile) -> str:
    """The file's own code: 099$t, else the copies', else leader/06-07, else 182, 181, 200$b."""
    return (
        record.first("099", "t")
        or record.first(profile.tag, "".join(profile.item_types))
        or record.leader[6:8].strip()
        or record.first("182", "ca")
        or record.first("181", "ca")
        or record.first("200", "b")
    )
