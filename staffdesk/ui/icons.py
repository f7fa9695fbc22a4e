"""The family of icons, drawn in the text colour of the moment.

icons.icon("renew")                 for models, which ask anew at each paint
icons.give(button, "renew")         for widgets and actions: follows light and dark
"""

from functools import lru_cache
from pathlib import Path
from typing import Protocol, TypeVar
from weakref import WeakKeyDictionary

from PySide6.QtCore import QByteArray, Qt
from PySide6.QtGui import QColor, QGuiApplication, QIcon, QPainter, QPalette, QPixmap
from PySide6.QtSvg import QSvgRenderer
from shiboken6 import isValid

FOLDER = Path(__file__).parent.parent / "_built" / "icons"

_SIZES = (16, 24, 32, 48)
"""Menus and tables, the rail; twice as large for dense screens."""


class _HasIcon(Protocol):
    def setIcon(self, icon: QIcon, /) -> None: ...


def icon(name: str) -> QIcon:
    """An icon by its name (a file of `resources/icons`), tinted for the palette of now."""
    palette = QGuiApplication.palette()
    return _tinted(
        name,
        palette.color(QPalette.ColorRole.WindowText).name(),
        palette.color(QPalette.ColorGroup.Disabled, QPalette.ColorRole.WindowText).name(),
        palette.color(QPalette.ColorRole.HighlightedText).name(),
    )


@lru_cache(maxsize=256)
def _tinted(name: str, normal: str, disabled: str, selected: str) -> QIcon:
    made = QIcon()
    for mode, colour in (
        (QIcon.Mode.Normal, normal),
        (QIcon.Mode.Disabled, disabled),
        (QIcon.Mode.Selected, selected),
    ):
        drawing = _renderer(name, colour)
        for size in _SIZES:
            made.addPixmap(_painted(drawing, size), mode)
    return made


def pixmap(name: str, colour: QColor, size: int, ratio: float = 1.0) -> QPixmap:
    """An icon as a square picture, `size` wide on a screen with `ratio` pixels to a point."""
    picture = _painted(_renderer(name, colour.name()), round(size * ratio))
    picture.setDevicePixelRatio(ratio)
    return picture


def _renderer(name: str, colour: str) -> QSvgRenderer:
    return QSvgRenderer(QByteArray(_drawing(name).replace("currentColor", colour).encode()))


def _painted(drawing: QSvgRenderer, size: int) -> QPixmap:
    picture = QPixmap(size, size)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    drawing.render(painter)
    painter.end()
    return picture


@lru_cache(maxsize=64)
def _drawing(name: str) -> str:
    return (FOLDER / f"{name}.svg").read_text("utf-8")


_worn: WeakKeyDictionary[_HasIcon, str] = WeakKeyDictionary()


def give(wearer: _HasIcon, name: str) -> None:
    """Put an icon on a button or an action, for good: `retint` keeps its colour right."""
    _worn[wearer] = name
    wearer.setIcon(icon(name))


def retint() -> None:
    """Draw the icons that were given anew: the palette has changed."""
    for wearer, name in list(_worn.items()):
        if isValid(wearer):
            wearer.setIcon(icon(name))


Wearer = TypeVar("Wearer", bound=_HasIcon)


def worn(wearer: Wearer, name: str) -> Wearer:
    """`give`, as part of an expression."""
    give(wearer, name)
    return wearer
