"""The least that an action could cost: one hand-written statement for the row that it is about.

No rule, no lock, no journal; on the desk's own connection, with a commit of its own.
"""

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

_STATEMENTS = {
    "check_out": """
        INSERT INTO loan (item_id, patron_id, library_id, lent_at, due_on, renewals,
                          age_band, sex, commune, category_id, item_type_id, audience)
        SELECT id, :patron_id, :library_id, :at, :due_on, 0, '', '', '', :category_id,
               item_type_id, audience
        FROM item WHERE barcode = :barcode
        ON CONFLICT DO NOTHING""",
    "renew": """
        INSERT INTO renewal (loan_id, library_id, renewed_at, due_before, due_on)
        SELECT loan.id, :library_id, :at, due_on, :due_on
        FROM loan JOIN item ON item.id = item_id
        WHERE barcode = :barcode AND returned_at IS NULL""",
    "check_in": """
        UPDATE loan SET returned_at = :at, returned_to_id = :library_id
        WHERE item_id = (SELECT id FROM item WHERE barcode = :barcode) AND returned_at IS NULL""",
}


class Floor:
    """Carries the statements out on a driver connection that nobody else is using."""

    def __init__(self, connection: Any, *, library_id: int, category_id: int) -> None:
        self.connection = connection
        self.words = {"library_id": library_id, "category_id": category_id}
        self.is_sqlite = type(connection).__module__ == "sqlite3"

    def prepared(
        self, action: str, patron_id: int, barcode: str, at: datetime
    ) -> Callable[[], None]:
        """An action ready to be carried out; it raises `AssertionError` if nothing changes."""
        statement = _STATEMENTS[action]
        due_on: date | str = (at + timedelta(days=30)).date()
        when: datetime | str = at
        if self.is_sqlite:
            due_on, when = str(due_on), str(at.replace(tzinfo=None))
        else:
            statement = re.sub(r":(\w+)", r"%(\1)s", statement)
        words = {"patron_id": patron_id, "barcode": barcode, "at": when, "due_on": due_on}
        parameters = self.words | words

        def carry_out() -> None:
            changed = self.connection.execute(statement, parameters).rowcount
            assert changed == 1, changed

        return carry_out
