"""The catalogue: all that a record says, and the words it is found by."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
BYTES = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
TEXTS = (
    "publication_place",
    "part_of",
    "part_number",
    "contents",
    "note",
    "classification",
    "original_language",
    "document_type",
)


def upgrade() -> None:
    """Expand: a desk of the version before still finds and adds all that it knows."""
    for name in TEXTS:
        column = sa.Column(name, sa.Text(), nullable=False, server_default="")
        op.add_column("record", column)
    op.add_column("record", sa.Column("authors", JSON, nullable=False, server_default="[]"))
    op.add_column("record", sa.Column("entered_on", sa.Date(), nullable=True))
    if op.get_bind().dialect.name == "postgresql":
        op.alter_column("record", "sort_title", type_=BYTES)
        op.alter_column("isbn", "number", type_=BYTES)
        op.alter_column("item", "barcode", type_=BYTES)
    op.drop_index("ix_record_sort_title", "record")
    op.create_index("ix_record_sort_title", "record", ["sort_title", "id"])
    op.create_index("ix_record_year", "record", ["year", "id"])
    op.create_index("ix_record_entered_on", "record", ["entered_on", "id"])
    recent = sa.text("new_until IS NOT NULL")
    op.create_index(
        "ix_item_new_until",
        "item",
        ["new_until"],
        postgresql_where=recent,
        sqlite_where=recent,
    )
    create_search()


def create_search() -> None:
    """The words of records, indexed by each store in its own way; `staffdesk reindex` writes those
    of the records that are there already."""
    op.create_table(
        "record_text",
        sa.Column("record_id", ID, nullable=False, autoincrement=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("by_author", BYTES, nullable=False),
        sa.Column("loans", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["record_id"], ["record.id"], name="fk_record_text_record_id"),
        sa.PrimaryKeyConstraint("record_id", name="pk_record_text"),
    )
    op.create_index("ix_record_text_by_author", "record_text", ["by_author", "record_id"])
    op.create_table(
        "search_word",
        sa.Column("word", BYTES, nullable=False),
        sa.PrimaryKeyConstraint("word", name="pk_search_word"),
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE INDEX ix_record_text_words ON record_text "
            "USING gin (array_to_tsvector(string_to_array(words, ' ')))"
        )
    else:
        for statement in FULL_TEXT:
            op.execute(statement)


FULL_TEXT = (
    "CREATE VIRTUAL TABLE record_fts USING fts5 (words, content='record_text', "
    "content_rowid='record_id', detail=none, columnsize=0, prefix='1 2 3 4 5', "
    "tokenize=\"ascii tokenchars '=>'\")",
    "CREATE TRIGGER record_text_insert AFTER INSERT ON record_text BEGIN "
    "INSERT INTO record_fts (rowid, words) VALUES (new.record_id, new.words); END",
    "CREATE TRIGGER record_text_update AFTER UPDATE OF words ON record_text BEGIN "
    "INSERT INTO record_fts (record_fts, rowid, words) "
    "VALUES ('delete', old.record_id, old.words); "
    "INSERT INTO record_fts (rowid, words) VALUES (new.record_id, new.words); END",
    "CREATE TRIGGER record_text_delete AFTER DELETE ON record_text BEGIN "
    "INSERT INTO record_fts (record_fts, rowid, words) "
    "VALUES ('delete', old.record_id, old.words); END",
)
