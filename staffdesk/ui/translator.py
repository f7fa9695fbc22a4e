"""The language of the window: our catalogue for the compiled forms, Qt's own for its dialogs."""

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QObject, QTranslator

from staffdesk import translation
from staffdesk.translation import _


class CatalogueTranslator(QTranslator):
    """Answers the forms' `translate` from the gettext catalogue; contexts of Qt are not ours."""

    def translate(
        self,
        context: str | bytes,
        sourceText: str | bytes,
        disambiguation: str | bytes | None = None,  # noqa: ARG002
        n: int = -1,  # noqa: ARG002
    ) -> str | None:
        source = str(sourceText)
        if str(context).startswith("Q"):
            return None
        translated = _(source)
        return translated if translated != source else None

    def isEmpty(self) -> bool:
        return False


def speak(locale: str, parent: QObject) -> None:
    """Use a locale ("fr", "fr_BE", "en") for everything that is made from now on."""
    translation.use(locale)
    QLocale.setDefault(QLocale(locale))
    qt = QTranslator(parent)
    if qt.load(QLocale(locale), "qtbase", "_", _qt_translations()):
        QCoreApplication.installTranslator(qt)
    QCoreApplication.installTranslator(CatalogueTranslator(parent))


def _qt_translations() -> str:
    return QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
