"""What a UNIMARC record says of a title: each fact is read from the first field that has it."""

import re
from collections.abc import Iterator

from staffdesk.exchange.bibliographic import (
    BibliographicRecord,
    doubts,
    product_numbers,
    year_in,
)
from staffdesk.exchange.copies import read_copies, record_audience
from staffdesk.exchange.document_types import record_type
from staffdesk.exchange.profiles import Profile, copies_of
from staffdesk.exchange.record import Record, sorting, subfields, unmarked, value, values
from staffdesk.exchange.relators import unimarc_relator
from staffdesk.exchange.values import audience_at, read_date, read_issn

_LIFE_DATES = re.compile(r"\s*\([0-9]{3,4}[-–.0-9?]*\)$")
_RESPONSIBLE = ("700", "710", "701", "711", "702", "712")
_SUBJECTS = ("601", "602", "605", "606", "607", "608")

# What ISBD puts before a sub-field of 200 that is not the first, and before one of 215.
_IN_TITLE = {"a": " ; ", "e": " : ", "h": ". ", "i": ". "}
_IN_EXTENT = {"a": " ", "c": " : ", "d": " ; ", "e": " + "}

# 100$a/17-19, the intended reader.
_AUDIENCES = {"a": "youth", "b": "youth", "c": "youth", "d": "youth", "e": "teen"} | {
    "k": "adult",
    "m": "adult",
}


def read_unimarc(record: Record, profile: Profile) -> BibliographicRecord:
    """Everything that is kept of a UNIMARC record, the copies read by `profile`."""
    marked_title = _title(record)
    isbns, eans, doubtful = _numbers(record)
    place, publisher, year = _publication(record)
    series, series_number = _series(record)
    part_of, part_number = _set(record)
    copies = copies_of(record, profile)
    audience = record_audience(copies, profile, coded=_audience(record))
    of_record = record_type(record, profile, copies)
    read, remarks = read_copies(copies, profile, audience=audience, of_record=of_record)
    contributors = tuple(dict.fromkeys(_contributors(record)))
    if not contributors and (said := record.first("200", "f")):
        contributors = ((said, ""),)
    return BibliographicRecord(
        position=record.position,
        control_number=record.control_number,
        title=unmarked(marked_title),
        sort_title=sorting(marked_title),
        contributors=contributors,
        publisher=publisher,
        publication_place=place,
        year=year,
        edition=record.first("205"),
        extent=_extent(record),
        series=series,
        series_number=series_number,
        part_of=part_of,
        part_number=part_number,
        isbns=isbns,
        eans=eans,
        issn=next(filter(None, map(read_issn, record.values("011"))), None) or "",
        summary=" ".join(record.values("330")),
        contents=" ; ".join(record.values("327", "abcdefgh")),
        note=" ; ".join(record.values("300")),
        subjects=tuple(dict.fromkeys(_subjects(record))),
        classification=record.first("676"),
        language=record.first("101").lower(),
        original_language=record.first("101", "c").lower(),
        audience=audience,
        document_type=of_record.document,
        entered_on=read_date(_coded(record)[:8]),
        encoding=record.encoding,
        copies=read,
        remarks=(*doubts(marked_title, contributors, doubtful, record.encoding), *remarks),
    )


def _title(record: Record) -> str:
    """200 $a : $e. $h, $i; else the set's title (461), else the uniform title (500).

    Some systems leave the names in it that ISBD puts behind " / ". Non-sorting marks are still
    in it.
    """
    for field in record.each("200"):
        title = last = ""
        for letter, part in subfields(field):
            if part and letter in _IN_TITLE:
                before = ", " if (last, letter) == ("h", "i") else _IN_TITLE[letter]
                title += before + part if title else part
                last = letter
        if title := title.partition(" / ")[0].rstrip():
            return title
    return ", ".join(filter(None, _set(record))) or record.first("500")


def _set(record: Record) -> tuple[str, str]:
    """The set that the volume belongs to and its number there: 461 $t $v, or fields in $1."""
    for field in record.each("461"):
        embedded = any(each.startswith("200") for each in values(field, "1"))
        if title := value(field, "ta" if embedded else "t"):
            return title, value(field, "v")
    return "", ""


def _contributors(record: Record) -> Iterator[tuple[str, str]]:
    for tag in _RESPONSIBLE:
        for field in record.each(tag):
            name, rest = value(field, "a"), value(field, "b")
            if name:
                # A person's forename; a corporate body's subdivision.
                joined = (", " if tag[1] == "0" else ". ").join(filter(None, (name, rest)))
                yield _LIFE_DATES.sub("", joined), unimarc_relator(value(field, "4"))


def _numbers(record: Record) -> tuple[tuple[str, ...], tuple[str, ...], list[str]]:
    """ISBN, other product numbers, and what was written as one of these and is none.

    071 holds an EAN now and then, but mostly a label's own number, which is no fault.
    """
    strict = (*record.values("010"), *record.values("013"), *record.values("073"))
    return product_numbers(strict, (*record.values("071"), *record.values("072")))


def _publication(record: Record) -> tuple[str, str, int | None]:
    """Place, publisher, year: 214 (the publisher's before others), 219, 210; year else 100$a."""
    fields = sorted(record.each("214"), key=lambda field: field[1:2] != "0")
    fields += record.each("219") + record.each("210")
    publishing = [field for field in fields if field[1:2] not in ("3", "4")]
    place = next(filter(None, (value(field, "a") for field in publishing)), "")
    publisher = next(filter(None, (value(field, "c") for field in publishing)), "")
    dates = [date for field in fields for date in values(field, "d")]
    return place, publisher, year_in([*dates, _coded(record)[9:13]])


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
        text = "".join(_IN_EXTENT[letter] + part for letter, part in subfields(field)
                       if part and letter in _IN_EXTENT)  # fmt: skip
        if text:
            return text.lstrip(" :;+")
    return ""


def _subjects(record: Record) -> Iterator[str]:
    for field in record.each("600"):
        name = ", ".join(filter(None, (value(field, "a"), value(field, "b"))))
        if heading := " -- ".join(filter(None, (name, *values(field, "xyz")))):
            yield heading
    for tag in _SUBJECTS:
        for field in record.each(tag):
            if heading := " -- ".join(values(field, "axyz")):
                yield heading
    yield from record.values("610")


def _audience(record: Record) -> str:
    """From 100$a/17-19, else an age in 333."""
    for code in _coded(record)[17:20]:
        if code in _AUDIENCES:
            return _AUDIENCES[code]
    for note in record.values("333"):
        if age := re.search(r"([0-9]{1,2})\s*(?:ans|-)", note):
            return audience_at(int(age[1]))
    return ""


def _coded(record: Record) -> str:
    """100$a with its blanks: its places count."""
    field = next(iter(record.each("100")), "")
    return field.partition("\x1fa")[2].partition("\x1f")[0]
