"""Light or dark, and the size of the text: the platform's, unless the user chose otherwise."""

from enum import StrEnum

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QPalette
from PySide6.QtWidgets import QApplication

from staffdesk.ui.state import state


class Scheme(StrEnum):
    """Which colours."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


_QT = {
    Scheme.SYSTEM: Qt.ColorScheme.Unknown,
    Scheme.LIGHT: Qt.ColorScheme.Light,
    Scheme.DARK: Qt.ColorScheme.Dark,
}

SIZES = (0.85, 1.0, 1.15, 1.3, 1.5, 1.75, 2.0)
"""Sizes of text, in sizes of ordinary text."""
_ORDINARY = 10.0

_ink, _dim = QColor("#e4e7eb"), QColor("#7d858e")
_DARK = {
    QPalette.ColorRole.Window: QColor("#1f2429"),
    QPalette.ColorRole.Base: QColor("#15191d"),
    QPalette.ColorRole.AlternateBase: QColor("#1b2025"),
    QPalette.ColorRole.Button: QColor("#2c333a"),
    QPalette.ColorRole.ToolTipBase: QColor("#2c333a"),
    QPalette.ColorRole.Light: QColor("#3c454e"),
    QPalette.ColorRole.Midlight: QColor("#333b43"),
    QPalette.ColorRole.Mid: QColor("#171b1f"),
    QPalette.ColorRole.Dark: QColor("#101316"),
    QPalette.ColorRole.Shadow: QColor("#000000"),
    QPalette.ColorRole.WindowText: _ink,
    QPalette.ColorRole.Text: _ink,
    QPalette.ColorRole.ButtonText: _ink,
    QPalette.ColorRole.ToolTipText: _ink,
    QPalette.ColorRole.BrightText: QColor("#ffffff"),
    QPalette.ColorRole.PlaceholderText: QColor("#98a1ab"),
    QPalette.ColorRole.Highlight: QColor("#2f7fc1"),
    QPalette.ColorRole.Accent: QColor("#2f7fc1"),
    QPalette.ColorRole.HighlightedText: QColor("#ffffff"),
    QPalette.ColorRole.Link: QColor("#6db3f2"),
    QPalette.ColorRole.LinkVisited: QColor("#b39ddb"),
}

_EDGE = QColor("#707983")
"""The edges of what is filled in: 3 to 1 on light and on dark grounds (WCAG 2.2, 1.4.11)."""
_FILLED_IN = (
    "QLineEdit",
    "QPlainTextEdit",
    "QAbstractSpinBox",
    "QComboBox",
    "QCheckBox",
    "QRadioButton",
)


def _dark_palette() -> QPalette:
    """For platforms that do not know light and dark (a bare X server)."""
    palette = QPalette()
    for role, colour in _DARK.items():
        palette.setColor(role, colour)
    for role in (
        QPalette.ColorRole.WindowText,
        QPalette.ColorRole.Text,
        QPalette.ColorRole.ButtonText,
    ):
        palette.setColor(QPalette.ColorGroup.Disabled, role, _dim)
    return palette


def scheme() -> Scheme:
    """The colours that were chosen."""
    return Scheme(str(state().value("scheme", Scheme.SYSTEM)))


def choose_scheme(chosen: Scheme, app: QApplication) -> None:
    """Use and remember these colours."""
    state().setValue("scheme", chosen.value)
    wear(app)


def wear(app: QApplication) -> None:
    """Put on what was chosen."""
    chosen, hints = scheme(), app.styleHints()
    app.setPalette(QPalette())
    hints.setColorScheme(_QT[chosen])
    if chosen is Scheme.DARK and hints.colorScheme() != Qt.ColorScheme.Dark:
        app.setPalette(_dark_palette())
    edges = QPalette()
    # Fusion draws an edge as the window's colour, made darker by this much.
    edges.setColor(QPalette.ColorRole.Window, _EDGE.lighter(140))
    for kind in _FILLED_IN:
        app.setPalette(edges, kind)  # type: ignore[arg-type]  # PySide declares, and refuses, bytes
    font = QFont(app.font())
    font.setPointSizeF(_ORDINARY * text_size())
    app.setFont(font)


def text_size() -> float:
    """The size of text that was chosen, 1 for ordinary."""
    return float(str(state().value("text_size", 1.0)))


def change_text_size(steps: int, app: QApplication) -> None:
    """Larger or smaller by some steps; 0 for the ordinary size."""
    nearest = min(range(len(SIZES)), key=lambda at: abs(SIZES[at] - text_size()))
    at = min(max(nearest + steps, 0), len(SIZES) - 1) if steps else SIZES.index(1.0)
    state().setValue("text_size", SIZES[at])
    wear(app)
