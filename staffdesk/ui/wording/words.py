"""How dates, amounts, libraries, types and states are said; the sentences are made of these."""

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import assert_never

from staffdesk.desk.answers.copies import Document
from staffdesk.network import Network
from staffdesk.rules.lending import age_on
from staffdesk.rules.permissions import Permission
from staffdesk.translation import _, ngettext, pgettext
from staffdesk.vocabulary import ItemState, Role

_SYMBOLS = {"EUR": "€"}


@dataclass(frozen=True, kw_only=True)
class Voice:
    """Who speaks: the desk of a library (`here`, its code) of a network."""

    network: Network
    here: str

    def amount(self, cents: int) -> str:
        """Cents as an amount of the network's currency: €1,234.50."""
        units, rest = divmod(abs(cents), 100)
        decimals = pgettext("decimal mark", ".") + f"{rest:02}"
        return _("{currency}{number}").format(
            currency=_SYMBOLS.get(self.network.currency, self.network.currency),
            number=("-" if cents < 0 else "") + number(units) + decimals,
        )

    def library(self, code: str) -> str:
        """A library's name."""
        known = self.network.library.get(code)
        return known.name if known else code

    def item_type(self, code: str) -> str:
        """An item type's name."""
        known = self.network.item_type.get(code)
        return known.name if known else code

    def category(self, code: str) -> str:
        """A patron category's name."""
        known = self.network.patron_category.get(code)
        return known.name if known else code

    def row(self, label: str) -> str:
        """A policy row's label ("SMARVES/GROUPE/*") in words."""
        library, category, item_type = label.split("/")
        if (library, category, item_type) == ("*", "*", "*"):
            return _("the network's general rule")
        return ", ".join(
            (
                _("all libraries") if library == "*" else self.library(library),
                _("all categories") if category == "*" else self.category(category),
                _("all types") if item_type == "*" else self.item_type(item_type),
            )
        )


def day(on: date) -> str:
    """A date as 08/11/2017."""
    return f"{on:%d/%m/%Y}"


def weekday(on: date) -> str:
    """A date of these weeks, with its day: "Thursday 12/11"."""
    names = (
        _("Monday"),
        _("Tuesday"),
        _("Wednesday"),
        _("Thursday"),
        _("Friday"),
        _("Saturday"),
        _("Sunday"),
    )
    return f"{names[on.weekday()]} {on:%d/%m}"


def clock_time(local: datetime | time) -> str:
    """A time of day, as the clock on the wall shows it: 14:30."""
    hours, minutes = f"{local:%H}", f"{local:%M}"
    return pgettext("time of day", "{hours}:{minutes}").format(hours=hours, minutes=minutes)


def number(count: int) -> str:
    """A number with its thousands apart: 52,000."""
    return f"{count:,}".replace(",", pgettext("between thousands", ","))


def full_name(family_name: str, given_name: str) -> str:
    """A name as it stands in lists: family name first, in capitals."""
    return f"{family_name.upper()} {given_name}".strip()


def spoken_name(family_name: str, given_name: str) -> str:
    """A name as one says it: "Léa MARTIN"."""
    return f"{given_name} {family_name.upper()}".strip()


def title(document: Document) -> str:
    """A copy's title with its volume or issue."""
    return f"{document.title} {document.volume}".strip()


def author_and_year(document: Document) -> str:
    """Who wrote it, and when."""
    year = "" if document.year is None else str(document.year)
    return ", ".join(part for part in (document.author, year) if part)


def renewals(times: int) -> str:
    """How often a loan was renewed, if ever."""
    return ngettext("renewed {n} time", "renewed {n} times", times).format(n=times) if times else ""


def age(birth_on: date, today: date) -> str:
    """An age in full years."""
    years = age_on(birth_on, today) or 0
    return ngettext("{n} year old", "{n} years old", years).format(n=years)


def state(of: ItemState) -> str:
    """What is known of a copy, within a sentence."""
    match of:
        case ItemState.AVAILABLE:
            return pgettext("copy", "available")
        case ItemState.NOT_FOR_LOAN:
            return pgettext("copy", "not for loan")
        case ItemState.LOST:
            return pgettext("copy", "lost")
        case ItemState.MISSING:
            return pgettext("copy", "missing")
        case ItemState.DAMAGED:
            return pgettext("copy", "damaged")
        case ItemState.WITHDRAWN:
            return pgettext("copy", "withdrawn")
        case ItemState.CLAIMED_RETURNED:
            return pgettext("copy", "said to be returned")
    assert_never(of)


def role(held: Role) -> str:
    """What somebody is at a library."""
    match held:
        case Role.VOLUNTEER:
            return pgettext("role", "volunteer")
        case Role.AGENT:
            return pgettext("role", "agent")
        case Role.MANAGER:
            return pgettext("role", "manager")
        case Role.ADMINISTRATOR:
            return pgettext("role", "administrator")
    assert_never(held)


def permission(right: Permission) -> str:
    """A right, as the sentence that misses it names it."""
    match right:
        case Permission.LEND:
            return pgettext("right", "lend")
        case Permission.RETURN:
            return pgettext("right", "take back")
        case Permission.RENEW:
            return pgettext("right", "renew")
        case Permission.UNDO:
            return pgettext("right", "undo")
        case Permission.LOOK_UP:
            return pgettext("right", "look up")
        case Permission.PLACE_HOLD:
            return pgettext("right", "place holds")
        case Permission.REGISTER_PATRON:
            return pgettext("right", "register patrons")
        case Permission.CHANGE_PATRON:
            return pgettext("right", "change patrons' files")
        case Permission.BLOCK_PATRON:
            return pgettext("right", "block cards")
        case Permission.MOVE_LOAN:
            return pgettext("right", "move loans to another card")
        case Permission.MARK_ITEM:
            return pgettext("right", "mark copies")
        case Permission.ADD_ITEM:
            return pgettext("right", "add copies")
        case Permission.EDIT_CATALOGUE:
            return pgettext("right", "correct the catalogue")
        case Permission.RECORD_DEBT:
            return pgettext("right", "record debts")
        case Permission.SETTLE_QUESTION:
            return pgettext("right", "settle what was left for an agent")
        case Permission.OVERRIDE_LIMITS:
            return pgettext("right", "pass over limits")
        case Permission.OVERRIDE_BLOCKS:
            return pgettext("right", "pass over blocks")
        case Permission.READ_JOURNAL:
            return pgettext("right", "read the journal")
        case Permission.EXCHANGE_DATA:
            return pgettext("right", "import and export")
    assert_never(right)


def patron_field(name: str) -> str:
    """A field of a patron's file, within a sentence."""
    return {
        "card": _("card number"),
        "deceased_on": _("date of death"),
        "family_name": _("family name"),
        "given_name": _("given name"),
        "birth_on": _("date of birth"),
        "sex": _("sex"),
        "category": _("category"),
        "home": _("home library"),
        "membership": _("membership"),
        "member_from": _("member from"),
        "member_until": _("member until"),
        "suspended_until": _("suspended until"),
        "text": _("text"),
        "until": _("end"),
        "street": _("street"),
        "postcode": _("postcode"),
        "commune": _("commune"),
        "telephone": _("telephone"),
        "mobile": _("mobile telephone"),
        "mail": _("mail"),
        "guardian": _("guardian"),
        "note": _("note"),
    }[name]


def field(name: str) -> str:
    """A field of a record or of a copy, else of a patron's file, within a sentence."""
    catalogue = {
        "audience": pgettext("record", "audience"),
        "authors": _("authors"),
        "barcode": _("barcode"),
        "call_number": _("call number"),
        "classification": _("classification"),
        "contents": _("contents"),
        "document_type": _("type of document"),
        "edition": pgettext("record", "edition"),
        "extent": _("extent"),
        "home": pgettext("copy", "home library"),
        "isbns": _("ISBN"),
        "issn": _("ISSN"),
        "item_type": _("type of copy"),
        "language": _("language"),
        "location": pgettext("copy", "location"),
        "minimum_age": _("minimum age"),
        "new_until": _("new until"),
        "original_language": _("original language"),
        "owner": _("owner"),
        "part_number": _("part number"),
        "part_of": _("set"),
        "price": _("price"),
        "publication_place": _("place of publication"),
        "publisher": _("publisher"),
        "return_by": _("back to the county library by"),
        "series": _("series"),
        "series_number": _("number in the series"),
        "subjects": _("subjects"),
        "summary": _("summary"),
        "title": pgettext("record", "title"),
        "volume": _("volume or issue"),
        "year": _("year"),
    }
    return catalogue[name] if name in catalogue else patron_field(name)


def thing(table: str) -> str:
    """What an operation touched, named by its table."""
    return {
        "block": _("the block"),
        "card": _("the card"),
        "debt": _("the debt"),
        "hold": _("the hold"),
        "item": _("the copy"),
        "loan": _("the loan"),
        "message": _("the message"),
        "patron": _("the patron's file"),
        "registration": _("the registration"),
        "renewal": _("the renewal"),
        "transit": _("the journey of the document"),
    }[table]


def said(*sentences: str | None) -> str:
    """Sentences one after the other; what is empty is left out."""
    return " ".join(sentence for sentence in sentences if sentence)
