"""What a MARC 21 record says of a title: as `unimarc`, without the punctuation between parts."""

import re
from collections.abc import Iterator
from datetime import date

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

# Punctuation that announces the next part. A point closes a word, but also belongs to an initial.
_ANNOUNCING = re.compile(r"(?:\s*[,;:/=+]|(?:(?<=[^\W\d_]{3})|(?<=[0-9)\]]))\.)\s*$")
_RESPONSIBLE = ("100", "110", "111", "700", "710", "711")
_PERSONS = ("100", "700")
_SUBJECTS = ("610", "611", "630", "650", "651", "655")
_PRODUCT_NUMBERS = "123"  # first indicator of 024: UPC, ISMN, EAN

# What stands before a sub-field of 245 that is not the first, and before one of 300.
_IN_TITLE = {"a": " ; ", "b": " : ", "n": ". ", "p": ". "}
_IN_EXTENT = {"a": " ", "b": " : ", "c": " ; ", "e": " + "}

# 008/22, the intended reader.
_AUDIENCES = {"a": "youth", "b": "youth", "c": "youth", "j": "youth", "d": "teen", "e": "adult"}
_WITHOUT_AUDIENCE = "ef"  # leader/06: maps have something else there


def read_marc21(record: Record, profile: Profile) -> BibliographicRecord:
    """Everything that is kept of a MARC 21 record, the copies read by `profile`."""
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
    if not contributors and (said := _bare(record.first("245", "c"))):
        contributors = ((said, ""),)
    return BibliographicRecord(
        position=record.position,
        control_number=record.control_number,
        title=unmarked(marked_title),
        sort_title=_sort_title(record, marked_title),
        contributors=contributors,
        publisher=publisher,
        publication_place=place,
        year=year,
        edition=_bare(" ".join(record.values("250", "ab"))),
        extent=_extent(record),
        series=series,
        series_number=series_number,
        part_of=part_of,
        part_number=part_number,
        isbns=isbns,
        eans=eans,
        issn=next(filter(None, map(read_issn, record.values("022"))), None) or "",
        summary=" ".join(record.values("520", "ab")),
        contents=" ; ".join(" ".join(values(field, "agrt")) for field in record.each("505")),
        note=" ; ".join(record.values("500")),
        subjects=tuple(dict.fromkeys(_subjects(record))),
        classification=record.first("082").replace("/", ""),
        language=_language(record),
        original_language=record.first("041", "h")[:3].lower(),
        audience=audience,
        document_type=of_record.document,
        entered_on=_entered_on(record),
        encoding=record.encoding,
        copies=read,
        remarks=(*doubts(marked_title, contributors, doubtful, record.encoding), *remarks),
    )


def _bare(text: str) -> str:
    """A part without the punctuation that announces the next one."""
    return _ANNOUNCING.sub("", text)


def _title(record: Record) -> str:
    """245 $a : $b. $n, $p; else the uniform title. Non-sorting marks are still in it."""
    for field in record.each("245"):
        title = last = ""
        for letter, part in subfields(field):
            if part and letter in _IN_TITLE:
                announced = next((sign for sign in "=;" if last.endswith(sign)), "")
                before = f" {announced} " if announced and letter == "b" else _IN_TITLE[letter]
                if letter == "p" and last.endswith(","):
                    before = ", "
                if title:
                    title = title.removesuffix(before[0]) + before + _bare(part)
                else:
                    title = _bare(part)
            last = part
        if title:
            return title
    return _bare(record.first("130") or record.first("240"))


def _sort_title(record: Record, marked_title: str) -> str:
    """Without as many characters as the second indicator says, if they end before a word."""
    skipped = next(iter(record.each("245")), "")[1:2]
    title = unmarked(marked_title)
    if skipped.isdecimal() and 0 < int(skipped) < len(title):
        article, rest = title[: int(skipped)], title[int(skipped) :]
        if not article[-1].isalnum():
            return rest
    return sorting(marked_title)


def _contributors(record: Record) -> Iterator[tuple[str, str]]:
    for tag in _RESPONSIBLE:
        for field in record.each(tag):
            parts = [_bare(part) for part in values(field, "ab")]
            name = (" " if tag in _PERSONS else ". ").join(filter(None, parts))
            if name:
                yield name, _relator(field)


def _relator(field: str) -> str:
    said = (*values(field, "4"), *values(field, "e"))
    return next(filter(None, map(unimarc_relator, said)), "")


def _numbers(record: Record) -> tuple[tuple[str, ...], tuple[str, ...], list[str]]:
    """ISBN, other product numbers, and what was written as one of these and is none."""
    others = (field for field in record.each("024") if field[:1] in _PRODUCT_NUMBERS)
    return product_numbers(
        record.values("020"), (number for field in others for number in values(field))
    )


def _publication(record: Record) -> tuple[str, str, int | None]:
    """Place, publisher, year: 264 of the publisher, 260; the year else of another 264, 008/07."""
    fields = [field for field in record.each("264") if field[1:2] == "1"] + record.each("260")
    place = next(filter(None, (_bare(value(field, "a")) for field in fields)), "")
    publisher = next(filter(None, (_bare(value(field, "b")) for field in fields)), "")
    dates = [date for field in fields + record.each("264") for date in values(field, "c")]
    return place, publisher, year_in([*dates, _coded(record)[7:11]])


def _series(record: Record) -> tuple[str, str]:
    """The publisher's series and the number in it: 490, else 440, else 830."""
    for tag, letters in (("490", "a"), ("440", "anp"), ("830", "anp")):
        for field in record.each(tag):
            if name := ". ".join(map(_bare, values(field, letters))):
                return name, _bare(value(field, "v"))
    return "", ""


def _set(record: Record) -> tuple[str, str]:
    """What the record is a part of, and which part: 773 $t $g."""
    for field in record.each("773"):
        if title := _bare(value(field, "t")):
            return title, _bare(value(field, "g"))
    return "", ""


def _extent(record: Record) -> str:
    for field in record.each("300"):
        text = "".join(_IN_EXTENT[letter] + _bare(part) for letter, part in subfields(field)
                       if part and letter in _IN_EXTENT)  # fmt: skip
        if text:
            return text.lstrip(" :;+")
    return ""


def _subjects(record: Record) -> Iterator[str]:
    for field in record.each("600"):
        name = " ".join(_bare(part) for part in values(field, "ab"))
        if heading := " -- ".join(filter(None, (name, *map(_bare, values(field, "tvxyz"))))):
            yield heading
    for tag in _SUBJECTS:
        for field in record.each(tag):
            if heading := " -- ".join(map(_bare, values(field, "abtvxyz"))):
                yield heading
    yield from record.values("653")


def _language(record: Record) -> str:
    """041, whose codes may stand in one, else 008/35-37."""
    return (record.first("041")[:3] or _coded(record)[35:38].strip(" |")).lower()


def _audience(record: Record) -> str:
    """From 008/22 where it is the intended reader, else an age in 521."""
    is_serial = record.leader[7] in "bis"
    if not is_serial and record.leader[6] not in _WITHOUT_AUDIENCE:
        code = _coded(record)[22:23]
        if code in _AUDIENCES:
            return _AUDIENCES[code]
    for note in record.values("521"):
        if age := re.search("[0-9]{1,2}", note):
            return audience_at(int(age[0]))
    return ""


def _entered_on(record: Record) -> date | None:
    """008/00-05, whose years have two digits."""
    year, month, day = (_coded(record)[at : at + 2] for at in (0, 2, 4))
    century = "19" if year > "68" else "20"
    return read_date(f"{century}{year}{month}{day}")


def _coded(record: Record) -> str:
    """008: its places count."""
    return next(iter(record.each("008")), "")
