"""The stops of the tour: the main jobs, in the order in which a visitor would try them."""

from collections.abc import Sequence

from staffdesk.commands.demo_cast import Cast, Person
from staffdesk.commands.demo_store import STAFF, Clerk
from staffdesk.ui.tour import KEYBOARD, Stop
from staffdesk.vocabulary import Role

LOANS, RETURNS, PATRONS = "loans", "returns", "patrons"

UNKNOWN = "99999990109"
"""A barcode of the network that no copy has."""

Job = Sequence[Stop]
"""Stops that belong together: they are made, or left out, as a whole."""


def stops(cast: Cast) -> list[Stop]:
    """The stops of the jobs for which there is somebody to play each part."""
    jobs = (
        *_lending(cast),
        *_returning(cast),
        *_visits(cast),
        *_piles(cast),
        *_patrons(cast),
        *_staff(cast),
        *_closing(cast),
    )
    return [stop for job in jobs if all(map(_can_be_made, job)) for stop in job]


def _can_be_made(stop: Stop) -> bool:
    return all(stop.scans) and all(stop.types.values())


def _lending(cast: Cast) -> Sequence[Job]:
    return (
        [Stop(name="a-patron", page=LOANS, scans=[cast.reader])],
        [Stop(name="lent", page=LOANS, scans=cast.free[:3], press=["close_hints_button"])],
        [Stop(name="renewed", page=LOANS, press=["renew_all_button"])],
        [
            Stop(name="refused", page=LOANS, scans=[cast.held]),
            Stop(name="why", page=LOANS, press=["why_button"]),
        ],
        [Stop(name="on-loan-to-another", page=LOANS, scans=[cast.lent])],
        [Stop(name="to-hand-over", page=LOANS, scans=[cast.waited_for])],
        _passed_over(cast),
        [Stop(name="membership-expired", page=LOANS, scans=[cast.expired, *cast.free[4:]])],
        [Stop(name="restricted", page=LOANS, scans=[cast.stranger, cast.dvd])],
        [Stop(name="no-patron", page=LOANS, press=["next_patron_button"])],
        [Stop(name="where-it-is", page=LOANS, scans=[cast.elsewhere])],
        [Stop(name="go-on-with-returns", page=LOANS, scans=cast.coming_back[:2])],
    )


def _passed_over(cast: Cast) -> Job:
    """A loan to a blocked patron: a colleague allows it."""
    return [
        Stop(name="blocked", page=LOANS, scans=[cast.blocked, *cast.free[3:4]]),
        Stop(name="ask-a-colleague", page=LOANS, keys=["Ctrl+O"]),
        Stop(
            name="pass-over",
            page=LOANS,
            types={"secret_edit": _clerk(Role.MANAGER).code},
            press=["sign_in_button"],
        ),
        Stop(name="passed-over", page=LOANS, keys=["1"]),
    ]


def _returning(cast: Cast) -> Sequence[Job]:
    return (
        [Stop(name="returned", page=RETURNS, scans=cast.free[:2])],
        [Stop(name="to-the-shuttle", page=RETURNS, scans=[cast.to_shuttle])],
        [Stop(name="to-the-hold-shelf", page=RETURNS, scans=[cast.to_ready])],
        [Stop(name="overdue", page=RETURNS, scans=[cast.overdue])],
        [
            Stop(name="unknown", page=RETURNS, scans=[UNKNOWN]),
            Stop(
                name="new-copy",
                page=RETURNS,
                keys=["Ctrl+N"],
                types={KEYBOARD: "Contes du Clain"},
            ),
            Stop(name="for-an-agent", page=RETURNS, keys=["Esc", "Ctrl+G"]),
        ],
    )


def _visits(cast: Cast) -> Sequence[Job]:
    return (
        [Stop(name="family", page=LOANS, scans=[cast.family], keys=["F6", "Ctrl+Tab"])],
        [Stop(name="message", page=LOANS, scans=[cast.told])],
        [
            Stop(
                name="lent-to-the-wrong-person",
                page=LOANS,
                scans=[cast.reader],
                keys=["F6", "Ctrl+End", "Ctrl+T"],
            ),
            Stop(name="moved", page=LOANS, scans=[cast.family]),
            Stop(name="said-to-be-returned", page=LOANS, keys=["F6", "Ctrl+Shift+T"]),
            Stop(name="undone", page=LOANS, keys=["Ctrl+Z"]),
        ],
        [
            Stop(name="content-to-check", page=LOANS, scans=[cast.told, cast.to_check]),
            Stop(
                name="what-is-missing",
                page=RETURNS,
                scans=[cast.to_check],
                keys=["Ctrl+Shift+Return"],
                types={KEYBOARD: "1 CD"},
            ),
            Stop(name="missing", page=RETURNS, keys=["Return"]),
        ],
    )


def _piles(cast: Cast) -> Sequence[Job]:
    return (
        [
            Stop(name="book-box", page=RETURNS, keys=["Esc", "Esc", "Shift+F4"]),
            Stop(name="from-the-book-box", page=RETURNS, scans=cast.coming_back),
            Stop(name="pile", page=RETURNS, keys=["Esc"]),
        ],
        [Stop(name="today", page="today")],
    )


def _patrons(cast: Cast) -> Sequence[Job]:
    if cast.sought is None:
        return ()
    return (
        [
            Stop(name="search", page=PATRONS, types={"search_edit": _mistyped(cast.sought)}),
            Stop(name="file", page=PATRONS, keys=["Return", "Return"]),
            Stop(
                name="registered-already",
                page=PATRONS,
                keys=["Ctrl+N"],
                types={
                    "family_name_edit": cast.sought.family_name,
                    "given_name_edit": cast.sought.given_name,
                    "birth_on_edit": f"{cast.sought.birth_on:%d%m%Y}",
                    "street_edit": "12 rue des Lilas",
                    "postcode_edit": "86240",
                    "commune_edit": "Smarves",
                    "mobile_edit": "06 39 98 12 34",
                },
            ),
            Stop(
                name="why-blocked",
                page=PATRONS,
                keys=["Esc", "Esc", "Ctrl+Shift+K"],
                types={KEYBOARD: "Carte perdue"},
            ),
            Stop(name="card-blocked", page=PATRONS, keys=["Return"]),
        ],
        [Stop(name="membership-renewed", page=PATRONS, scans=[cast.expired], keys=["Ctrl+R"])],
        [
            Stop(
                name="find-anything",
                page=PATRONS,
                keys=["Ctrl+K"],
                types={KEYBOARD: cast.sought.family_name},
            ),
            Stop(name="found", page=PATRONS, keys=["Return"]),
        ],
    )


def _staff(cast: Cast) -> Sequence[Job]:
    volunteer, manager = _clerk(Role.VOLUNTEER), _clerk(Role.MANAGER)
    return (
        [
            Stop(
                name="a-volunteer",
                page=LOANS,
                scans=[volunteer.badge, cast.blocked, *cast.free[4:]],
            )
        ],
        [
            Stop(name="switch-clerk", page=LOANS, keys=["F9"]),
            Stop(name="hidden", page=LOANS, keys=["Esc", "F12"]),
            Stop(name="locked", page=LOANS, keys=["Esc", "Shift+F12"]),
            Stop(name="relieved", page=LOANS, scans=[manager.badge]),
            Stop(name="journal", page="journal"),
        ],
        [Stop(name="journal-of-a-document", page="journal", scans=cast.free[3:4])],
    )


def _closing(cast: Cast) -> Sequence[Job]:
    scans = [_azerty(each) for each in cast.free[2:3]]
    return (
        [Stop(name="closing", page="closing")],
        [Stop(name="wrong-keyboard", page=RETURNS, scans=scans)],
    )


def _clerk(role: Role) -> Clerk:
    return next(clerk for clerk in STAFF if clerk.role is role)


def _azerty(barcode: str) -> str:
    """What a scanner set for another keyboard sends."""
    return barcode.translate(str.maketrans("1234567890", "&é\"'(-è_çà"))


def _mistyped(person: Person) -> str:
    """A name as it is typed in a hurry: two letters have changed their places."""
    name = person.family_name.lower()
    at = len(name) // 2
    return f"{person.given_name.lower()} {name[: at - 1]}{name[at]}{name[at - 1]}{name[at + 1 :]}"
