import pytest
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from staffdesk.ui.appearance import Scheme, choose_scheme
from staffdesk.ui.band import DARK, LIGHT, Band, Colours, Level


def luminance(colour: str) -> float:
    """Relative luminance (WCAG 2.2)."""
    of = QColor(colour)
    parts = (of.redF(), of.greenF(), of.blueF())
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return float(0.2126 * red + 0.7152 * green + 0.0722 * blue)


def contrast(colours: Colours) -> float:
    light, dark = sorted(map(luminance, (colours.background, colours.text)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.fixture
def band(qtbot: QtBot) -> Band:
    band = Band()
    qtbot.addWidget(band)
    band.resize(1100, 104)
    band.show()
    return band


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("level", Level)
def test_headline_and_sentence_stand_out_from_their_background(
    palette: dict[Level, Colours], level: Level
) -> None:
    assert contrast(palette[level]) >= 7


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
def test_each_result_has_a_colour_of_its_own(palette: dict[Level, Colours]) -> None:
    assert len({colours.background for colours in palette.values()}) == len(Level)


def test_a_result_is_a_word_a_sentence_and_a_shape_besides_its_colour(
    qtbot: QtBot, band: Band
) -> None:
    signs = []
    for level in Level:
        with qtbot.waitSignal(band.shown) as shown:
            band.tell(level, "WORD", "A sentence.")
        assert shown.args == [level]
        assert band.headline_label.text() == band.accessibleName() == "WORD"
        assert band.sentence_label.text() == band.accessibleDescription() == "A sentence."
        sign = band.sign_label.pixmap().toImage().convertToFormat(QImage.Format.Format_Alpha8)
        assert sign not in signs
        signs.append(sign)


def test_buttons_do_what_they_say_and_leave_with_their_result(band: Band) -> None:
    pressed: list[str] = []
    band.tell(Level.REFUSED, "NO", buttons=[("Why?", lambda: pressed.append("why"))])
    (button,) = band.buttons()
    assert not button.autoDefault()
    button.click()
    assert pressed == ["why"]
    band.tell(Level.OK, "LENT")
    assert band.buttons() == []


def test_text_is_never_taken_for_markup(band: Band) -> None:
    band.tell(Level.OK, "LENT", "<b>Titre</b> & Cie")
    assert band.sentence_label.text() == "<b>Titre</b> & Cie"
    assert band.sentence_label.textFormat() == band.headline_label.textFormat().PlainText


def test_a_long_headline_shrinks_but_stays_larger_than_text(band: Band) -> None:
    band.tell(Level.OK, "LENT")
    short = band.headline_label.font().pointSizeF()
    band.tell(Level.REFUSED, "REGISTERED AT ROCHES-PRÉMARIE-ANDILLÉ ONLY " * 3)
    long = band.headline_label.font().pointSizeF()
    assert band.font().pointSizeF() < long < short


def test_a_headline_too_long_for_any_size_wraps_instead_of_being_cut(band: Band) -> None:
    band.resize(500, 104)
    band.tell(Level.REFUSED, "REGISTERED AT ROCHES-PRÉMARIE-ANDILLÉ ONLY " * 2)
    label = band.headline_label
    assert label.heightForWidth(400) > 1.5 * label.fontMetrics().height()


def test_where_it_is_narrow_the_buttons_stand_below_the_text(
    band: Band, qapp: QApplication
) -> None:
    buttons = [("Take it back, then lend it", lambda: None), ("Why?", lambda: None)]
    places = []
    for width in (1100, 400):
        band.resize(width, 104)
        band.tell(Level.REFUSED, "STILL ON LOAN", "On another card.", buttons)
        band.resize(width, band.sizeHint().height())
        qapp.processEvents()
        places.append((band.buttons()[0].geometry(), band.sentence_label.geometry()))
    (beside, text), (below, text_above) = places
    assert beside.left() >= text.right()
    assert below.top() > text_above.bottom()


def test_the_band_follows_light_and_dark(band: Band, qapp: QApplication) -> None:
    band.tell(Level.OK, "LENT")
    for scheme, palette in ((Scheme.DARK, DARK), (Scheme.LIGHT, LIGHT)):
        choose_scheme(scheme, qapp)
        band.dress()
        assert band.palette().window().color().name() == palette[Level.OK].background


def test_cleared_it_shows_nothing(band: Band) -> None:
    band.tell(Level.REFUSED, "NO", "Never.", [("Why?", lambda: None)])
    band.clear()
    assert band.headline_label.text() == band.sentence_label.text() == ""
    assert band.buttons() == []


def test_with_nothing_to_say_it_is_hidden_unless_it_keeps_its_place(band: Band) -> None:
    band.clear()
    assert band.isVisible()
    band.keep_place(False)
    assert not band.isVisible()
    band.tell(Level.OK, "LENT")
    assert band.isVisible()
    band.keep_place(True)
    band.clear()
    assert band.isVisible()
