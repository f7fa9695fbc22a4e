from pathlib import Path

import pytest

from staffdesk.failures import WorldFailed
from staffdesk.settings import Places, places, read_settings


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
    ["library = ", 'librairy = "SMARVES"', "library = 3", 'language = "de"', 'sounds = "loud"'],
)
def test_a_file_that_cannot_be_used_is_named(file: Path, text: str) -> None:
    file.write_text(text)
    with pytest.raises(WorldFailed, match=r"settings\.toml"):
        read_settings()


def test_a_file_in_another_encoding_is_named(file: Path) -> None:
    file.write_bytes('library = "Nouaillé"'.encode("latin-1"))
    with pytest.raises(WorldFailed, match=r"settings\.toml"):
        read_settings()
