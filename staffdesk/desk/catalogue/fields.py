"""The fields of a record as people correct them, and the columns that keep them."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import RowMapping

from staffdesk.desk.exchange.importing import LONGEST_KEY
from staffdesk.desk.session import Session
from staffdesk.folding import sort_key
from staffdesk.isbn import read_issn
from staffdesk.model.base import storable
from staffdesk.rules.catalogue import product_number, wrong_in_record
from staffdesk.rules.refusals import Reason, refuse

_TEXTS = (
    "title",
    "publisher",
    "publication_place",
    "edition",
    "extent",
    "series",
    "series_number",
    "part_of",
    "part_number",
    "issn",
    "summary",
    "contents",
    "note",
    "classification",
    "language",
    "original_language",
    "audience",
    "document_type",
)

FIELDS = frozenset({*_TEXTS, "authors", "subjects", "year", "isbns"})
"""What can be said of a record; its author and what it sorts by follow from them."""


def tidy(fields: Mapping[str, Any]) -> dict[str, Any]:
    """What was typed as it is kept: without blanks around it, numbers in their usual form.

    Raises `ValueError` for a field that a record does not have.
    """
    if unknown := fields.keys() - FIELDS:
        raise ValueError(f"not a record's field: {min(unknown)}")
    return {name: _tidy(name, value) for name, value in fields.items()}


def _tidy(name: str, value: Any) -> Any:
    match name:
        case "year":
            return value or None
        case "authors":
            pairs = ((_text(each), _text(code)) for each, code in value or ())
            return tuple(dict.fromkeys(pair for pair in pairs if pair[0]))
        case "subjects":
            return tuple(dict.fromkeys(filter(None, map(_text, value or ()))))
        case "isbns":
            return tuple(sorted({product_number(each) for each in map(_text, value or ()) if each}))
        case "issn":
            written = _text(value)
            return read_issn(written) or written
        case "language" | "original_language":
            return _text(value).lower()
    return _text(value)


def _text(value: str | None) -> str:
    return storable((value or "").strip())


def present(row: RowMapping, isbns: Iterable[str]) -> dict[str, Any]:
    """The fields of a record as they are, from its row and its numbers."""
    # A record from before there were several authors has the one that it is shown with.
    authors = row["authors"] or ([[row["author"], ""]] if row["author"] else ())
    return {
        **{name: row[name] for name in _TEXTS},
        "authors": tuple((name, code) for name, code in authors),
        "subjects": tuple(row["subjects"]),
        "year": row["year"],
        "isbns": tuple(sorted(isbns)),
    }


def columns(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The columns of these fields, with what follows from them; ISBN have a table of their own."""
    kept = {name: value for name, value in fields.items() if name != "isbns"}
    if "title" in fields:
        kept["sort_title"] = sort_key(fields["title"])[:LONGEST_KEY]
    if "authors" in fields:
        kept["authors"] = [list(author) for author in fields["authors"]]
        kept["author"] = next((name for name, _code in fields["authors"]), "")
    if "subjects" in fields:
        kept["subjects"] = list(fields["subjects"])
    return kept


def insert_record(session: Session, fields: Mapping[str, Any]) -> dict[str, Any]:
    """Declare a new record, whose control number is that of no file; returns its columns.

    Raises `Refused` with FIELDS_WRONG.
    """
    said = {**_EMPTY, **tidy(fields)}
    if wrong := list(wrong_in_record(said, today=session.moment.today)):
        raise refuse(Reason.FIELDS_WRONG, fields=wrong)
    record = {
        "id": session.new_id("record"),
        "control_number": f"desk:{session.operation_id}",
        "entered_on": session.moment.today,
        **columns(said),
    }
    session.insert("record", **record)
    insert_isbns(session, record["id"], said["isbns"])
    return record


def insert_isbns(session: Session, record_id: int, numbers: Iterable[str]) -> None:
    """Declare more numbers of a record."""
    for number in sorted(numbers):
        session.insert("isbn", record_id=record_id, number=number)


_EMPTY: dict[str, Any] = {
    **dict.fromkeys(_TEXTS, ""),
    **dict.fromkeys(("authors", "subjects", "isbns"), ()),
    "year": None,
}
