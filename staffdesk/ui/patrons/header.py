"""Who stands at the desk: the patron's name, large, and what lending depends on."""

from datetime import date

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QFont, QPalette, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QVBoxLayout, QWidget

from staffdesk.desk.answers.patrons import PatronFile
from staffdesk.rules.refusals import Reason
from staffdesk.translation import _, pgettext
from staffdesk.ui import icons
from staffdesk.ui.band import Level
from staffdesk.ui.wording import words
from staffdesk.ui.wording.refusals import Wording, refusal
from staffdesk.ui.wording.results import remarks
from staffdesk.ui.wording.words import Voice
from staffdesk.vocabulary import Membership, Sex

_NAME_SIZE = 1.9
"""Size of the name, in sizes of ordinary text: read from one metre."""


class PatronHeader(QWidget):
    """The patron's identity, standing, blocks in full, and this visit's warnings."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.name_label = _label()
        self.identity_label = _label()
        self.standing_label = _label()
        self._notices = QGridLayout()
        self._notices.setColumnStretch(1, 1)
        self._notices.setHorizontalSpacing(8)
        self._notices.setVerticalSpacing(4)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        for label in (self.name_label, self.identity_label, self.standing_label):
            layout.addWidget(label)
        layout.addLayout(self._notices)
        layout.addStretch()
        self._size_name()
        self.clear()

    def show_file(self, file: PatronFile, voice: Voice) -> None:
        """Show whose file is open."""
        self.name_label.setText(words.full_name(file.family_name, file.given_name))
        self.name_label.setEnabled(True)
        self.identity_label.setText(" · ".join(_identity(file, voice)))
        self.standing_label.setText(" · ".join(_standing(file)))
        self._show_notices([*_refusals(file, voice), *remarks(file, voice)])
        for label in (self.identity_label, self.standing_label):
            label.setVisible(bool(label.text()))
        self._keep_height()

    def clear(self) -> None:
        """Show nobody."""
        self.name_label.setText(_("No patron"))
        self.name_label.setEnabled(False)
        for label in (self.identity_label, self.standing_label):
            label.clear()
            label.hide()
        self._show_notices([])
        self._keep_height()

    def notices(self) -> list[str]:
        """What is remarked of the patron, one text each."""
        labels = (self._notices.itemAtPosition(row, 1) for row in range(self._notices.rowCount()))
        return [
            widget.text()
            for item in labels
            if item is not None and isinstance(widget := item.widget(), QLabel)
        ]

    def _show_notices(self, notices: list[Wording]) -> None:
        while (item := self._notices.takeAt(0)) is not None:
            if widget := item.widget():
                widget.hide()
                widget.deleteLater()
        for row, notice in enumerate(notices):
            sign = QLabel()
            name = "blocked" if notice.level is Level.REFUSED else "warning"
            colour = self.palette().color(QPalette.ColorRole.WindowText)
            size, ratio = self.fontMetrics().height(), self.devicePixelRatioF()
            sign.setPixmap(icons.pixmap(name, colour, size, ratio))
            text = _label()
            bold = text.font()
            bold.setBold(notice.level is Level.REFUSED)
            text.setFont(bold)
            text.setText(f"{notice.headline} – {notice.sentence}")
            self._notices.addWidget(sign, row, 0, Qt.AlignmentFlag.AlignTop)
            self._notices.addWidget(text, row, 1)

    def _size_name(self) -> None:
        font = QFont(self.font())
        font.setPointSizeF(font.pointSizeF() * _NAME_SIZE)
        font.setBold(True)
        self.name_label.setFont(font)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._keep_height()

    def _keep_height(self) -> None:
        """Lines that wrap are no reason to be squeezed: a name must stay legible."""
        self.setMinimumHeight(self.heightForWidth(self.width()))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._size_name()
            self._keep_height()


def _label() -> QLabel:
    label = QLabel()
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    label.setWordWrap(True)
    return label


def _identity(file: PatronFile, voice: Voice) -> list[str]:
    parts = [
        _("Card {card}").format(card=file.card),
        voice.category(file.category),
        _("{library} (home)").format(library=voice.library(file.home)),
    ]
    further = [voice.library(code) for code in file.registered_at if code != file.home]
    if further:
        parts.append(_("also at {libraries}").format(libraries=", ".join(further)))
    if file.birth_on is not None:
        parts.append(_born(file.birth_on, file.sex, file.read_on))
    return parts


def _born(on: date, sex: Sex, today: date) -> str:
    match sex:
        case Sex.FEMALE:
            text = pgettext("a woman", "born {day} ({age})")
        case Sex.MALE:
            text = pgettext("a man", "born {day} ({age})")
        case _:
            text = pgettext("anyone", "born {day} ({age})")
    return text.format(day=words.day(on), age=words.age(on, today))


def _standing(file: PatronFile) -> list[str]:
    """Membership, where no refusal tells of it, and the note."""
    said = {refused.reason for refused in file.refusals}
    parts = []
    if Reason.MEMBERSHIP_EXPIRED not in said:
        parts.append(_membership(file))
    if file.note:
        parts.append(file.note)
    return parts


def _membership(file: PatronFile) -> str:
    free = file.membership is Membership.FREE
    if file.member_until is None:
        return _("Free membership") if free else _("Paid membership")
    text = _("Free membership until {day}") if free else _("Paid membership until {day}")
    return text.format(day=words.day(file.member_until))


def _refusals(file: PatronFile, voice: Voice) -> list[Wording]:
    return [refusal(each, voice) for each in file.refusals]
