"""Covers, from a folder of this workstation: never from the network."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, QSize, Qt, QThreadPool, Signal
from PySide6.QtGui import QImage, QImageReader, QPixmap
from PySide6.QtWidgets import QLabel

KINDS = (".jpg", ".png", ".webp")
HIGH = 112
"""Pixels of a cover's height in the panel."""
_LARGEST = 40_000_000
"""Bytes of a file that is still read."""


class Covers(QObject):
    """Shows the cover of one title in a label, or hides the label; files are read on a thread of
    their own, as a folder may be far away."""

    _read = Signal(object, QImage)

    def __init__(self, folder: str, label: QLabel) -> None:
        super().__init__(label)
        self._folder, self._label = folder, label
        self._wanted: tuple[str, ...] = ()
        self._threads = QThreadPool(self)
        self._threads.setMaxThreadCount(1)
        self._read.connect(self._show, Qt.ConnectionType.QueuedConnection)
        label.hide()

    def show_cover(self, isbns: Sequence[str]) -> None:
        """Show the cover of the first of these (13 digits) that has one."""
        wanted = tuple(isbns)
        if wanted == self._wanted:
            return
        self._wanted = wanted
        self._label.hide()
        self._threads.clear()
        if self._folder and wanted:
            self._threads.start(lambda: self._read.emit(wanted, cover(self._folder, wanted)))

    def _show(self, isbns: tuple[str, ...], image: QImage) -> None:
        if isbns == self._wanted and not image.isNull():
            self._label.setPixmap(QPixmap.fromImage(image))
            self._label.show()


def cover(folder: str, isbns: Sequence[str]) -> QImage:
    """The picture named by the first ISBN that has one, small; a null image if there is none or
    it cannot be read."""
    for isbn in isbns:
        for kind in KINDS:
            path = Path(folder, f"{isbn}{kind}")
            if isbn.isdigit() and path.is_file() and path.stat().st_size < _LARGEST:
                return _small(path)
    return QImage()


def _small(path: Path) -> QImage:
    reader = QImageReader(str(path))
    reader.setAutoTransform(True)
    full = reader.size()
    if full.isValid():
        reader.setScaledSize(full.scaled(QSize(HIGH, HIGH), Qt.AspectRatioMode.KeepAspectRatio))
    return reader.read()
