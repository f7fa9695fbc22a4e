"""The role that desks use on PostgreSQL: what it may do, and nothing else.

The owner role owns every table and runs `staffdesk init`; the desk role owns nothing, makes
nothing, and cannot change what stands in the journal and the ledger.
"""

from collections.abc import Callable
from typing import TypeVar

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from staffdesk.failures import StoreUnusable
from staffdesk.store.engine import change_engine, name_of
from staffdesk.store.faults import failure_of
from staffdesk.store.schema import refuse_old_server
from staffdesk.translation import _

Answer = TypeVar("Answer")

READ = frozenset({"SELECT"})
ADD = READ | {"INSERT"}
TAKE_BACK = ADD | {"DELETE"}
CHANGE = ADD | {"UPDATE"}
KEEP = CHANGE | {"DELETE"}

GRANTS = {
    # The network's settings and its staff are the owner's.
    "alembic_version": READ,
    "closure": READ,
    "item_type": READ,
    "library": READ,
    "network": READ,
    "patron_category": READ,
    "policy": READ,
    "restriction": READ,
    "route": READ,
    "staff": READ,
    "staff_role": READ,
    # The journal and the ledger only grow.
    "ledger_entry": ADD,
    "operation": ADD,
    # The catalogue: titles and copies are added and corrected, and withdrawn rather than removed.
    "isbn": KEEP,
    "item": CHANGE,
    "record": CHANGE,
    "record_text": KEEP,
    "search_word": ADD,
    "volume": CHANGE,
    # People, and what happens at a desk. What is undone goes: a loan, its renewal, a journey, a
    # card, a further registration, a block, a message; words are those of the name of now.
    "block": KEEP,
    "card": KEEP,
    "debt": CHANGE,
    "hold": CHANGE,
    "household": CHANGE,
    "loan": KEEP,
    "message": KEEP,
    "patron": CHANGE,
    "patron_word": KEEP,
    "question": CHANGE,
    "registration": KEEP,
    "renewal": TAKE_BACK,
    "transit": KEEP,
}
"""What the desk role may do with each table."""


def must_be_created(url: str, role: str) -> bool:
    """Whether a desk role is not there yet; the owner's account, in `url`, may then create it.

    Raises `StoreUnusable` for a server that is too old, for an account that may not create roles,
    and for a role that may more than a desk should; `WorldFailed` if the server is out of reach.
    """

    def look(connection: Connection) -> bool:
        refuse_old_server(connection)
        known = text("SELECT count(*) FROM pg_roles WHERE rolname = :role")
        if connection.execute(known, {"role": role}).scalar():
            _refuse_mighty(connection, role)
            return False
        _refuse_without_createrole(connection, role)
        return True

    return _as_owner(url, look)


def set_up(url: str, role: str, *, password: str | None) -> None:
    """Create the desk role, if a password for it is given, and grant it what desks need.

    Whatever it had before is taken away first, so that this may be done again after each upgrade.
    The server is sent the password as a SCRAM verifier only. Raises `StoreUnusable`, with what
    the server's administrator must run, where the owner's rights do not suffice.
    """

    def write(connection: Connection) -> None:
        if password is not None:
            verifier = _verifier(connection, role, password)
            name = _quoted(connection, role)
            connection.exec_driver_sql(f"CREATE ROLE {name} LOGIN PASSWORD '{verifier}'")
        for statement in grants(connection, role):
            connection.exec_driver_sql(statement)
        if left := connection.execute(_LEFT_TO_DO, {"role": role}).scalars().all():
            message = _(
                "Let the server's administrator run “{statements}” in psql, in this database, "
                "and then run this again; nothing was changed."
            )
            raise StoreUnusable(message.format(statements=" ".join(left)))

    _as_owner(url, write)


def grants(connection: Connection, role: str) -> list[str]:
    """The statements that leave the role exactly what `GRANTS` says."""
    to = _quoted(connection, role)
    here = connection.execute(text("SELECT current_schema(), current_database()")).one()
    schema, database = (_quoted(connection, name) for name in here)
    return [
        f"REVOKE ALL ON ALL TABLES IN SCHEMA {schema} FROM PUBLIC, {to}",
        f"REVOKE ALL ON ALL SEQUENCES IN SCHEMA {schema} FROM PUBLIC, {to}",
        f"REVOKE CREATE ON SCHEMA {schema} FROM PUBLIC, {to}",
        f"REVOKE CREATE, TEMPORARY ON DATABASE {database} FROM PUBLIC, {to}",
        f"GRANT CONNECT ON DATABASE {database} TO {to}",
        f"GRANT USAGE ON SCHEMA {schema} TO {to}",
        *(
            f"GRANT {', '.join(sorted(verbs))} ON {_quoted(connection, table)} TO {to}"
            for table, verbs in GRANTS.items()
        ),
        *(f"GRANT USAGE ON SEQUENCE {sequence} TO {to}" for sequence in _sequences(connection)),
    ]


def lacking(connection: Connection) -> list[str]:
    """What the account of a connection lacks for the work at a desk: "INSERT loan"."""
    rights = [(table, verb) for table, verbs in GRANTS.items() for verb in sorted(verbs)]
    wanted = {"tables": [table for table, _verb in rights], "verbs": [verb for _, verb in rights]}
    return list(connection.execute(_LACKING, wanted).scalars())


def may_more(connection: Connection) -> bool:
    """Whether the account of a connection may change what stands in the journal, as the owner."""
    return bool(connection.execute(_MAY_MORE).scalar())


_MAY_MORE = text("SELECT has_table_privilege('operation', 'DELETE')")
_LACKING = text(
    """
    SELECT verb || ' ' || name
    FROM unnest(CAST(:tables AS text[]), CAST(:verbs AS text[])) AS wanted (name, verb)
    WHERE NOT coalesce(has_table_privilege(to_regclass(quote_ident(name)), verb), false)
    """
)

_SEQUENCES = text(
    """
    SELECT sequence
    FROM unnest(CAST(:tables AS text[])) AS added (name)
    JOIN pg_attribute ON attrelid = to_regclass(quote_ident(name)) AND attname = 'id',
         pg_get_serial_sequence(quote_ident(name), 'id') AS sequence
    WHERE sequence IS NOT NULL
    """
)

# What only the owner of the schema or of the database can give and take.
_LEFT_TO_DO = text(
    """
    SELECT format('REVOKE CREATE ON SCHEMA %I FROM PUBLIC, %I;', nspname, CAST(:role AS text))
    FROM pg_namespace WHERE has_schema_privilege(:role, oid, 'CREATE')
    UNION ALL
    SELECT format('REVOKE %s ON DATABASE %I FROM PUBLIC, %I;', verb, datname, CAST(:role AS text))
    FROM pg_database, unnest(ARRAY['CREATE', 'TEMPORARY']) AS verb
    WHERE datname = current_database() AND has_database_privilege(:role, datname, verb)
    UNION ALL
    SELECT format('GRANT CONNECT ON DATABASE %I TO %I;', datname, CAST(:role AS text))
    FROM pg_database
    WHERE datname = current_database() AND NOT has_database_privilege(:role, datname, 'CONNECT')
    """
)

_POWERS = text(
    """
    SELECT power
    FROM pg_roles AS r, LATERAL (
        VALUES ('SUPERUSER', rolsuper), ('CREATEROLE', rolcreaterole), ('CREATEDB', rolcreatedb),
               ('REPLICATION', rolreplication), ('BYPASSRLS', rolbypassrls)
    ) AS power (power, has)
    WHERE rolname = :role AND has
    UNION ALL
    SELECT 'IN ROLE ' || above.rolname
    FROM pg_auth_members JOIN pg_roles AS above ON above.oid = roleid
    WHERE member = (SELECT oid FROM pg_roles WHERE rolname = :role)
    UNION ALL
    SELECT 'OWNER' WHERE EXISTS (
        SELECT FROM pg_shdepend
        WHERE refclassid = CAST('pg_authid' AS regclass) AND deptype = 'o'
        AND refobjid = (SELECT oid FROM pg_roles WHERE rolname = :role)
        -- Anybody may make large objects: they tell nothing of a role, and stop no upgrade.
        AND classid NOT IN (
            CAST('pg_largeobject' AS regclass), CAST('pg_largeobject_metadata' AS regclass)
        )
    )
    """
)


def _refuse_mighty(connection: Connection, role: str) -> None:
    if powers := connection.execute(_POWERS, {"role": role}).scalars().all():
        message = _("The role {role} has rights that no desk should have ({powers}): name another.")
        raise StoreUnusable(message.format(role=role, powers=", ".join(powers)))


def _refuse_without_createrole(connection: Connection, role: str) -> None:
    may = text("SELECT rolcreaterole OR rolsuper FROM pg_roles WHERE rolname = current_user")
    if not connection.execute(may).scalar():
        message = _(
            "This account may not create roles. Let the server's administrator run "
            "“{statement}” and then “{password}” in psql, and run this again."
        )
        raise StoreUnusable(
            message.format(
                statement=f"CREATE ROLE {_quoted(connection, role)} LOGIN;",
                password=f"\\password {_quoted(connection, role)}",
            )
        )


def _sequences(connection: Connection) -> list[str]:
    added = [table for table, verbs in GRANTS.items() if "INSERT" in verbs]
    return list(connection.execute(_SEQUENCES, {"tables": added}).scalars())


def _verifier(connection: Connection, role: str, password: str) -> str:
    driver = connection.connection.driver_connection
    assert driver is not None
    verifier: bytes = driver.pgconn.encrypt_password(
        password.encode(), role.encode(), b"scram-sha-256"
    )
    return verifier.decode()


def _quoted(connection: Connection, name: str) -> str:
    return connection.dialect.identifier_preparer.quote_identifier(name)


def _as_owner(url: str, body: Callable[[Connection], Answer]) -> Answer:
    engine = change_engine(url)
    try:
        with engine.begin() as connection:
            return body(connection)
    except DBAPIError as fault:
        failure = failure_of(fault, name_of(url))
        raise failure or fault from fault
    finally:
        engine.dispose()
