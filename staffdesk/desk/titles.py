"""Finding a title by words of it, or by a number on it."""

from sqlalchemy import Text, and_, case, exists, func, literal, or_, select

from staffdesk.desk.answers.copies import TitleFound
from staffdesk.desk.session import View
from staffdesk.folding import words as folded_words
from staffdesk.model import Isbn, Item, Record
from staffdesk.model.base import storable


def find_titles(view: View, *, words: str, limit: int = 8) -> tuple[TitleFound, ...]:
    """Titles that have every word (its beginning is enough) in their title or author's name, or
    the number of a copy, an ISBN or a control number; those that begin so come first."""
    asked = folded_words(words)
    if not asked:
        return ()
    number = storable(words.strip().replace("-", ""))
    haystack = literal(" ", Text()).concat(Record.sort_title)
    haystack = haystack.concat(" ").concat(func.lower(Record.author))
    matches = [haystack.contains(f" {word}", autoescape=True) for word in asked]
    numbered = or_(
        Record.control_number == number,
        exists().where(Isbn.record_id == Record.id, Isbn.number == number),
        exists().where(Item.record_id == Record.id, Item.barcode == number),
    )
    copies = select(func.count()).where(Item.record_id == Record.id).scalar_subquery()
    begins = Record.sort_title.startswith(" ".join(asked), autoescape=True)
    found = (
        select(Record.id, Record.title, Record.author, Record.year, copies.label("copies"))
        .where(or_(and_(*matches), numbered))
        .order_by(case((begins, 0), else_=1), Record.sort_title, Record.id)
        .limit(limit)
    )
    return tuple(
        TitleFound(
            record_id=row.id,
            title=row.title,
            author=row.author,
            year=row.year,
            copies=row.copies,
        )
        for row in view.connection.execute(found)
    )
