from collections.abc import Iterator
from gettext import NullTranslations

import pytest
from PySide6.QtCore import QCoreApplication, QLocale, QObject, QTranslator
from PySide6.QtWidgets import QApplication

from staffdesk import translation
from staffdesk.ui import translator


class Words(NullTranslations):
    def gettext(self, message: str) -> str:
        return {"Loans": "Prêts", "OK": "never"}.get(message, message)


@pytest.fixture(autouse=True)
def owner(qapp: QApplication) -> Iterator[QObject]:
    """Owns the translators of one test and takes them away with it."""
    owner = QObject()
    before = QLocale()
    yield owner
    for each in owner.findChildren(QTranslator):
        qapp.removeTranslator(each)
    QLocale.setDefault(before)


def test_forms_and_qt_speak_the_language(owner: QObject, monkeypatch: pytest.MonkeyPatch) -> None:
    translator.speak("fr", owner)
    monkeypatch.setattr(translation, "_current", Words())
    translate = QCoreApplication.translate
    assert translate("LoansPage", "Loans") == "Prêts"
    assert translate("LoansPage", "Never translated") == "Never translated"
    assert translate("QPlatformTheme", "Cancel") == "Annuler"
    assert translate("QPlatformTheme", "OK") != "never"


def test_english_needs_nothing(owner: QObject) -> None:
    translator.speak("en", owner)
    assert QCoreApplication.translate("LoansPage", "Loans") == "Loans"
