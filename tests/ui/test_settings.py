from pathlib import Path

import pytest

from staffdesk.failures import WorldFailed
from staffdesk.settings import Places, places, read_settings, write_database


@pytest.fixture
def file(home: Path) -> Path:
    home.mkdir()
    return home / "settings.toml"


def test_without_a_file_there_is_an_embedded_store_below_home(home: Path) -> None:
    settings = read_settings()
    assert settings.database == f"sqlite:///{(home / 'desk.db').as_posix()}"
    assert settings.workstation
    assert settings.language == "fr"


def test_home_holds_everything(home: Path) -> None:
    assert places() == Places(
        settings=home / "settings.toml",
        state=home / "window.ini",
        spool=home / "spool",
        log=home / "staffdesk.log",
        store=home / "desk.db",
    )


def test_without_home_the_platforms_folders_are_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("STAFFDESK_HOME")
    assert all("staffdesk" in str(path) for path in vars(places()).values())


def test_the_file_is_read(file: Path) -> None:
    file.write_text('library = "SMARVES"\nlanguage = "en"\nscanner_prefix = "+"\nworkstation = ""')
    settings = read_settings()
    assert (settings.library, settings.language) == ("SMARVES", "en")
    assert settings.scanner_prefix == "+"
    assert settings.workstation


def test_the_screen_hides_and_locks_after_a_while_that_is_set(file: Path) -> None:
    assert (read_settings().hide_after, read_settings().lock_after) == (60, 10)
    file.write_text("hide_after = 0\nlock_after = 30")
    assert (read_settings().hide_after, read_settings().lock_after) == (0, 30)


def test_command_line_wins_over_environment_over_file(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file.write_text('database = "sqlite:///file.db"')
    assert read_settings().database == "sqlite:///file.db"
    monkeypatch.setenv("STAFFDESK_DATABASE", "sqlite:///environment.db")
    assert read_settings().database == "sqlite:///environment.db"
    assert read_settings(database="sqlite:///line.db").database == "sqlite:///line.db"


@pytest.mark.parametrize(
    "url",
    [
        "postgresql+psycopg://desk:secret@server/library",
        "postgresql+psycopg://desk:@server/library",
        "postgresql+psycopg://server/library?user=desk&password=secret",
        "postgresql://[half",
    ],
)
def test_a_password_in_the_address_is_refused_and_not_repeated(url: str) -> None:
    with pytest.raises(WorldFailed) as failure:
        read_settings(database=url)
    assert "secret" not in str(failure.value)


@pytest.mark.parametrize(
    "text",
    [
        "library = ",
        'librairy = "SMARVES"',
        "library = 3",
        'language = "de"',
        'sounds = "loud"',
        'hide_after = "60"',
        "hide_after = true",
        "hide_after = -1",
        "lock_after = 1.5",
        "lock_after = 100000",
    ],
)
def test_a_file_that_cannot_be_used_is_named(file: Path, text: str) -> None:
    file.write_text(text)
    with pytest.raises(WorldFailed, match=r"settings\.toml"):
        read_settings()


def test_a_file_in_another_encoding_is_named(file: Path) -> None:
    file.write_bytes('library = "Nouaillé"'.encode("latin-1"))
    with pytest.raises(WorldFailed, match=r"settings\.toml"):
        read_settings()


def test_the_database_is_written_and_the_rest_stays(file: Path) -> None:
    text = '# ours\r\nlibrary = "SMARVES"\r\ndatabase = "sqlite:///old.db" # till May\r\n'
    file.write_bytes(text.encode())
    file.chmod(0o640)
    write_database("sqlite:///new.db")
    assert file.read_bytes() == text.replace("old", "new").encode()
    assert file.stat().st_mode & 0o777 == 0o640
    assert list(file.parent.iterdir()) == [file]


def test_the_database_is_written_into_a_new_file(home: Path) -> None:
    write_database("postgresql://desk@server/library")
    assert read_settings().database == "postgresql://desk@server/library"
    assert (home / "settings.toml").exists()


@pytest.mark.parametrize("text", ["library = ", 'librairy = "SMARVES"'])
def test_a_file_that_cannot_be_used_is_not_written(file: Path, text: str) -> None:
    file.write_text(text)
    with pytest.raises(WorldFailed, match=r"settings\.toml"):
        write_database("sqlite:///new.db")
    assert file.read_text() == text
