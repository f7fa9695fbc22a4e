"""The first schema: the network, its people and collection, loans, holds, debts, the journal."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
INSTANT = sa.DateTime(timezone=True)
WORD = sa.String(16)


def server_clock() -> sa.TextClause:
    """The server's clock at the insertion itself, after the locks; a file has none of its own."""
    on_server = op.get_context().dialect.name == "postgresql"
    return sa.text("clock_timestamp()" if on_server else "CURRENT_TIMESTAMP")


def upgrade() -> None:
    """Create every table."""
    op.create_table(
        "item_type",
        sa.Column("id", ID, nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("loaded", JSON, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_item_type"),
        sa.UniqueConstraint("code", name="uq_item_type_code"),
    )
    op.create_table(
        "library",
        sa.Column("id", ID, nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", WORD, nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("telephone", sa.Text(), nullable=False),
        sa.Column("mail", sa.Text(), nullable=False),
        sa.Column("hours", JSON, nullable=False),
        sa.Column("loaded", JSON, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_library"),
        sa.UniqueConstraint("code", name="uq_library_code"),
    )
    op.create_table(
        "network",
        sa.Column("id", ID, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("locale", sa.Text(), nullable=False),
        sa.Column("time_zone", sa.Text(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("holidays", sa.Text(), nullable=False),
        sa.Column("number_formats", JSON, nullable=False),
        sa.Column("loaded", JSON, nullable=False),
        sa.CheckConstraint("id = 1", name="ck_network_one_row"),
        sa.PrimaryKeyConstraint("id", name="pk_network"),
    )
    op.create_table(
        "patron_category",
        sa.Column("id", ID, nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("group", sa.Boolean(), nullable=False),
        sa.Column("loaded", JSON, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_patron_category"),
        sa.UniqueConstraint("code", name="uq_patron_category_code"),
    )
    op.create_table(
        "record",
        sa.Column("id", ID, nullable=False),
        sa.Column("control_number", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("sort_title", sa.Text(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("publisher", sa.Text(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("edition", sa.Text(), nullable=False),
        sa.Column("extent", sa.Text(), nullable=False),
        sa.Column("series", sa.Text(), nullable=False),
        sa.Column("series_number", sa.Text(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("subjects", JSON, nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("audience", sa.Text(), nullable=False),
        sa.Column("issn", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_record"),
        sa.UniqueConstraint("control_number", name="uq_record_control_number"),
    )
    op.create_index("ix_record_sort_title", "record", ["sort_title"], unique=False)
    op.create_table(
        "route",
        sa.Column("id", ID, nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("county", sa.Boolean(), nullable=False),
        sa.Column("stops", JSON, nullable=False),
        sa.Column("loaded", JSON, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_route"),
        sa.UniqueConstraint("code", name="uq_route_code"),
    )
    op.create_table(
        "staff",
        sa.Column("id", ID, nullable=False),
        sa.Column("login", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_staff"),
        sa.UniqueConstraint("login", name="uq_staff_login"),
    )
    op.create_table(
        "closure",
        sa.Column("id", ID, nullable=False),
        sa.Column("library_id", ID, nullable=True),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.CheckConstraint("first_day <= last_day", name="ck_closure_days_in_order"),
        sa.ForeignKeyConstraint(["library_id"], ["library.id"], name="fk_closure_library_id"),
        sa.PrimaryKeyConstraint("id", name="pk_closure"),
    )
    op.create_table(
        "isbn",
        sa.Column("id", ID, nullable=False),
        sa.Column("record_id", ID, nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["record_id"], ["record.id"], name="fk_isbn_record_id"),
        sa.PrimaryKeyConstraint("id", name="pk_isbn"),
        sa.UniqueConstraint("record_id", "number", name="uq_isbn_record_id_number"),
    )
    op.create_index("ix_isbn_number", "isbn", ["number"], unique=False)
    op.create_table(
        "patron",
        sa.Column("id", ID, nullable=False),
        sa.Column("family_name", sa.Text(), nullable=False),
        sa.Column("given_name", sa.Text(), nullable=False),
        sa.Column("folded_name", sa.Text(), nullable=False),
        sa.Column("birth_on", sa.Date(), nullable=True),
        sa.Column("sex", WORD, nullable=False),
        sa.Column("category_id", ID, nullable=False),
        sa.Column("home_id", ID, nullable=False),
        sa.Column("membership", WORD, nullable=False),
        sa.Column("member_from", sa.Date(), nullable=True),
        sa.Column("member_until", sa.Date(), nullable=True),
        sa.Column("suspended_until", sa.Date(), nullable=True),
        sa.Column("street", sa.Text(), nullable=False),
        sa.Column("postcode", sa.Text(), nullable=False),
        sa.Column("commune", sa.Text(), nullable=False),
        sa.Column("telephone", sa.Text(), nullable=False),
        sa.Column("mobile", sa.Text(), nullable=False),
        sa.Column("mail", sa.Text(), nullable=False),
        sa.Column("guardian", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("registered_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["category_id"], ["patron_category.id"], name="fk_patron_category_id"
        ),
        sa.ForeignKeyConstraint(["home_id"], ["library.id"], name="fk_patron_home_id"),
        sa.PrimaryKeyConstraint("id", name="pk_patron"),
    )
    op.create_index("ix_patron_folded_name", "patron", ["folded_name"], unique=False)
    op.create_table(
        "policy",
        sa.Column("id", ID, nullable=False),
        sa.Column("library_id", ID, nullable=True),
        sa.Column("category_id", ID, nullable=True),
        sa.Column("item_type_id", ID, nullable=True),
        sa.Column("values", JSON, nullable=False),
        sa.Column("loaded", JSON, nullable=False),
        sa.ForeignKeyConstraint(
            ["category_id"], ["patron_category.id"], name="fk_policy_category_id"
        ),
        sa.ForeignKeyConstraint(["item_type_id"], ["item_type.id"], name="fk_policy_item_type_id"),
        sa.ForeignKeyConstraint(["library_id"], ["library.id"], name="fk_policy_library_id"),
        sa.PrimaryKeyConstraint("id", name="pk_policy"),
    )
    op.create_index(
        "uq_policy_key",
        "policy",
        [
            sa.text("coalesce(library_id, 0)"),
            sa.text("coalesce(category_id, 0)"),
            sa.text("coalesce(item_type_id, 0)"),
        ],
        unique=True,
    )
    op.create_table(
        "restriction",
        sa.Column("id", ID, nullable=False),
        sa.Column("owner_id", ID, nullable=False),
        sa.Column("item_type_id", ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["item_type_id"], ["item_type.id"], name="fk_restriction_item_type_id"
        ),
        sa.ForeignKeyConstraint(["owner_id"], ["library.id"], name="fk_restriction_owner_id"),
        sa.PrimaryKeyConstraint("id", name="pk_restriction"),
        sa.UniqueConstraint(
            "owner_id", "item_type_id", name="uq_restriction_owner_id_item_type_id"
        ),
    )
    op.create_table(
        "staff_role",
        sa.Column("id", ID, nullable=False),
        sa.Column("staff_id", ID, nullable=False),
        sa.Column("library_id", ID, nullable=True),
        sa.Column("role", WORD, nullable=False),
        sa.ForeignKeyConstraint(["library_id"], ["library.id"], name="fk_staff_role_library_id"),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_staff_role_staff_id"),
        sa.PrimaryKeyConstraint("id", name="pk_staff_role"),
    )
    op.create_index(
        "uq_staff_role_place",
        "staff_role",
        ["staff_id", sa.text("coalesce(library_id, 0)")],
        unique=True,
    )
    op.create_table(
        "volume",
        sa.Column("id", ID, nullable=False),
        sa.Column("record_id", ID, nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["record_id"], ["record.id"], name="fk_volume_record_id"),
        sa.PrimaryKeyConstraint("id", name="pk_volume"),
        sa.UniqueConstraint("record_id", "label", name="uq_volume_record_id_label"),
    )
    op.create_table(
        "block",
        sa.Column("id", ID, nullable=False),
        sa.Column("patron_id", ID, nullable=False),
        sa.Column("library_id", ID, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("lifted_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(["library_id"], ["library.id"], name="fk_block_library_id"),
        sa.ForeignKeyConstraint(["patron_id"], ["patron.id"], name="fk_block_patron_id"),
        sa.PrimaryKeyConstraint("id", name="pk_block"),
    )
    op.create_index("ix_block_patron_id", "block", ["patron_id"], unique=False)
    op.create_table(
        "card",
        sa.Column("id", ID, nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("patron_id", ID, nullable=False),
        sa.Column("state", WORD, nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["patron_id"], ["patron.id"], name="fk_card_patron_id"),
        sa.PrimaryKeyConstraint("id", name="pk_card"),
        sa.UniqueConstraint("number", name="uq_card_number"),
    )
    op.create_index("ix_card_patron_id", "card", ["patron_id"], unique=False)
    op.create_table(
        "item",
        sa.Column("id", ID, nullable=False),
        sa.Column("barcode", sa.Text(), nullable=False),
        sa.Column("record_id", ID, nullable=False),
        sa.Column("volume_id", ID, nullable=True),
        sa.Column("item_type_id", ID, nullable=False),
        sa.Column("owner_id", ID, nullable=False),
        sa.Column("home_id", ID, nullable=False),
        sa.Column("place_id", ID, nullable=False),
        sa.Column("call_number", sa.Text(), nullable=False),
        sa.Column("location", sa.Text(), nullable=False),
        sa.Column("state", WORD, nullable=False),
        sa.Column("state_since", sa.Date(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("audience", sa.Text(), nullable=False),
        sa.Column("new_until", sa.Date(), nullable=True),
        sa.Column("minimum_age", sa.Integer(), nullable=True),
        sa.Column("return_by", sa.Date(), nullable=True),
        sa.Column("price", sa.Integer(), nullable=True),
        sa.Column("entered_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["home_id"], ["library.id"], name="fk_item_home_id"),
        sa.ForeignKeyConstraint(["item_type_id"], ["item_type.id"], name="fk_item_item_type_id"),
        sa.ForeignKeyConstraint(["owner_id"], ["library.id"], name="fk_item_owner_id"),
        sa.ForeignKeyConstraint(["place_id"], ["library.id"], name="fk_item_place_id"),
        sa.ForeignKeyConstraint(["record_id"], ["record.id"], name="fk_item_record_id"),
        sa.ForeignKeyConstraint(["volume_id"], ["volume.id"], name="fk_item_volume_id"),
        sa.PrimaryKeyConstraint("id", name="pk_item"),
        sa.UniqueConstraint("barcode", name="uq_item_barcode"),
    )
    op.create_index("ix_item_record_id", "item", ["record_id"], unique=False)
    op.create_table(
        "registration",
        sa.Column("id", ID, nullable=False),
        sa.Column("patron_id", ID, nullable=False),
        sa.Column("library_id", ID, nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["library_id"], ["library.id"], name="fk_registration_library_id"),
        sa.ForeignKeyConstraint(["patron_id"], ["patron.id"], name="fk_registration_patron_id"),
        sa.PrimaryKeyConstraint("id", name="pk_registration"),
        sa.UniqueConstraint("patron_id", "library_id", name="uq_registration_patron_id_library_id"),
    )
    op.create_table(
        "operation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("recorded_at", INSTANT, server_default=server_clock(), nullable=False),
        sa.Column("library_id", ID, nullable=False),
        sa.Column("staff_id", ID, nullable=False),
        sa.Column("workstation", sa.Text(), nullable=False),
        sa.Column("patron_id", ID, nullable=True),
        sa.Column("item_id", ID, nullable=True),
        sa.Column("outcome", JSON, nullable=False),
        sa.Column("changes", JSON, nullable=False),
        sa.Column("undoes", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["item_id"],
            ["item.id"],
            name="fk_operation_item_id",
            deferrable=True,
            initially="DEFERRED",
        ),
        sa.ForeignKeyConstraint(["library_id"], ["library.id"], name="fk_operation_library_id"),
        sa.ForeignKeyConstraint(
            ["patron_id"],
            ["patron.id"],
            name="fk_operation_patron_id",
            deferrable=True,
            initially="DEFERRED",
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_operation_staff_id"),
        sa.ForeignKeyConstraint(["undoes"], ["operation.id"], name="fk_operation_undoes"),
        sa.PrimaryKeyConstraint("id", name="pk_operation"),
        sa.UniqueConstraint("undoes", name="uq_operation_undoes"),
    )
    op.create_index("ix_operation_item", "operation", ["item_id", "at"], unique=False)
    op.create_index("ix_operation_patron", "operation", ["patron_id", "at"], unique=False)
    op.create_index(
        "ix_operation_workstation", "operation", ["workstation", "recorded_at"], unique=False
    )
    op.create_table(
        "hold",
        sa.Column("id", ID, nullable=False),
        sa.Column("patron_id", ID, nullable=True),
        sa.Column("record_id", ID, nullable=False),
        sa.Column("volume_id", ID, nullable=True),
        sa.Column("item_id", ID, nullable=True),
        sa.Column("pickup_id", ID, nullable=False),
        sa.Column("state", WORD, nullable=False),
        sa.Column("via", WORD, nullable=False),
        sa.Column("placed_at", INSTANT, nullable=False),
        sa.Column("queued_at", INSTANT, nullable=False),
        sa.Column("captured_item_id", ID, nullable=True),
        sa.Column("shelf_until", sa.Date(), nullable=True),
        sa.Column("ended_at", INSTANT, nullable=True),
        sa.Column("operation_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "(state IN ('captured', 'in_transit', 'ready')) <= (captured_item_id IS NOT NULL)",
            name="ck_hold_captured_has_item",
        ),
        sa.ForeignKeyConstraint(["captured_item_id"], ["item.id"], name="fk_hold_captured_item_id"),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name="fk_hold_item_id"),
        sa.ForeignKeyConstraint(["operation_id"], ["operation.id"], name="fk_hold_operation_id"),
        sa.ForeignKeyConstraint(["patron_id"], ["patron.id"], name="fk_hold_patron_id"),
        sa.ForeignKeyConstraint(["pickup_id"], ["library.id"], name="fk_hold_pickup_id"),
        sa.ForeignKeyConstraint(["record_id"], ["record.id"], name="fk_hold_record_id"),
        sa.ForeignKeyConstraint(["volume_id"], ["volume.id"], name="fk_hold_volume_id"),
        sa.PrimaryKeyConstraint("id", name="pk_hold"),
    )
    op.create_index("ix_hold_patron_id", "hold", ["patron_id"], unique=False)
    op.create_index("ix_hold_record_id", "hold", ["record_id"], unique=False)
    op.create_index(
        "uq_hold_captured_item",
        "hold",
        ["captured_item_id"],
        unique=True,
        postgresql_where=sa.text("state IN ('captured', 'in_transit', 'ready')"),
        sqlite_where=sa.text("state IN ('captured', 'in_transit', 'ready')"),
    )
    op.create_table(
        "loan",
        sa.Column("id", ID, nullable=False),
        sa.Column("item_id", ID, nullable=False),
        sa.Column("patron_id", ID, nullable=True),
        sa.Column("library_id", ID, nullable=False),
        sa.Column("lent_at", INSTANT, nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("renewals", sa.Integer(), nullable=False),
        sa.Column("returned_at", INSTANT, nullable=True),
        sa.Column("returned_to_id", ID, nullable=True),
        sa.Column("operation_id", sa.Uuid(), nullable=True),
        sa.Column("age_band", sa.Text(), nullable=False),
        sa.Column("sex", WORD, nullable=False),
        sa.Column("commune", sa.Text(), nullable=False),
        sa.Column("category_id", ID, nullable=False),
        sa.Column("item_type_id", ID, nullable=False),
        sa.Column("audience", sa.Text(), nullable=False),
        sa.CheckConstraint("renewals >= 0", name="ck_loan_renewals"),
        sa.ForeignKeyConstraint(
            ["category_id"], ["patron_category.id"], name="fk_loan_category_id"
        ),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name="fk_loan_item_id"),
        sa.ForeignKeyConstraint(["item_type_id"], ["item_type.id"], name="fk_loan_item_type_id"),
        sa.ForeignKeyConstraint(["library_id"], ["library.id"], name="fk_loan_library_id"),
        sa.ForeignKeyConstraint(["operation_id"], ["operation.id"], name="fk_loan_operation_id"),
        sa.ForeignKeyConstraint(["patron_id"], ["patron.id"], name="fk_loan_patron_id"),
        sa.ForeignKeyConstraint(["returned_to_id"], ["library.id"], name="fk_loan_returned_to_id"),
        sa.PrimaryKeyConstraint("id", name="pk_loan"),
    )
    op.create_index("ix_loan_item_id", "loan", ["item_id"], unique=False)
    op.create_index("ix_loan_operation_id", "loan", ["operation_id"], unique=False)
    op.create_index("ix_loan_patron_id", "loan", ["patron_id"], unique=False)
    op.create_index(
        "ix_loan_patron_open",
        "loan",
        ["patron_id"],
        unique=False,
        postgresql_where=sa.text("returned_at IS NULL"),
        sqlite_where=sa.text("returned_at IS NULL"),
    )
    op.create_index(
        "uq_loan_open",
        "loan",
        ["item_id"],
        unique=True,
        postgresql_where=sa.text("returned_at IS NULL"),
        sqlite_where=sa.text("returned_at IS NULL"),
    )
    op.create_table(
        "debt",
        sa.Column("id", ID, nullable=False),
        sa.Column("patron_id", ID, nullable=True),
        sa.Column("library_id", ID, nullable=False),
        sa.Column("cause", WORD, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("settled", sa.Integer(), nullable=False),
        sa.Column("at_treasury", sa.Boolean(), nullable=False),
        sa.Column("created_on", sa.Date(), nullable=False),
        sa.Column("loan_id", ID, nullable=True),
        sa.Column("item_id", ID, nullable=True),
        sa.Column("operation_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint("amount > 0", name="ck_debt_amount"),
        sa.CheckConstraint("settled >= 0 AND settled <= amount", name="ck_debt_settled"),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name="fk_debt_item_id"),
        sa.ForeignKeyConstraint(["library_id"], ["library.id"], name="fk_debt_library_id"),
        sa.ForeignKeyConstraint(
            ["loan_id"], ["loan.id"], name="fk_debt_loan_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["operation_id"], ["operation.id"], name="fk_debt_operation_id"),
        sa.ForeignKeyConstraint(["patron_id"], ["patron.id"], name="fk_debt_patron_id"),
        sa.PrimaryKeyConstraint("id", name="pk_debt"),
    )
    op.create_index("ix_debt_patron_id", "debt", ["patron_id"], unique=False)
    op.create_table(
        "renewal",
        sa.Column("id", ID, nullable=False),
        sa.Column("loan_id", ID, nullable=False),
        sa.Column("library_id", ID, nullable=False),
        sa.Column("renewed_at", INSTANT, nullable=False),
        sa.Column("due_before", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("operation_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["library_id"], ["library.id"], name="fk_renewal_library_id"),
        sa.ForeignKeyConstraint(
            ["loan_id"], ["loan.id"], name="fk_renewal_loan_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["operation_id"], ["operation.id"], name="fk_renewal_operation_id"),
        sa.PrimaryKeyConstraint("id", name="pk_renewal"),
    )
    op.create_index("ix_renewal_loan_id", "renewal", ["loan_id"], unique=False)
    op.create_index("ix_renewal_operation_id", "renewal", ["operation_id"], unique=False)
    op.create_table(
        "transit",
        sa.Column("id", ID, nullable=False),
        sa.Column("item_id", ID, nullable=False),
        sa.Column("origin_id", ID, nullable=False),
        sa.Column("destination_id", ID, nullable=False),
        sa.Column("reason", WORD, nullable=False),
        sa.Column("hold_id", ID, nullable=True),
        sa.Column("state", WORD, nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("ended_at", INSTANT, nullable=True),
        sa.Column("operation_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["destination_id"], ["library.id"], name="fk_transit_destination_id"
        ),
        sa.ForeignKeyConstraint(["hold_id"], ["hold.id"], name="fk_transit_hold_id"),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name="fk_transit_item_id"),
        sa.ForeignKeyConstraint(["operation_id"], ["operation.id"], name="fk_transit_operation_id"),
        sa.ForeignKeyConstraint(["origin_id"], ["library.id"], name="fk_transit_origin_id"),
        sa.PrimaryKeyConstraint("id", name="pk_transit"),
    )
    op.create_index(
        "uq_transit_open",
        "transit",
        ["item_id"],
        unique=True,
        postgresql_where=sa.text("state IN ('to_send', 'loaded', 'in_transit')"),
        sqlite_where=sa.text("state IN ('to_send', 'loaded', 'in_transit')"),
    )
    op.create_table(
        "ledger_entry",
        sa.Column("id", ID, nullable=False),
        sa.Column("debt_id", ID, nullable=False),
        sa.Column("kind", WORD, nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("entered_at", INSTANT, nullable=False),
        sa.Column("library_id", ID, nullable=False),
        sa.Column("operation_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint("amount > 0", name="ck_ledger_entry_amount"),
        sa.ForeignKeyConstraint(["debt_id"], ["debt.id"], name="fk_ledger_entry_debt_id"),
        sa.ForeignKeyConstraint(["library_id"], ["library.id"], name="fk_ledger_entry_library_id"),
        sa.ForeignKeyConstraint(
            ["operation_id"], ["operation.id"], name="fk_ledger_entry_operation_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_ledger_entry"),
    )
    op.create_index("ix_ledger_entry_debt_id", "ledger_entry", ["debt_id"], unique=False)
