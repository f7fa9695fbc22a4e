"""Reading a catalogue file: the one door for whoever feeds the store with it."""

from collections.abc import Iterator
from itertools import chain, islice
from pathlib import Path

from staffdesk.exchange.findings import Fault, Rejected
from staffdesk.exchange.iso2709 import read_records
from staffdesk.exchange.profiles import Guess, Profile, guess_profile
from staffdesk.exchange.record import Record
from staffdesk.exchange.unimarc import BibliographicRecord, bibliographic_record

_SAMPLE = 200


def profile_of(path: Path) -> Guess:
    """The profile that fits the first records of a file, and why. Raises OSError."""
    with path.open("rb") as stream:
        return guess_profile(_readable(islice(read_records(stream), _SAMPLE)))


def read_catalogue(
    path: Path, profile: Profile | None = None
) -> Iterator[BibliographicRecord | Rejected]:
    """The records of an ISO 2709 file as they come, with their copies, in constant memory.

    What cannot be read comes out as `Rejected`, one by one; without a profile it is guessed from
    the first records. Nothing in the file makes it raise; OSError when the file cannot be read.
    """
    with path.open("rb") as stream:
        records = read_records(stream)
        if profile is None:
            sample = list(islice(records, _SAMPLE))
            profile = guess_profile(_readable(iter(sample))).profile
            records = chain(sample, records)
        for record in records:
            yield record if isinstance(record, Rejected) else _read(record, profile)


def _readable(records: Iterator[Record | Rejected]) -> Iterator[Record]:
    return (record for record in records if isinstance(record, Record))


def _read(record: Record, profile: Profile) -> BibliographicRecord | Rejected:
    if "245" in record.fields and "200" not in record.fields:
        return Rejected(
            position=record.position,
            control_number=record.control_number or None,
            fault=Fault.MARC_21,
            raw=record.raw,
        )
    return bibliographic_record(record, profile)
