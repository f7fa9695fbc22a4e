import pytest
from PySide6.QtWidgets import QApplication, QPushButton, QToolButton
from pytestqt.qtbot import QtBot

from staffdesk.ui.messages import MOST, Messages, Weight
from tests.ui.conftest import Told


@pytest.fixture
def messages(qtbot: QtBot) -> Messages:
    messages = Messages()
    qtbot.addWidget(messages)
    return messages


def test_nothing_to_say_takes_no_room(messages: Messages) -> None:
    assert messages.isHidden()


def test_a_message_stays_until_it_is_closed(messages: Messages, told: Told) -> None:
    messages.warning("The printer is out of paper.")
    assert messages.texts() == [told.expect(Weight.WARNING, "paper")]
    assert QApplication.activeModalWidget() is None
    close_button = messages.findChildren(QToolButton)[-1]
    assert close_button.accessibleName()
    close_button.click()
    assert messages.texts() == []
    assert messages.isHidden()


def test_its_button_acts_and_closes_it(messages: Messages) -> None:
    done: list[str] = []
    messages.info("3 slips wait.", action=("Print", lambda: done.append("printed")))
    messages.findChildren(QPushButton)[0].click()
    assert done == ["printed"]
    assert messages.texts() == []


def test_one_topic_has_one_message(messages: Messages) -> None:
    messages.info("1 scan waits.", topic="server")
    messages.info("Something else.")
    messages.info("2 scans wait.", topic="server")
    assert messages.texts() == ["Something else.", "2 scans wait."]
    messages.withdraw("server")
    messages.withdraw("server")
    assert messages.texts() == ["Something else."]


def test_what_is_in_sight_is_not_said_twice(messages: Messages) -> None:
    messages.info("3 slips wait.")
    messages.info("3 slips wait.")
    assert messages.texts() == ["3 slips wait."]


def test_old_messages_give_way(messages: Messages) -> None:
    for number in range(MOST + 2):
        messages.info(f"message {number}")
    assert messages.texts() == [f"message {number}" for number in range(2, MOST + 2)]
