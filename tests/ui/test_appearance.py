import pytest
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QDateEdit,
    QLineEdit,
    QRadioButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot

from staffdesk.ui.appearance import Scheme, choose_scheme
from staffdesk.ui.band import Colours
from tests.ui.test_band import contrast

KINDS = (QLineEdit, QSpinBox, QDateEdit, QComboBox, QCheckBox, QRadioButton)


@pytest.mark.parametrize("scheme", [Scheme.LIGHT, Scheme.DARK])
def test_what_is_filled_in_has_an_edge_that_is_seen(
    qtbot: QtBot, qapp: QApplication, scheme: Scheme
) -> None:
    choose_scheme(scheme, qapp)
    page = QWidget()
    qtbot.addWidget(page)
    layout = QVBoxLayout(page)
    layout.addWidget(QLineEdit())  # has the keyboard, and the edge that says so
    asked = [kind() for kind in KINDS]
    for widget in asked:
        layout.addWidget(widget)
    page.show()
    window = qapp.palette().color(QPalette.ColorRole.Window).name()
    for widget in asked:
        picture = widget.grab().toImage()
        edge = picture.pixelColor(0, picture.height() // 2).name()
        assert contrast(Colours(edge, window)) >= 3, type(widget)
        assert widget.palette().text() == page.palette().text()
