"""What an import did not take in, kept until somebody wants it or the window closes."""

from pathlib import Path
from shutil import copy
from tempfile import TemporaryDirectory

from staffdesk.exchange.findings import reasons_of


class Rejects:
    """The file of rejected records or lines, and the table of reasons beside it. It may hold
    personal data: it is gone with the next import and with this object."""

    def __init__(self, name: str) -> None:
        self._folder = TemporaryDirectory(prefix="staffdesk-")
        self.path = Path(self._folder.name) / name

    def save(self, path: Path) -> None:
        """Copy both to where somebody wants them, for them alone. Raises OSError."""
        copy(self.path, path)
        copy(reasons_of(self.path), reasons_of(path))

    def forget(self) -> None:
        """Remove them."""
        self._folder.cleanup()
