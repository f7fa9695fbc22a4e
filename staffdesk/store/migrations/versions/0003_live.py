"""Triggers that tell every desk what has changed, whoever changed it (`staffdesk.store.listener`).

A file needs none: SQLite counts its changes by itself.
"""

from alembic import op

revision = "0003"
down_revision = "0002"

ANNOUNCED = {
    "patron": ("patron:id",),
    "card": ("patron:patron_id",),
    "registration": ("patron:patron_id",),
    "block": ("patron:patron_id",),
    "message": ("patron:patron_id",),
    "debt": ("patron:patron_id",),
    "loan": ("patron:patron_id", "item:item_id"),
    "hold": ("patron:patron_id", "record:record_id", "item:item_id", "item:captured_item_id"),
    "transit": ("item:item_id",),
    "item": ("item:id", "record:record_id"),
    "record": ("record:id",),
    "volume": ("record:record_id",),
    "isbn": ("record:record_id",),
    "network": ("network",),
    "operation": ("journal",),
    "question": ("question",),
}
"""What a change of a table's rows changes: topics, with the column of their ids."""

# A NOTIFY holds 8,000 bytes. More than fifty rows are told as the topics alone, and looked at no
# further: an import changes many at once.
ANNOUNCE = """
CREATE OR REPLACE FUNCTION announce() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    touched jsonb[] := ARRAY(SELECT to_jsonb(r) FROM changed AS r LIMIT 51);
    many boolean := cardinality(touched) > 50;
    about text;
    topic text;
    said text := '';
BEGIN
    IF TG_OP = 'UPDATE' AND NOT many THEN
        -- Whose it was is told as well as whose it is.
        touched := touched || ARRAY(SELECT to_jsonb(r) FROM before AS r);
    END IF;
    IF cardinality(touched) = 0 THEN
        RETURN NULL;
    END IF;
    FOREACH about IN ARRAY TG_ARGV LOOP
        topic := split_part(about, ':', 1);
        IF many OR about = topic THEN
            said := concat(said, ' ', topic);
        ELSE
            said := concat(said, (
                SELECT ' ' || topic || ':' || string_agg(DISTINCT id, ',')
                FROM (SELECT r ->> split_part(about, ':', 2) AS id FROM unnest(touched) AS r) AS ids
            ));
        END IF;
    END LOOP;
    IF said <> '' THEN
        PERFORM pg_notify('staffdesk', concat(current_setting('staffdesk.desk', true), said));
    END IF;
    RETURN NULL;
END $$
"""

EVENTS = {
    "insert": "NEW TABLE AS changed",
    "update": "OLD TABLE AS before NEW TABLE AS changed",
    "delete": "OLD TABLE AS changed",
}


def upgrade() -> None:
    """One function, and for each table a trigger for each kind of statement."""
    if op.get_context().dialect.name != "postgresql":
        return
    op.execute(ANNOUNCE)
    for table, about in ANNOUNCED.items():
        arguments = ", ".join(f"'{each}'" for each in about)
        for event, rows in EVENTS.items():
            op.execute(
                f"CREATE TRIGGER announce_{event} AFTER {event} ON {table} REFERENCING {rows} "
                f"FOR EACH STATEMENT EXECUTE FUNCTION announce({arguments})"
            )
