"""What every test stands on: an own home, an offscreen screen, and empty stores of both kinds."""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import Engine

from resources.build import build, locked
from tests import postgres
from tests.accounts import accounts as accounts
from tests.accounts import no_passwords as no_passwords
from tests.accounts import ring as ring

os.environ["QT_QPA_PLATFORM"] = "offscreen"
os.environ.pop("STAFFDESK_DATABASE", None)
# A tester's own passwords are none of the tests' business.
os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.fail.Keyring"


def _fast_disk() -> str | None:
    """Where files cost least: in memory, if there is a gigabyte and programs may run there.

    Measured on a busy machine: a new database takes 15 ms in memory, 20 to 500 ms on the disk.
    """
    try:
        facts = os.statvfs("/dev/shm")
    except (AttributeError, OSError):
        return None
    roomy = facts.f_bavail * facts.f_frsize > 2**30
    return "/dev/shm" if roomy and not facts.f_flag & os.ST_NOEXEC else None


# One folder for the run: pytest's first process makes it, its workers inherit it.
if "STAFFDESK_TEST_RUN" not in os.environ:
    os.environ["STAFFDESK_TEST_RUN"] = tempfile.mkdtemp(prefix="staffdesk-", dir=_fast_disk())
RUN = Path(os.environ["STAFFDESK_TEST_RUN"])
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "main")
os.environ["STAFFDESK_HOME"] = str(RUN / "home" / WORKER)

NewStore = Callable[[], AbstractContextManager[str]]


def pytest_configure() -> None:
    build()


def pytest_unconfigure(config: pytest.Config) -> None:
    if hasattr(config, "workerinput"):
        return
    named = os.environ.get("STAFFDESK_TEST_DATABASE")
    if named:
        engine = postgres.administration(named)
        for name in postgres.databases(engine):
            if name.startswith(RUN.name):
                postgres.drop_database(engine, name)
        engine.dispose()
    postgres.stop_server(RUN)
    shutil.rmtree(RUN)
    del os.environ["STAFFDESK_TEST_RUN"]


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder below which this test finds settings, state, spool and log: empty at first."""
    folder = tmp_path / "home"
    monkeypatch.setenv("STAFFDESK_HOME", str(folder))
    return folder


@pytest.fixture(scope="session")
def samples() -> Path:
    """The folder of real catalogues and figures, named by STAFFDESK_SAMPLES."""
    folder = os.environ.get("STAFFDESK_SAMPLES")
    if not folder:
        pytest.skip("STAFFDESK_SAMPLES names no folder of real files")
    return Path(folder)


@pytest.fixture(scope="session")
def server() -> Iterator[Engine]:
    """The run's PostgreSQL, one for all workers, or the one STAFFDESK_TEST_DATABASE names."""
    with locked(RUN / "postgres.lock"):
        url = os.environ.get("STAFFDESK_TEST_DATABASE") or postgres.start_server(RUN)
    engine = postgres.administration(url)
    yield engine
    engine.dispose()


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def new_store(request: pytest.FixtureRequest) -> NewStore:
    """Makes stores of one kind, schema at head and no rows: `with new_store() as url: …`.

    For tests that need several, Hypothesis' examples among them; `store_url` is one for a test.
    """
    if request.param == "sqlite":
        return _sqlite_stores()
    return _postgresql_stores(request.getfixturevalue("server"))


@pytest.fixture
def store_url(new_store: NewStore) -> Iterator[str]:
    """A store of this test's own, schema at head and no rows; each test runs on both kinds."""
    with new_store() as url:
        yield url


def _sqlite_stores() -> NewStore:
    template = RUN / "template.db"
    _once("sqlite", lambda: f"sqlite:///{template}")
    numbers = count()

    @contextmanager
    def new() -> Iterator[str]:
        folder = RUN / f"{WORKER}-{next(numbers)}"
        folder.mkdir()
        shutil.copyfile(template, folder / "desk.db")
        try:
            yield f"sqlite:///{folder / 'desk.db'}"
        finally:
            shutil.rmtree(folder)

    return new


def _postgresql_stores(server: Engine) -> NewStore:
    template = f"{RUN.name}-template"
    _once("postgresql", lambda: postgres.create_database(server, template))
    numbers = count()

    @contextmanager
    def new() -> Iterator[str]:
        name = f"{RUN.name}-{WORKER}-{next(numbers)}"
        try:
            yield postgres.create_database(server, name, template=template)
        finally:
            postgres.drop_database(server, name)

    return new


def _once(kind: str, create: Callable[[], str]) -> None:
    """Make the run's template of one kind, in the first worker that comes here."""
    from staffdesk.store.schema import upgrade

    made = RUN / f"{kind}.made"
    with locked(RUN / f"{kind}.lock"):
        if not made.exists():
            upgrade(url := create())
            if postgres.as_desk(url) != url:
                postgres.let_desks_in(url)
            made.touch()
