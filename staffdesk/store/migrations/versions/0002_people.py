"""People and colleagues: households, messages, words to find patrons by, claims, missing parts,
badges and codes of staff, overrides in the journal, questions left open.
"""

from itertools import islice

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from staffdesk.folding import search_words

revision = "0002"
down_revision = "0001"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
INSTANT = sa.DateTime(timezone=True)
WORD = sa.String(16)
BYTES = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
BATCH = 5_000
JOURNAL_FILTERS = {
    "ix_operation_action": "action",
    "ix_operation_library": "library_id",
    "ix_operation_staff": "staff_id",
    "ix_operation_workstation_at": "workstation",
}


def upgrade() -> None:
    """Expand: a desk of the version before still finds all that it knows."""
    op.create_table(
        "household",
        sa.Column("id", ID, nullable=False),
        sa.Column("formed_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_household"),
    )
    add_columns()
    op.create_table(
        "patron_word",
        sa.Column("id", ID, nullable=False),
        sa.Column("patron_id", ID, nullable=False),
        sa.Column("word", BYTES, nullable=False),
        sa.Column("backwards", BYTES, nullable=False),
        sa.ForeignKeyConstraint(["patron_id"], ["patron.id"], name="fk_patron_word_patron_id"),
        sa.PrimaryKeyConstraint("id", name="pk_patron_word"),
    )
    op.create_table(
        "message",
        sa.Column("id", ID, nullable=False),
        sa.Column("patron_id", ID, nullable=False),
        sa.Column("library_id", ID, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("written_on", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("closed_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(["library_id"], ["library.id"], name="fk_message_library_id"),
        sa.ForeignKeyConstraint(["patron_id"], ["patron.id"], name="fk_message_patron_id"),
        sa.PrimaryKeyConstraint("id", name="pk_message"),
    )
    op.create_index("ix_message_patron_id", "message", ["patron_id"])
    create_question()
    find_patrons_by_words()
    op.create_index("ix_patron_word_word", "patron_word", ["word", "patron_id"])
    op.create_index("ix_patron_word_backwards", "patron_word", ["backwards"])
    op.create_index("ix_patron_word_patron_id", "patron_word", ["patron_id"])


def add_columns() -> None:
    """New columns of tables that are there; SQLite takes a reference only with its column."""
    op.execute(
        "ALTER TABLE patron ADD COLUMN household_id "
        f"{integer()} CONSTRAINT fk_patron_household_id REFERENCES household (id)"
    )
    op.add_column("patron", sa.Column("deceased_on", sa.Date(), nullable=True))
    op.create_index("ix_patron_birth_on", "patron", ["birth_on"])
    if op.get_bind().dialect.name == "postgresql":
        op.alter_column("patron", "folded_name", type_=BYTES)
    op.create_index("ix_patron_household_id", "patron", ["household_id"])
    op.add_column("loan", sa.Column("claimed_at", INSTANT, nullable=True))
    op.add_column("patron_category", sa.Column("min_age", sa.Integer(), nullable=True))
    op.add_column("patron_category", sa.Column("max_age", sa.Integer(), nullable=True))
    missing = sa.Column("missing_parts", sa.Text(), nullable=False, server_default="")
    op.add_column("item", missing)
    op.add_column("staff", sa.Column("code_hash", sa.Text(), nullable=True))
    op.add_column("staff", sa.Column("badge_hash", sa.Text(), nullable=True))
    op.create_index("uq_staff_badge_hash", "staff", ["badge_hash"], unique=True)
    op.add_column("operation", sa.Column("overrides", JSON, nullable=True))
    op.add_column("operation", sa.Column("motive", sa.Text(), nullable=True))
    op.execute(
        "ALTER TABLE operation ADD COLUMN approved_by_id "
        f"{integer()} CONSTRAINT fk_operation_approved_by_id REFERENCES staff (id)"
    )
    for name, column in JOURNAL_FILTERS.items():
        op.create_index(name, "operation", [column, "at"])
    op.create_index("ix_operation_at", "operation", ["at"])
    overridden = sa.text("overrides IS NOT NULL")
    op.create_index(
        "ix_operation_overrides",
        "operation",
        ["at"],
        postgresql_where=overridden,
        sqlite_where=overridden,
    )
    claimed = sa.text("claimed_at IS NOT NULL AND returned_at IS NULL")
    op.create_index(
        "ix_loan_claimed", "loan", ["item_id"], postgresql_where=claimed, sqlite_where=claimed
    )


def create_question() -> None:
    """What desks left open."""
    op.create_table(
        "question",
        sa.Column("id", ID, nullable=False),
        sa.Column("library_id", ID, nullable=False),
        sa.Column("kind", WORD, nullable=False),
        sa.Column("patron_id", ID, nullable=True),
        sa.Column("item_id", ID, nullable=True),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("refusals", JSON, nullable=False),
        sa.Column("asked_at", INSTANT, nullable=False),
        sa.Column("asked_by_id", ID, nullable=False),
        sa.Column("closed_at", INSTANT, nullable=True),
        sa.Column("closed_by_id", ID, nullable=True),
        sa.ForeignKeyConstraint(["asked_by_id"], ["staff.id"], name="fk_question_asked_by_id"),
        sa.ForeignKeyConstraint(["closed_by_id"], ["staff.id"], name="fk_question_closed_by_id"),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name="fk_question_item_id"),
        sa.ForeignKeyConstraint(["library_id"], ["library.id"], name="fk_question_library_id"),
        sa.ForeignKeyConstraint(["patron_id"], ["patron.id"], name="fk_question_patron_id"),
        sa.PrimaryKeyConstraint("id", name="pk_question"),
    )
    still_open = sa.text("closed_at IS NULL")
    op.create_index(
        "ix_question_open",
        "question",
        ["library_id"],
        postgresql_where=still_open,
        sqlite_where=still_open,
    )


def find_patrons_by_words() -> None:
    """The words of the patrons who are there already."""
    connection = op.get_bind()
    cards: dict[int, list[str]] = {}
    for patron_id, number in connection.execute(sa.text("SELECT patron_id, number FROM card")):
        cards.setdefault(patron_id, []).append(number)
    patrons = connection.execute(
        sa.text("SELECT id, family_name, given_name, telephone, mobile, mail FROM patron")
    ).all()
    insert = sa.text(
        "INSERT INTO patron_word (patron_id, word, backwards) VALUES (:patron, :word, :backwards)"
    )
    rows = (
        {"patron": patron.id, "word": word, "backwards": word[::-1]}
        for patron in patrons
        for word in search_words(
            names=(patron.family_name, patron.given_name),
            telephones=(patron.telephone, patron.mobile),
            mails=(patron.mail,),
            cards=cards.get(patron.id, ()),
        )
    )
    while batch := list(islice(rows, BATCH)):
        connection.execute(insert, batch)


def integer() -> str:
    """The type of an id."""
    return "INTEGER" if op.get_bind().dialect.name == "sqlite" else "BIGINT"
