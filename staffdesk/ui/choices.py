"""What a user chooses in the View menu: colours, size of text, language, sounds."""

from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QApplication, QMenu, QWidget

from staffdesk._built.ui_main_window import Ui_MainWindow
from staffdesk.settings import Settings
from staffdesk.translation import _, pgettext
from staffdesk.ui import icons
from staffdesk.ui.appearance import Scheme, change_text_size, choose_scheme, scheme
from staffdesk.ui.shell import Shell
from staffdesk.ui.state import state


def language(settings: Settings) -> str:
    """The language of the window: chosen in the menu, else that of the settings."""
    return str(state().value("language", settings.language))


def sounds(settings: Settings) -> str:
    """Which results are heard: chosen in the menu, else as in the settings."""
    return str(state().value("sounds", settings.sounds))


def fill(form: Ui_MainWindow, shell: Shell, parent: QWidget) -> None:
    """Fill the View menu and obey it."""
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    for action, steps in (
        (form.larger_action, 1),
        (form.smaller_action, -1),
        (form.ordinary_action, 0),
    ):
        action.triggered.connect(lambda _on, steps=steps: change_text_size(steps, app))
    for menu, icon in ((form.scheme_menu, "sun"), (form.language_menu, "language")):
        icons.give(menu, icon)

    def use_language(code: str) -> None:
        state().setValue("language", code)
        shell.messages.info(_("The language changes when StaffDesk is started again."))

    def use_sounds(which: str) -> None:
        state().setValue("sounds", which)
        shell.sounds.which = which

    schemes = {
        Scheme.SYSTEM: _("&As the system"),
        Scheme.LIGHT: pgettext("colours", "&Light"),
        Scheme.DARK: pgettext("colours", "&Dark"),
    }
    languages = {"fr": "&Français", "en": "&English"}
    which_sounds = {
        "all": _("&All results"),
        "attention": _("All but &success"),
        "none": pgettext("sounds", "&None"),
    }
    _radio(form.scheme_menu, schemes, scheme(), lambda it: choose_scheme(it, app), parent)
    _radio(form.language_menu, languages, language(shell.settings)[:2], use_language, parent)
    _radio(form.sounds_menu, which_sounds, shell.sounds.which, use_sounds, parent)


def _radio(
    menu: QMenu,
    choices: Mapping[Any, str],
    now: Any,
    choose: Callable[[Any], None],
    parent: QWidget,
) -> None:
    group = QActionGroup(parent)
    for value, text in choices.items():
        action = menu.addAction(text)
        action.setCheckable(True)
        action.setChecked(value == now)
        group.addAction(action)
        action.triggered.connect(lambda _on, value=value: choose(value))
