from pathlib import Path
from xml.etree import ElementTree

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QIcon, QImage
from PySide6.QtWidgets import QApplication, QToolButton
from pytestqt.qtbot import QtBot

from staffdesk.ui import icons
from staffdesk.ui.appearance import Scheme, choose_scheme

SOURCES = sorted((Path(__file__).parents[2] / "resources" / "icons").glob("*.svg"))


def inks(picture: QImage) -> set[str]:
    """The colours of its opaque points."""
    points = ((x, y) for x in range(picture.width()) for y in range(picture.height()))
    colours = (picture.pixelColor(x, y) for x, y in points)
    return {colour.name() for colour in colours if colour.alpha() == 255}


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
def test_an_icon_is_drawn_on_the_familys_grid(path: Path) -> None:
    root = ElementTree.parse(path).getroot()
    assert root.get("viewBox") == "0 0 24 24"
    assert (root.get("stroke"), root.get("stroke-width")) == ("currentColor", "2")
    assert root.get("fill") == "none"


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
def test_an_icon_is_painted_in_one_colour(path: Path) -> None:
    picture = icons.pixmap(path.stem, QColor("#123456"), 24).toImage()
    assert inks(picture) == {"#123456"}


def test_an_icon_is_sharp_on_a_dense_screen(qapp: QApplication) -> None:  # noqa: ARG001
    picture = icons.pixmap("loan", QColor("black"), 24, ratio=2)
    assert picture.size() == QSize(48, 48)
    assert picture.deviceIndependentSize().toSize() == QSize(24, 24)


def test_a_worn_icon_changes_with_the_palette(qtbot: QtBot, qapp: QApplication) -> None:
    button = QToolButton()
    qtbot.addWidget(button)
    icons.give(button, "loan")
    seen = []
    for scheme in (Scheme.LIGHT, Scheme.DARK):
        choose_scheme(scheme, qapp)
        icons.retint()
        (ink,) = inks(button.icon().pixmap(24).toImage())
        seen.append(QColor(ink).lightness())
    assert seen[0] < 100 < 150 < seen[1]
    choose_scheme(Scheme.LIGHT, qapp)


def test_a_disabled_icon_is_quieter(qapp: QApplication) -> None:  # noqa: ARG001
    icon = icons.icon("loan")
    pale = icon.pixmap(24, QIcon.Mode.Disabled).toImage()
    assert inks(pale).isdisjoint(inks(icon.pixmap(24).toImage()))
