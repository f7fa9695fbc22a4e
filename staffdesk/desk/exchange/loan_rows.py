"""What a table says of a loan, as a row of the store."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import RowMapping

from staffdesk.clock import moment
from staffdesk.desk.directory import Directory
from staffdesk.desk.exchange.importing import Codes, clean
from staffdesk.desk.lending import age_band
from staffdesk.exchange.findings import Fault, Rejected
from staffdesk.exchange.loans import Instant, LoanRow
from staffdesk.rules.due import due_date
from staffdesk.rules.facts import Moment
from staffdesk.rules.lending import age_on

Values = Mapping[str, Any] | RowMapping


@dataclass(frozen=True, kw_only=True)
class LoanCodes:
    """The codes that a table of loans uses, and what they are here."""

    libraries: Codes
    categories: Codes
    item_types: Codes


@dataclass(frozen=True, kw_only=True, slots=True)
class LoanTimes:
    """When a loan began and, if it is over, ended; as far as the table says."""

    lent_at: datetime | None
    returned_at: datetime | None


def loan_times(row: LoanRow, now: Moment, directory: Directory) -> LoanTimes | Rejected:
    """The times of a line, unless they cannot be. Noon, which stands for a day, moves between what
    it must lie between."""
    zone = directory.network.zone
    for each in (row.lent_at, row.returned_at):
        if each is not None and each.at > now.at:
            day = each.at.astimezone(zone).date()
            if each.exact or day > now.today:
                return row.rejected(Fault.NOT_YET, day.isoformat())
    lent, returned = _until_now(row.lent_at, now), _until_now(row.returned_at, now)
    if lent is not None and returned is not None and returned < lent:
        days = [each.astimezone(zone).date() for each in (lent, returned)]
        exact = row.lent_at is not None and row.lent_at.exact
        if days[0] != days[1] or (exact and row.returned_at is not None and row.returned_at.exact):
            return row.rejected(Fault.ENDS_BEFORE_IT_BEGINS, f"{days[0]} – {days[1]}")
        lent, returned = (lent, lent) if exact else (returned, returned)
    return LoanTimes(lent_at=lent or returned, returned_at=returned)


def _until_now(said: Instant | None, now: Moment) -> datetime | None:
    return None if said is None else min(said.at, now.at)


def loan_row(
    row: LoanRow,
    *,
    item: Values,
    patron: Values | None,
    times: LoanTimes,
    codes: LoanCodes,
    directory: Directory,
    now: Moment,
) -> dict[str, Any] | Rejected:
    """The columns of a loan of this copy. What the table leaves out is as if the loan had been made
    here that day: due by the policy, statistics by what is known of the patron today.

    A loan without a patron needs a category.
    """
    network = directory.network
    category = codes.categories.code(row.category) if row.category else None
    if category is None and patron is not None:
        category = directory.category_code[patron["category_id"]]
    if category is None:
        fault = Fault.UNKNOWN_CATEGORY if row.category else Fault.NO_CATEGORY
        return row.rejected(fault, row.category)
    library = codes.libraries.code(row.library) or directory.library_code[item["home_id"]]
    item_type = codes.item_types.code(row.item_type) if row.item_type else None
    item_type = item_type or directory.type_code[item["item_type_id"]]
    lent_at = times.lent_at or now.at
    day = moment(lent_at, network.zone).today
    due_on = row.due_on
    if due_on is None:
        policy = network.policy(library, category, item_type)
        due = due_date(network, policy, library=library, today=day, return_by=item["return_by"])
        due_on = due.on
    returned_to = codes.libraries.code(row.returned_to) if row.returned_to else library
    birth_on = None if patron is None else patron["birth_on"]
    band = age_band(age_on(birth_on, day), group=network.patron_category[category].group)
    sex, commune = ("", "") if patron is None else (patron["sex"], patron["commune"])
    return clean(
        {
            "item_id": item["id"],
            "patron_id": None if patron is None else patron["id"],
            "library_id": directory.library_id[library],
            "lent_at": lent_at,
            "due_on": due_on,
            "renewals": row.renewals or 0,
            "returned_at": times.returned_at,
            "returned_to_id": directory.library_id[returned_to or library]
            if times.returned_at
            else None,
            "claimed_at": _claimed_at(row, lent_at, times, now),
            "age_band": band if row.age_band is None else row.age_band,
            "sex": sex if row.sex is None else row.sex,
            "commune": commune if row.commune is None else row.commune,
            "category_id": directory.category_id[category],
            "item_type_id": directory.type_id[item_type],
            "audience": item["audience"] if row.audience is None else row.audience,
        }
    )


def _claimed_at(row: LoanRow, lent_at: datetime, times: LoanTimes, now: Moment) -> datetime | None:
    if not row.claimed:
        return None
    said = row.claimed_at.at if row.claimed_at else times.returned_at or now.at
    return max(lent_at, min(said, now.at))


def is_same(row: LoanRow, loan: Values, zone: ZoneInfo) -> bool:
    """Whether a loan of the same copy and patron here is the one that the line means: lent (or, if
    that is not told, returned) at the same instant, or on the same day where the line tells no
    more. A line without either means any loan."""
    said, known = row.lent_at, loan["lent_at"]
    if said is None:
        said, known = row.returned_at, loan["returned_at"]
    if said is None:
        return True
    if known is None:
        return False
    if said.exact:
        return bool(abs(known - said.at) < timedelta(milliseconds=1))
    return bool(known.astimezone(zone).date() == said.at.astimezone(zone).date())
