"""Taking a catalogue in, as a library does that comes from another system."""

import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random
from time import perf_counter

from sqlalchemy import Connection, delete, select

from staffdesk.bench import LIBRARY
from staffdesk.bench.data import Size
from staffdesk.bench.titles import HEADS, TAILS, Phrase, phrases
from staffdesk.desk.exchange.catalogue_import import import_catalogue, survey_catalogue
from staffdesk.desk.exchange.importing import CodeTable
from staffdesk.desk.operations import Desk
from staffdesk.exchange.profiles import load_profile
from staffdesk.exchange.writing.fields import Field, MarcRecord
from staffdesk.exchange.writing.iso2709 import iso2709
from staffdesk.isbn import with_key
from staffdesk.model import Isbn, Item, Record, RecordText

_MOST_RECORDS = 5_000
_SOURCE = "bench import"
_PROFILE = "recommandation995"


def records_per_s(counter: Desk, size: Size) -> int:
    """How many records a second come in, both readings of the file and all their words included.

    What is left is the store as it was, but for words that nobody else had.
    """
    records = min(_MOST_RECORDS, size.copies)
    counter.store.change(lambda connection, _: _remove(connection), repeated=False)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "catalogue.mrc"
        write_catalogue(path, records)
        started = perf_counter()
        survey = survey_catalogue(path, load_profile(_PROFILE), source=_SOURCE)
        imported = import_catalogue(counter, survey, libraries=CodeTable(), item_types=CodeTable())
        took = perf_counter() - started
    counter.store.change(lambda connection, _: _remove(connection), repeated=False)
    assert imported.counts["created"] == records, imported
    return round(records / took)


def _remove(connection: Connection) -> None:
    """Remove what was imported, also by a bench that was interrupted."""
    taken_in = select(Record.id).where(Record.control_number.startswith(f"{_SOURCE}:"))
    for table in (RecordText, Item, Isbn):
        connection.execute(delete(table).where(table.record_id.in_(taken_in)))
    connection.execute(delete(Record).where(Record.id.in_(taken_in)))


def write_catalogue(path: Path, records: int) -> None:
    """Write so many UNIMARC records, the same every time; two of seven have a second copy."""
    parts = list(phrases(()))
    with path.open("wb") as file:
        for number in range(1, records + 1):
            fields = [Field(tag, said.replace("$", "\x1f")) for tag, said in _said(number, parts)]
            file.writelines(iso2709(MarcRecord("nam ", fields, []), unicode_mark=" "))


def _said(number: int, parts: Sequence[Phrase]) -> Iterator[tuple[str, str]]:
    lot = Random(number)
    head, tail = parts[number * 7919 % HEADS], parts[HEADS + number % TAILS]
    summary = " ".join(parts[lot.randrange(HEADS)].title for _ in range(lot.randint(5, 40)))
    subjects = [parts[lot.randrange(HEADS)].title for _ in range(lot.randint(0, 3))]
    yield "001", f"{number:09}"
    yield "010", f"  $a{with_key(f'9799{number:08}')}$d{lot.randint(4, 30)} EUR"
    yield "100", "  $a20260101d2020    m  y0frey50      ba"
    yield "101", "0 $afre"
    yield "200", f"1 $a{head.title}{tail.title.replace(' : ', '$e')}$fquelqu'un"
    yield "210", f"  $aParis$c{parts[number % 500].title}$dDL {1970 + number % 55}"
    yield "215", f"  $a{lot.randint(30, 900)} p.$cill.$d{lot.randint(17, 33)} cm"
    yield "330", f"  $a{summary}"
    for subject in subjects:
        yield "606", f"  $a{subject}"
    yield "700", f" 1$a{parts[lot.randrange(9_000)].title}$b{parts[lot.randrange(500)].title}$4070"
    for copy in range(1 + (number % 7 < 2)):
        yield "995", f"  $b{LIBRARY}$f9{number:08}{copy}0109$kR {lot.randint(1, 999)}$raz$qa"
