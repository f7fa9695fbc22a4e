"""Addresses of stores: read and written, understood by SQLAlchemy alike."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from staffdesk import address
from staffdesk.address import Server
from staffdesk.store.engine import parse

NAMES = st.text(st.characters(codec="utf-8", exclude_categories=["C"]), min_size=1)
HOSTS = st.sampled_from(["server.example", "10.0.0.7", "::1", "/var/run/postgresql"])
OPTIONS = st.sampled_from(
    ["", "sslmode=verify-full", "sslmode=verify-full&sslrootcert=/etc/ca.pem"]
)
SERVERS = st.builds(
    Server, host=HOSTS, port=st.integers(1, 65535), database=NAMES, user=NAMES, options=OPTIONS
)


@given(SERVERS)
def test_a_server_is_read_as_it_was_written(server: Server) -> None:
    written = address.of_server(server)
    assert address.server_of(written) == server
    assert address.file_of(written) is None


@given(SERVERS)
def test_the_driver_is_told_the_same(server: Server) -> None:
    url = parse(address.of_server(server))
    port = url.port or int(str(url.query["port"]))
    host = url.host or url.query["host"]
    assert (host, port, url.database, url.username, url.password) == (
        server.host,
        server.port,
        server.database,
        server.user,
        None,
    )


@given(st.lists(NAMES.filter(lambda name: "/" not in name), min_size=1))
def test_a_file_is_read_as_it_was_written(parts: list[str]) -> None:
    file = Path("/", *parts)
    written = address.of_file(file)
    assert address.file_of(written) == file
    assert parse(written).database == str(file)
    assert address.server_of(written) is None


@pytest.mark.parametrize(
    "written",
    [
        "postgresql://server.example/staffdesk?user=desk",
        "postgresql+psycopg://desk@server.example:5432/staffdesk",
        "postgresql:///staffdesk?host=server.example&port=5432&user=desk",
    ],
)
def test_libpq_has_several_ways(written: str) -> None:
    expected = Server(host="server.example", database="staffdesk", user="desk")
    assert address.server_of(written) == expected
