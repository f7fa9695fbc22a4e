"""The desk's role on a real PostgreSQL: what desks do works, and everything else is refused."""

import ast
import io
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import Engine, create_engine

import staffdesk.desk
from staffdesk import desk as actions
from staffdesk import passwords
from staffdesk.__main__ import main
from staffdesk.address import server_of
from staffdesk.desk.operations import open_desk
from staffdesk.model import Base, Loan, Operation, Renewal, Transit
from staffdesk.store.roles import GRANTS, READ
from staffdesk.vocabulary import DebtCause
from tests.accounts import PASSWORD, Accounts, by_tcp, new_accounts
from tests.words import Town

VERBS = {
    "SELECT": "SELECT FROM {table}",
    "INSERT": "INSERT INTO {table} DEFAULT VALUES",
    "UPDATE": "UPDATE {table} SET {column} = {column}",
    "DELETE": "DELETE FROM {table}",
    "TRUNCATE": "TRUNCATE {table} CASCADE",
}
NOT_GRANTED = [
    (table, verb) for table, granted in GRANTS.items() for verb in VERBS if verb not in granted
]
BEYOND_ROWS = [
    "CREATE TABLE mine (id int)",
    "CREATE TABLE mine AS SELECT * FROM operation",
    "CREATE TEMP TABLE mine (id int)",
    "CREATE VIEW mine AS SELECT * FROM operation",
    "CREATE SEQUENCE mine",
    "CREATE TYPE mine AS (id int)",
    "CREATE FUNCTION mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "CREATE SCHEMA mine",
    "CREATE DATABASE mine",
    "CREATE ROLE mine",
    "CREATE INDEX ON operation (motive)",
    "CREATE TRIGGER mine BEFORE INSERT ON operation EXECUTE FUNCTION announce()",
    "CREATE OR REPLACE FUNCTION announce() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN END'",
    "CREATE RULE mine AS ON INSERT TO operation DO INSTEAD NOTHING",
    "CREATE POLICY mine ON operation",
    "ALTER TABLE operation ADD COLUMN mine int",
    "ALTER TABLE operation DISABLE TRIGGER ALL",
    "ALTER TABLE operation OWNER TO {role}",
    "ALTER TABLE operation ENABLE ROW LEVEL SECURITY",
    "ALTER SEQUENCE loan_id_seq RESTART",
    "ALTER SCHEMA public RENAME TO mine",
    "ALTER DATABASE {database} RENAME TO mine",
    "ALTER ROLE {role} SUPERUSER",
    "ALTER ROLE {role} CREATEROLE",
    "ALTER ROLE {owner} PASSWORD 'mine'",
    "ALTER SYSTEM SET log_statement = 'all'",
    "DROP TABLE operation",
    "DROP TABLE loan CASCADE",
    "DROP FUNCTION announce() CASCADE",
    "DROP SCHEMA public CASCADE",
    "DROP DATABASE {database}",
    "DROP ROLE {owner}",
    "DROP OWNED BY {owner}",
    "GRANT {owner} TO {role}",
    "SET ROLE {owner}",
    "SET SESSION AUTHORIZATION {owner}",
    "SET session_replication_role = replica",
    "DO $$ BEGIN LOCK operation IN ACCESS EXCLUSIVE MODE; END $$",
    "REINDEX TABLE operation",
    "COMMENT ON TABLE operation IS 'mine'",
    "SELECT setval('loan_id_seq', 1)",
    "SELECT pg_read_file('postgresql.conf')",
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '{owner}'",
    "SELECT * FROM pg_authid",
    "COPY operation TO '/tmp/mine'",
    "COPY operation TO PROGRAM 'cat'",
    "COPY loan FROM PROGRAM 'echo'",
    "COPY ledger_entry (id) FROM '/etc/passwd'",
]


def init(accounts: Accounts, *arguments: str, password: str = "") -> int:
    """Run `staffdesk init` as the owner, who types a password when asked for one."""
    with pytest.MonkeyPatch.context() as typing:
        typing.setattr("sys.stdin", io.StringIO(f"{password}\n"))
        return main(["--database", accounts.owner_url, "init", *arguments])


@pytest.fixture(scope="module")
def ready(server: Engine) -> Iterator[Accounts]:
    """A network with a desk role, for all tests that only look at it."""
    with new_accounts(server) as accounts:
        role = ("--desk-role", accounts.desk_role)
        assert init(accounts, "--network", "clain", *role, password=PASSWORD) == 0
        yield accounts


@pytest.fixture(scope="module")
def owner(ready: Accounts) -> Iterator[psycopg.Connection[Any]]:
    """A second connection that owns everything, for the desk's to look at and to attack."""
    with psycopg.connect(dsn(ready, ready.owner), autocommit=True) as connection:
        yield connection


@pytest.fixture(scope="module")
def desk_role(ready: Accounts) -> Iterator[psycopg.Connection[Any]]:
    """A connection of the desk role, which had to give its password."""
    where = dsn(ready, ready.desk_role)
    with psycopg.connect(where, password=PASSWORD, autocommit=True) as connection:
        yield connection


def dsn(accounts: Accounts, role: str) -> str:
    url = accounts.database.set(drivername="postgresql", username=role)
    return url.render_as_string(hide_password=False)


# --- what is granted ---------------------------------------------------------------------------


def test_every_table_is_named() -> None:
    assert GRANTS.keys() == Base.metadata.tables.keys() | {"alembic_version"}


def test_settings_and_staff_are_read_only_and_the_journal_only_grows() -> None:
    settings = ("network", "library", "closure", "route", "item_type", "patron_category", "policy")
    for table in (*settings, "restriction", "staff", "staff_role", "alembic_version"):
        assert GRANTS[table] == READ
    assert GRANTS["operation"] == GRANTS["ledger_entry"] == {"SELECT", "INSERT"}


def test_what_the_desk_says_it_changes_is_granted() -> None:
    said = {
        (str(call.args[0].value), call.func.attr.upper())
        for module in Path(staffdesk.desk.__file__).parent.glob("*.py")
        for call in ast.walk(ast.parse(module.read_text("utf-8")))
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Attribute)
        and call.func.attr in ("insert", "update", "delete")
        and isinstance(call.func.value, ast.Name)
        and call.func.value.id == "session"
        and isinstance(call.args[0], ast.Constant)
    }
    assert ("loan", "INSERT") in said
    assert {(table, verb) for table, verb in said if verb not in GRANTS[table]} == set()


def test_it_has_what_is_granted_and_nothing_else(desk_role: psycopg.Connection[Any]) -> None:
    every = [*VERBS, "REFERENCES", "TRIGGER"]
    asked = "SELECT verb FROM unnest(%s::text[]) AS verb WHERE has_table_privilege(%s, verb)"
    tables = desk_role.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    assert {
        table: {verb for (verb,) in desk_role.execute(asked, (every, table))} for (table,) in tables
    } == GRANTS


# --- what is refused ---------------------------------------------------------------------------


def test_the_statements_are_right_otherwise(owner: psycopg.Connection[Any]) -> None:
    for table, verb in NOT_GRANTED:
        if verb != "TRUNCATE":
            owner.execute(sql.SQL("EXPLAIN ") + statement(table, verb))


@pytest.mark.parametrize(("table", "verb"), NOT_GRANTED)
def test_what_is_not_granted_is_refused(
    desk_role: psycopg.Connection[Any], table: str, verb: str
) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        desk_role.execute(statement(table, verb))


def statement(table: str, verb: str) -> sql.Composed:
    metadata = Base.metadata.tables.get(table)
    column = "version_num" if metadata is None else next(iter(metadata.c)).name
    return sql.SQL(VERBS[verb]).format(table=sql.Identifier(table), column=sql.Identifier(column))


@pytest.mark.usefixtures("owner")
@pytest.mark.parametrize("forbidden", BEYOND_ROWS)
def test_what_is_not_about_rows_is_refused(
    ready: Accounts, desk_role: psycopg.Connection[Any], forbidden: str
) -> None:
    names = {
        "role": ready.desk_role,
        "owner": ready.owner,
        "database": ready.database.database,
    }
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        desk_role.execute(forbidden.format(**names))


def test_it_cannot_hand_on_what_it_has(desk_role: psycopg.Connection[Any]) -> None:
    # PostgreSQL only warns of this one.
    desk_role.execute("GRANT SELECT, UPDATE ON operation TO PUBLIC")
    desk_role.execute("GRANT CONNECT ON DATABASE " + desk_role.info.dbname + " TO PUBLIC")
    acl = desk_role.execute("SELECT relacl::text FROM pg_class WHERE relname = 'operation'")
    assert "{=" not in str(acl.fetchone())


def test_it_owns_nothing(ready: Accounts, desk_role: psycopg.Connection[Any]) -> None:
    owned = "SELECT count(*) FROM pg_shdepend WHERE deptype = 'o' AND refobjid = %s::regrole"
    assert desk_role.execute(owned, (ready.desk_role,)).fetchone() == (0,)


# --- what works --------------------------------------------------------------------------------


@pytest.fixture
def town(accounts: Accounts, no_passwords: Path) -> Iterator[tuple[Town, list[str]]]:
    """A town of the owner's whose desk is the desk role's, and six copies."""
    assert init(accounts, "--desk-role", accounts.desk_role, password=PASSWORD) == 0
    town = Town(accounts.owner_url, desk_url=accounts.owner_url)
    copies = [town.copy() for _ in range(6)]
    town.close()
    desk = server_of(accounts.desk_url)
    assert desk is not None
    passwords.keep_in_file(desk, PASSWORD)
    assert no_passwords.exists()
    town.desk = open_desk(accounts.desk_url, workstation="PC1")
    yield town, copies
    town.close()


def test_a_day_at_the_desk(town: tuple[Town, list[str]]) -> None:
    desk, (first, second, third, *_) = town
    patron, other = desk.patron(), desk.patron()
    for copy in (first, second):
        desk.do(actions.check_out, patron_id=patron, barcodes=[copy])
    desk.day += timedelta(days=3)
    renewed = desk.do(actions.renew, patron_id=patron, items="all")
    desk.do(actions.undo, operation=renewed.operation)
    assert desk.rows(Renewal) == []
    desk.do(actions.renew, patron_id=patron, items="all")
    desk.do(actions.place_hold, patron_id=other, record_id=desk.record_of(first))
    desk.do(actions.check_in, barcodes=[first])
    desk.do(actions.record_debt, patron_id=patron, amount=250, cause=DebtCause.OTHER)
    desk.do(actions.check_out, patron_id=other, barcodes=[third], at="NIEUIL")
    assert len(desk.ask(actions.patron_file, patron_id=patron, library="SMARVES").loans) == 1
    assert (len(desk.rows(Loan)), len(desk.rows(Renewal)), len(desk.rows(Operation))) == (3, 2, 11)


def test_what_was_done_is_taken_back(town: tuple[Town, list[str]]) -> None:
    desk, (copy, other, *_) = town
    patron = desk.patron()
    loan = desk.do(actions.check_out, patron_id=patron, barcodes=[copy])
    hold = desk.do(actions.place_hold, patron_id=patron, record_id=desk.record_of(other))
    debt = desk.do(actions.record_debt, patron_id=patron, amount=250, cause=DebtCause.OTHER)
    for done in (debt, hold, loan):
        desk.do(actions.undo, operation=done.operation)
    journey = desk.do(actions.check_in, barcodes=[copy], at="NIEUIL")
    desk.do(actions.undo, operation=journey.operation, at="NIEUIL")
    assert desk.rows(Loan) == desk.rows(Transit) == []


# --- how it comes to be ------------------------------------------------------------------------


def test_again_it_changes_nothing_and_asks_for_no_password(
    ready: Accounts, owner: psycopg.Connection[Any]
) -> None:
    rights = (
        "SELECT relname, relacl::text FROM pg_class WHERE relnamespace = 'public'::regnamespace"
    )
    before = sorted(owner.execute(rights).fetchall())
    assert init(ready, "--desk-role", ready.desk_role) == 0
    assert sorted(owner.execute(rights).fetchall()) == before


def test_what_anybody_may_make_stops_no_upgrade(server: Engine, accounts: Accounts) -> None:
    """PostgreSQL lets every account make large objects; one line in psql would be enough."""
    role = ("--desk-role", accounts.desk_role)
    assert init(accounts, *role, password=PASSWORD) == 0
    own = server.url.set(database=accounts.database.database)
    engine = create_engine(own, isolation_level="AUTOCOMMIT")
    with engine.connect() as administrator:
        administrator.exec_driver_sql(f"SET ROLE {accounts.desk_role}")
        administrator.exec_driver_sql("SELECT lo_create(0)")
    engine.dispose()

    assert init(accounts, *role) == 0


def test_again_it_takes_away_what_was_granted_since(
    ready: Accounts, owner: psycopg.Connection[Any], desk_role: psycopg.Connection[Any]
) -> None:
    owner.execute("GRANT UPDATE ON operation TO PUBLIC")
    owner.execute(f"GRANT DELETE, UPDATE (name) ON staff TO {ready.desk_role}")
    owner.execute(f"GRANT CREATE ON SCHEMA public TO {ready.desk_role}")
    assert init(ready, "--desk-role", ready.desk_role) == 0
    for forbidden in (
        "UPDATE operation SET id = id",
        "UPDATE staff SET name = 'mine'",
        "DELETE FROM staff",
        "CREATE TABLE mine ()",
    ):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            desk_role.execute(forbidden)


def test_the_server_is_given_a_verifier_and_no_password(server: Engine, accounts: Accounts) -> None:
    assert init(accounts, "--desk-role", accounts.desk_role, password=PASSWORD) == 0
    with server.connect() as administrator:
        kept = administrator.exec_driver_sql(
            f"SELECT rolpassword FROM pg_authid WHERE rolname = '{accounts.desk_role}'"
        ).scalar_one()
    assert kept.startswith("SCRAM-SHA-256$")


def test_an_owner_who_may_not_create_roles_is_told_the_statement(
    server: Engine, capsys: pytest.CaptureFixture[str]
) -> None:
    with new_accounts(server, createrole=False) as accounts:
        assert init(accounts, "--desk-role", accounts.desk_role) == 3
        create = f'CREATE ROLE "{accounts.desk_role}" LOGIN;'
        assert create in capsys.readouterr().err
        with server.connect() as administrator:
            administrator.exec_driver_sql(create)
        assert init(accounts, "--desk-role", accounts.desk_role) == 0


@pytest.mark.parametrize(
    "power", ["SUPERUSER", "CREATEROLE", "CREATEDB", "REPLICATION", "BYPASSRLS"]
)
def test_a_mighty_role_is_not_taken(server: Engine, accounts: Accounts, power: str) -> None:
    with server.connect() as administrator:
        administrator.exec_driver_sql(f"CREATE ROLE {accounts.desk_role} LOGIN {power}")
    assert init(accounts, "--desk-role", accounts.desk_role) == 3


def test_neither_the_owner_nor_its_deputy_is_taken(server: Engine, accounts: Accounts) -> None:
    assert init(accounts) == 0
    assert init(accounts, "--desk-role", accounts.owner) == 3
    with server.connect() as administrator:
        administrator.exec_driver_sql(
            f"CREATE ROLE {accounts.desk_role} LOGIN IN ROLE {accounts.owner}"
        )
    assert init(accounts, "--desk-role", accounts.desk_role) == 3


def test_what_only_the_administrator_can_take_away_is_told(
    server: Engine, accounts: Accounts, capsys: pytest.CaptureFixture[str]
) -> None:
    database = accounts.database.database
    with server.connect() as administrator:
        administrator.exec_driver_sql(f"ALTER DATABASE {database} OWNER TO postgres")
    inside = server.url.set(database=database)
    where = inside.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(where, autocommit=True) as administrator:
        administrator.execute(f"GRANT CREATE ON SCHEMA public TO {accounts.owner}")
        administrator.execute(f"CREATE ROLE {accounts.desk_role} LOGIN")
        assert init(accounts, "--desk-role", accounts.desk_role) == 3
        told = capsys.readouterr().err
        missing = f"REVOKE TEMPORARY ON DATABASE {database} FROM PUBLIC, {accounts.desk_role};"
        assert missing in told
        administrator.execute(missing)
    assert init(accounts, "--desk-role", accounts.desk_role) == 0


def test_an_older_server_is_refused(
    server: Engine, accounts: Accounts, capsys: pytest.CaptureFixture[str]
) -> None:
    def older(answer: bytes) -> bytes:
        return answer.replace(b"server_version\x0018.", b"server_version\x0014.")

    with by_tcp(server.url, hear=older) as port:
        url = f"postgresql://{accounts.owner}@127.0.0.1:{port}/{accounts.database.database}"
        assert main(["--database", url, "init"]) == 3
        assert "15" in capsys.readouterr().err
        assert main(["--database", url, "init", "--desk-role", accounts.desk_role]) == 3


def test_a_short_password_changes_nothing(server: Engine, accounts: Accounts) -> None:
    assert init(accounts, "--desk-role", accounts.desk_role, password="court") == 2
    with server.connect() as administrator:
        known = f"SELECT count(*) FROM pg_roles WHERE rolname = '{accounts.desk_role}'"
        assert administrator.exec_driver_sql(known).scalar_one() == 0
