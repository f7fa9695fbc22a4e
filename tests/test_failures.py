"""What a person is told when files and stores fail."""

import errno
import os
from pathlib import Path

import pytest

from staffdesk.failures import StoreUnreachable, StoreUnusable, file_trouble, store_trouble


@pytest.mark.parametrize(
    "code",
    [errno.ENOENT, errno.ENOTDIR, errno.EISDIR, errno.EACCES, errno.EPERM, errno.EROFS,
     errno.ENOSPC, errno.EIO],
)  # fmt: skip
def test_a_file_is_named_and_no_number_is(code: int) -> None:
    said = file_trouble(OSError(code, os.strerror(code), "lecteurs.csv"))
    assert "lecteurs.csv" in said
    assert "Errno" not in said
    assert "errno" not in said


def test_a_disk_that_fills_while_a_file_is_written() -> None:
    full = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    assert "usagers.csv" in file_trouble(full, Path("usagers.csv"))
    assert "None" not in file_trouble(full)


def test_a_store_that_is_gone_says_what_stays() -> None:
    said = store_trouble(StoreUnreachable("server closed the connection\n\tprobably"))
    assert "server closed the connection" in said
    assert "\t" not in said
    assert store_trouble(StoreUnusable("no schema")) == "no schema"
