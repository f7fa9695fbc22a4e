"""Files that are neither a catalogue nor a table."""

import gzip
from pathlib import Path

import pytest

from staffdesk.exchange.foreign import WrongFile, refuse_foreign
from tests.exchange.makers import an_iso2709_record


@pytest.mark.parametrize(
    "content",
    [b"", b" \r\n\r\n", b"%PDF-1.7\n", b"PK\x03\x04\x14", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
     gzip.compress(b"carte;nom", mtime=0), b"SQLite format 3\0",
     b"\xef\xbb\xbf\n<!DOCTYPE HTML><p>", b"<html lang=fr>", b"\x89PNG\r\n"],
)  # fmt: skip
def test_a_file_of_another_kind_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "lecteurs.csv"
    path.write_bytes(content)
    with pytest.raises(WrongFile, match=r"lecteurs\.csv"):
        refuse_foreign(path)


@pytest.mark.parametrize(
    "content",
    [b"carte;nom\n", "carte;nom".encode("utf-16"), b"\xef\xbb\xbfPK;nom", b"PK;nom\n1;2",
     b"<?xml version='1.0'?><collection/>", an_iso2709_record(("200", "1 $aTitre"))],
)  # fmt: skip
def test_what_may_be_read_is_let_through(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "catalogue"
    path.write_bytes(content)
    refuse_foreign(path)
