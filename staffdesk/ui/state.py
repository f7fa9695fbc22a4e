"""What the window remembers by itself: its size, the chosen columns, light or dark."""

from PySide6.QtCore import QSettings

from staffdesk.settings import places


def state() -> QSettings:
    """The memory of this workstation's window, apart from the settings that people write."""
    return QSettings(str(places().state), QSettings.Format.IniFormat)
