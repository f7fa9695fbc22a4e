"""What reading a file found wrong: lines and records refused, and remarks on those kept."""

import csv
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import assert_never

from staffdesk.translation import _


class Fault(StrEnum):
    """The code of everything that can be wrong in a file."""

    # A record that cannot be read.
    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    BAD_DIRECTORY = "bad_directory"
    FIELDS_MISSING = "fields_missing"
    BROKEN_XML = "broken_xml"
    # A record or a copy that was read with a doubt.
    NO_TITLE = "no_title"
    NO_BARCODE = "no_barcode"
    BARCODE_REBUILT = "barcode_rebuilt"
    BAD_ISBN = "bad_isbn"
    UNKNOWN_TYPE = "unknown_type"
    UNKNOWN_STATUS = "unknown_status"
    UNREADABLE_CHARACTERS = "unreadable_characters"
    ENCODED_TWICE = "encoded_twice"
    REPEATED_RECORD = "repeated_record"
    MATCHED = "matched"
    DOUBLE_BARCODE = "double_barcode"
    BARCODE_TOO_LONG = "barcode_too_long"
    ON_LOAN = "on_loan"
    AWAITED = "awaited"
    # A line of a table that cannot be read.
    NO_COLUMN = "no_column"
    RAGGED = "ragged"
    OPEN_QUOTE = "open_quote"
    NO_CARD = "no_card"
    NO_NAME = "no_name"
    NUMBER_ROUNDED = "number_rounded"
    DOUBLE_CARD = "double_card"
    CARD_TOO_LONG = "card_too_long"
    NO_HOME = "no_home"
    NO_CATEGORY = "no_category"
    UNKNOWN_HOME = "unknown_home"
    UNKNOWN_CATEGORY = "unknown_category"
    UNKNOWN_CARD = "unknown_card"
    UNKNOWN_COPY = "unknown_copy"
    UNKNOWN_LENDER = "unknown_lender"
    DOUBLE_LOAN = "double_loan"
    LENT_TO_OTHER = "lent_to_other"
    NOT_YET = "not_yet"
    ENDS_BEFORE_IT_BEGINS = "ends_before_it_begins"
    # A line of a table that was read with a doubt.
    UNKNOWN_LIBRARY = "unknown_library"
    BAD_DATE = "bad_date"
    BAD_NUMBER = "bad_number"
    RETURNED_SINCE = "returned_since"
    COPY_FOUND = "copy_found"
    BAD_MAIL = "bad_mail"
    UNUSUAL_CARD = "unusual_card"
    ZEROS_RESTORED = "zeros_restored"
    # A table that was read in part.
    UNUSED_COLUMN = "unused_column"
    GUESSED_COLUMN = "guessed_column"
    # A record that cannot be written.
    NO_ROOM = "no_room"


def sentence(fault: Fault, detail: str) -> str:
    """What a person reads about a fault; `detail` is the value it is about."""
    return _wording(fault).format(detail=detail)


def _wording(fault: Fault) -> str:  # one line a fault
    match fault:
        case Fault.TOO_SHORT:
            return _("This is not a record: it is shorter than a header.")
        case Fault.TOO_LONG:
            return _("No record ends here: {detail} bytes without an end mark.")
        case Fault.BAD_DIRECTORY:
            return _("The record's directory cannot be read.")
        case Fault.FIELDS_MISSING:
            return _("The record does not hold the fields that its directory lists ({detail}).")
        case Fault.BROKEN_XML:
            return _("The record is not written in XML as it should be (line {detail}).")
        case Fault.NO_TITLE:
            return _("The record has no title.")
        case Fault.NO_BARCODE:
            return _("A copy has no barcode.")
        case Fault.BARCODE_REBUILT:
            return _("The barcode {detail} was put together from its parts.")
        case Fault.BAD_ISBN:
            return _("“{detail}” is not a valid ISBN.")
        case Fault.UNKNOWN_TYPE:
            return _("Unknown type of document: {detail}.")
        case Fault.UNKNOWN_STATUS:
            return _("Unknown status of a copy: {detail}.")
        case Fault.UNREADABLE_CHARACTERS:
            return _("Some characters cannot be read.")
        case Fault.ENCODED_TWICE:
            return _("Accents had been encoded twice; they are mended.")
        case Fault.REPEATED_RECORD:
            return _("The file has this record more than once: from here on only its copies count.")
        case Fault.MATCHED:
            return _("This title is already here under the number {detail}: its copies go there.")
        case Fault.DOUBLE_BARCODE:
            return _("The file has the barcode {detail} more than once: this copy is left out.")
        case Fault.BARCODE_TOO_LONG:
            return _("“{detail}” is too long for a barcode: the copy is left out.")
        case Fault.ON_LOAN:
            return _("The copy {detail} is on loan in the file, which does not say to whom.")
        case Fault.AWAITED:
            return _(
                "Somebody waits for the copy {detail} or its title: it stays with its record and "
                "its volume."
            )
        case Fault.NO_COLUMN:
            return _("The first line names no column for: {detail}.")
        case Fault.RAGGED:
            return _("The line does not have as many values as the first line ({detail}).")
        case Fault.OPEN_QUOTE:
            return _("A quotation mark opens on this line and is never closed.")
        case Fault.NO_CARD:
            return _("The line has no card number.")
        case Fault.NO_NAME:
            return _("The line has no family name.")
        case Fault.NUMBER_ROUNDED:
            return _(
                "The number {detail} was rounded by a spreadsheet and its last digits are lost: "
                "export the file again with this column as text."
            )
        case Fault.DOUBLE_CARD:
            return _("The same card number is already on line {detail}.")
        case Fault.CARD_TOO_LONG:
            return _("“{detail}” is too long for a card number.")
        case Fault.NO_HOME:
            return _("The line names no home library.")
        case Fault.NO_CATEGORY:
            return _("The line names no category.")
        case Fault.UNKNOWN_HOME:
            return _("The home library “{detail}” is not one of the network.")
        case Fault.UNKNOWN_CATEGORY:
            return _("The category “{detail}” is not one of the network.")
        case Fault.UNKNOWN_CARD:
            return _("No patron has the card {detail}.")
        case Fault.UNKNOWN_COPY:
            return _("No copy has the barcode {detail}.")
        case Fault.UNKNOWN_LENDER:
            return _("The library “{detail}”, where the copy was lent, is not one of the network.")
        case Fault.DOUBLE_LOAN:
            return _("The same copy is already on loan on line {detail}.")
        case Fault.LENT_TO_OTHER:
            return _("The copy {detail} is on loan to somebody else here: that loan is kept.")
        case Fault.NOT_YET:
            return _("{detail} has not come yet.")
        case Fault.ENDS_BEFORE_IT_BEGINS:
            return _("The loan ends before it begins ({detail}).")
        case Fault.UNKNOWN_LIBRARY:
            return _("“{detail}” is not a library of the network: this registration is left out.")
        case Fault.BAD_DATE:
            return _("“{detail}” is not a date.")
        case Fault.BAD_NUMBER:
            return _("“{detail}” is not a number.")
        case Fault.RETURNED_SINCE:
            return _("The copy {detail} was returned here since: its loan is not opened again.")
        case Fault.COPY_FOUND:
            return _("The copy {detail} was missing here and is on loan in the file: it is found.")
        case Fault.BAD_MAIL:
            return _("“{detail}” is not a mail address; it is kept as it is.")
        case Fault.UNUSUAL_CARD:
            return _("The card number does not have the shape of the network's cards.")
        case Fault.ZEROS_RESTORED:
            return _("The number {detail} was given back its leading zeros.")
        case Fault.UNUSED_COLUMN:
            return _("The column “{detail}” is not used.")
        case Fault.NO_ROOM:
            return _("The record is longer than its format allows: export it as MARCXML or CSV.")
        case Fault.GUESSED_COLUMN:
            return _(
                "By its values, a column is taken for what its heading does not say: {detail}."
            )
        case _ as never:
            assert_never(never)


@dataclass(frozen=True, kw_only=True, slots=True)
class Remark:
    """A doubt about something that was read and kept."""

    fault: Fault
    detail: str = ""

    @property
    def reason(self) -> str:
        return sentence(self.fault, self.detail)


@dataclass(frozen=True, kw_only=True, slots=True)
class Rejected:
    """A record or a line that could not be taken in.

    `position` counts records from 1, or is the number of the line in a table. `control_number` is
    the record's or the card's number when it could be read. `raw` is what the file holds.
    """

    position: int
    control_number: str | None = None
    fault: Fault
    detail: str = ""
    raw: bytes

    @property
    def reason(self) -> str:
        return sentence(self.fault, self.detail)


def reasons_of(path: Path) -> Path:
    """The table of reasons beside a file of what was rejected."""
    return path.with_name(path.name + ".csv")


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


@contextmanager
def rejects_file(
    path: Path, *, heading: bytes = b"", end: bytes = b"\x1d"
) -> Iterator[Callable[[Rejected], None]]:
    """Keep what is rejected, as it was, in `path`, to be mended and imported again.

    The reasons go to a table beside it (`.csv` is added to the name). Records end in 0x1D; for a
    table give its first line as `heading` and a newline as `end`. Both files are for their writer
    alone, since they may name patrons. Raises OSError.
    """
    with (
        open(path, "wb", opener=_private) as raws,
        open(reasons_of(path), "w", opener=_private, encoding="utf-8-sig", newline="") as csvs,
    ):
        reasons = csv.writer(csvs, delimiter=";")
        reasons.writerow([_("position"), _("number"), _("reason")])
        raws.write(heading)

        def keep(rejected: Rejected) -> None:
            raws.write(rejected.raw + end)
            reasons.writerow([rejected.position, rejected.control_number or "", rejected.reason])

        yield keep
