"""The least that an action could cost: one hand-written statement that does its essential work.

No rule, no lock, no journal; the same driver, the same settings, one commit of its own.
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
    "check_in": """
        UPDATE loan SET returned_at = :at, returned_to_id = :library_id
        WHERE item_id = (SELECT id FROM item WHERE barcode = :barcode) AND returned_at IS NULL""",
    "renew": """
        UPDATE loan SET due_on = :due_on, renewals = renewals + 1
        WHERE item_id = (SELECT id FROM item WHERE barcode = :barcode) AND returned_at IS NULL""",
}


class Floor:
    """Carries the statements out on a driver connection made like the desk's own."""

    def __init__(self, connection: Any, *, library_id: int, category_id: int) -> None:
        self.connection = connection
        self.words = {"library_id": library_id, "category_id": category_id}
        self.is_sqlite = type(connection).__module__ == "sqlite3"
        self.statements = dict(_STATEMENTS)
        if not self.is_sqlite:
            connection.autocommit = True
            for name, statement in _STATEMENTS.items():
                self.statements[name] = re.sub(r":(\w+)", r"%(\1)s", statement)

    def prepared(
        self, action: str, patron_id: int, barcode: str, at: datetime
    ) -> Callable[[], None]:
        """An action ready to be carried out; it raises `AssertionError` if nothing changes."""
        due_on: date | str = (at + timedelta(days=30)).date()
        when: datetime | str = at
        if self.is_sqlite:
            due_on, when = str(due_on), str(at.replace(tzinfo=None))
        words = {"patron_id": patron_id, "barcode": barcode, "at": when, "due_on": due_on}
        statement, parameters = self.statements[action], {**self.words, **words}

        def carry_out() -> None:
            changed = self.connection.execute(statement, parameters).rowcount
            assert changed == 1, changed

        return carry_out
