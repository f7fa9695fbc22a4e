"""What patrons are sorted and found by, kept in step with what it is made of."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

from sqlalchemy import Connection, RowMapping, bindparam, exists, insert, select

from staffdesk.desk.exchange.importing import LONGEST_KEY
from staffdesk.desk.session import Session
from staffdesk.folding import fold, search_words
from staffdesk.model import Card, Patron, PatronWord
from staffdesk.model.base import BigId, storable

_NOTHING: Mapping[str, Any] = MappingProxyType({})


def name_key(family_name: str, given_name: str) -> str:
    """A patron's `folded_name`."""
    return fold(f"{family_name} {given_name}")[:LONGEST_KEY]


def word_rows(
    patron_id: int, patron: Mapping[str, Any], cards: Iterable[str]
) -> list[dict[str, Any]]:
    """The rows of `patron_word` for a patron: values by column, and the numbers of all cards."""
    found = search_words(
        names=(patron["family_name"], patron["given_name"]),
        telephones=(patron["telephone"], patron["mobile"]),
        mails=(storable(patron["mail"]),),
        cards=cards,
    )
    return [{"patron_id": patron_id, "word": word, "backwards": word[::-1]} for word in found]


def add_words(session: Session, patron_id: int, patron: Mapping[str, Any], *, card: str) -> None:
    """Declare the words of a new patron."""
    for row in word_rows(patron_id, patron, [card]):
        session.insert("patron_word", **row)


def keep_words(
    session: Session, patron_id: int, *, changed: Mapping[str, Any] = _NOTHING, card: str = ""
) -> None:
    """Declare what changes of a patron's words when columns change or they get another card."""
    given = {"patron_id": patron_id}
    patron = session.connection.execute(_PATRON, given).mappings().one()
    cards = session.connection.execute(_CARDS, given).scalars()
    present = session.connection.execute(_PRESENT, given).mappings().all()
    added, gone = difference(present, word_rows(patron_id, {**patron, **changed}, [*cards, card]))
    for row in added:
        session.insert("patron_word", **row)
    for key in gone:
        session.delete("patron_word", key)


def difference(
    present: Iterable[RowMapping], wanted: Iterable[dict[str, Any]]
) -> tuple[list[dict[str, Any]], list[int]]:
    """The rows of `patron_word` to add, and the ids of those to remove."""
    kept: dict[tuple[int, str], list[int]] = {}
    for row in present:
        kept.setdefault((row["patron_id"], row["word"]), []).append(row["id"])
    added = []
    for new in wanted:
        if same := kept.get((new["patron_id"], new["word"])):
            same.pop()
        else:
            added.append(new)
    return added, [key for same in kept.values() for key in same]


def write_missing_words(connection: Connection) -> int:
    """Write the words of patrons who have none yet, since something else than this program entered
    them: a desk of a former version, the portal. Returns how many can be found by that."""
    wordless = select(Patron.__table__).where(~exists().where(PatronWord.patron_id == Patron.id))
    patrons = connection.execute(wordless.with_for_update(key_share=True)).mappings().all()
    found = 0
    for patron in patrons:
        cards = connection.execute(_CARDS, {"patron_id": patron["id"]}).scalars()
        if rows := word_rows(patron["id"], dict(patron), cards):
            connection.execute(insert(PatronWord), rows)
            found += 1
    return found


def forget_card(session: Session, patron_id: int, card: str) -> None:
    """Declare that a card that was given by mistake finds its patron no more."""
    word = select(PatronWord.id).where(PatronWord.patron_id == patron_id, PatronWord.word == card)
    for word_id in session.connection.execute(word).scalars():
        session.delete("patron_word", word_id)


_patron_id = bindparam("patron_id", type_=BigId)
_PATRON = select(
    Patron.family_name, Patron.given_name, Patron.telephone, Patron.mobile, Patron.mail
).where(Patron.id == _patron_id)
_CARDS = select(Card.number).where(Card.patron_id == _patron_id)
_PRESENT = select(PatronWord.id, PatronWord.patron_id, PatronWord.word).where(
    PatronWord.patron_id == _patron_id
)
