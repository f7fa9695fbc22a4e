"""What is done to the patron whose file is open; each with its button, its key and its place in
the menu.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtCore import Qt

from staffdesk.desk.answers.patrons import PatronFile
from staffdesk.rules.permissions import Permission
from staffdesk.rules.refusals import Reason, Refused
from staffdesk.rules.registration import renewed_until
from staffdesk.translation import _
from staffdesk.ui.card_numbers import card_number
from staffdesk.ui.command import Command
from staffdesk.ui.open_patron import OpenPatron
from staffdesk.ui.page import Page
from staffdesk.ui.patrons.columns import Registration
from staffdesk.ui.patrons.panel import PatronPanel
from staffdesk.ui.question import Question, Typed
from staffdesk.ui.view import RowsView
from staffdesk.ui.wording import patrons, words
from staffdesk.vocabulary import LibraryKind, Membership

Applies = Callable[[PatronFile], bool]


class PatronActions:
    """The actions of the file, offered where they apply."""

    def __init__(self, page: Page, panel: PatronPanel, patron: OpenPatron) -> None:
        self._page, self._panel, self._patron = page, panel, patron
        self._shell = page.shell
        self._question = panel.form.question_panel
        self._offered: list[tuple[Command, Applies]] = []
        form = panel.form
        change, register, block = (
            Permission.CHANGE_PATRON,
            Permission.REGISTER_PATRON,
            Permission.BLOCK_PATRON,
        )
        add = self._add
        add(form.lend_button, "loan", "Ctrl+O", self.lend)
        add(form.forgotten_button, "patron", "Ctrl+G", self.serve_without_card)
        add(
            form.renew_membership_button,
            "renew",
            "Ctrl+R",
            self.renew_membership,
            needs=register,
            applies=lambda file: file.deceased_on is None,
        )
        add(form.replace_card_button, "scan", "Ctrl+Shift+C", self.replace_card, needs=register)
        add(form.register_at_button, "shelf", "Ctrl+Shift+A", self.register_at, needs=change)
        add(
            form.end_registration_button,
            "close",
            "Ctrl+Shift+E",
            self.end_registration,
            needs=change,
            applies=lambda file: bool(file.registered_at),
        )
        add(form.message_button, "info", "Ctrl+T", self.leave_message)
        add(
            form.close_message_button,
            "ok",
            "Ctrl+Shift+M",
            self.close_message,
            applies=lambda file: bool(file.messages),
        )
        add(form.block_button, "blocked", "Ctrl+Shift+K", self.block, needs=block)
        add(
            form.lift_block_button,
            "ok",
            "Ctrl+Shift+L",
            self.lift_block,
            needs=Permission.OVERRIDE_BLOCKS,
            applies=lambda file: bool(file.blocks),
        )
        add(form.join_button, "patron", "Ctrl+H", self.join_household, needs=change)
        add(
            form.leave_household_button,
            "close",
            "Ctrl+Shift+H",
            self.leave_household,
            needs=change,
            applies=lambda file: file.household is not None,
        )
        add(
            form.deceased_button,
            "info",
            "Ctrl+Shift+D",
            self.mark_deceased,
            needs=change,
            applies=lambda file: file.deceased_on is None,
        )
        patron.shown.connect(self.offer)
        self.offer()

    def _add(
        self,
        button: Any,
        icon: str,
        shortcut: str,
        do: Callable[[PatronFile], None],
        *,
        needs: Permission | None = None,
        applies: Applies = lambda _file: True,
    ) -> None:
        def act() -> None:
            if self._patron.file is not None:
                do(self._patron.file)

        command = self._page.command(button, icon, shortcut, act, needs=needs)
        self._offered.append((command, applies))

    def offer(self, *, on: bool = True) -> None:
        """Let be chosen what applies to the file; nothing while a form is open (`on`)."""
        file = self._patron.file
        for command, applies in self._offered:
            command.setEnabled(on and file is not None and applies(file))

    # --- the visit ---

    def lend(self, file: PatronFile) -> None:
        """Open the file where one lends."""
        self._shell.open_patron(file.id)

    def serve_without_card(self, file: PatronFile) -> None:
        """The card was forgotten: name and date of birth were checked, the visit is marked."""
        sentence = _("Visit without a card marked.")
        self._do(
            "serve_without_card",
            patrons.noted(sentence),
            patron_id=file.id,
            undoable=False,
            then=lambda _answer: self._shell.open_patron(file.id),
        )

    # --- membership and card ---

    def renew_membership(self, file: PatronFile) -> None:
        """One key for a free membership; one that costs is asked about first."""
        policy = self._shell.network.policy(self._shell.post.library, file.category)
        renew = partial(self._renew_membership, file)
        if file.membership is Membership.FREE or not policy.membership_fee:
            renew()
            return
        until = words.day(renewed_until(file.member_until, policy, self._shell.today))
        fee = self._patron.voice.amount(policy.membership_fee)
        text = _("Renew the membership until {day}? To pay: {amount}.")
        self._ask(
            text.format(day=until, amount=fee),
            verb=_("Renew the membership"),
            act=lambda _typed: renew(),
            deliberate=True,
        )

    def _renew_membership(self, file: PatronFile) -> None:
        self._do(
            "renew_membership",
            patrons.membership_renewed,
            patron_id=file.id,
            seen=file.member_until,
        )

    def replace_card(self, file: PatronFile) -> None:
        """The next scan is the new card."""

        def replace(card: str) -> None:
            number = card_number(card, self._shell.network)
            self._do(
                "replace_card",
                patrons.card_replaced,
                patron_id=file.id,
                card=number,
                seen=file.card,
            )

        self._ask(
            _("Scan the new card."),
            line=_("New card"),
            verb=_("Replace the card"),
            act=lambda typed: replace(typed.line),
            scan=lambda reading: replace(reading.text),
        )

    def register_at(self, file: PatronFile) -> None:
        """Register at one more library: its games and DVDs may be borrowed there."""
        here = self._shell.post.library
        known = {file.home, *file.registered_at}
        libraries = [
            (each.name, each.code)
            for each in self._shell.network.libraries
            if each.kind is LibraryKind.LIBRARY and each.code not in known
        ]
        self._ask(
            _("Also register at which library?"),
            choices=sorted(libraries, key=lambda choice: choice[1] != here),
            verb=_("Register"),
            act=lambda typed: self._do(
                "register_at",
                patrons.noted(_("Registered at one more library.")),
                patron_id=file.id,
                library=typed.choice,
            ),
        )

    def end_registration(self, file: PatronFile) -> None:
        """End the registration chosen in the list, or the only one that there is."""
        view = self._panel.form.registrations_view
        chosen: Registration | None = view.current()
        further = [code for code in file.registered_at if code != file.home]
        if chosen is not None and not chosen.is_home:
            further = [chosen.library]
        if len(further) != 1:
            self._go_to(view)
            return
        self._do(
            "end_registration",
            patrons.noted(_("Registration ended.")),
            undoable=False,
            patron_id=file.id,
            library=further[0],
        )

    # --- what staff write for one another ---

    def leave_message(self, file: PatronFile) -> None:
        """Something to tell the patron at the next visit."""
        self._ask(
            _("What shall the patron be told at the next visit?"),
            line=_("Message"),
            day=_("Until"),
            verb=_("Leave the message"),
            act=lambda typed: self._do(
                "leave_message",
                patrons.noted(_("The message is shown at the next visit.")),
                patron_id=file.id,
                text=typed.line,
                until=typed.day,
            ),
        )

    def close_message(self, file: PatronFile) -> None:
        """The patron was told."""
        message = self._chosen(self._panel.form.messages_view, file.messages)
        if message is not None:
            sentence = _("The message is not shown any more.")
            self._do("close_message", patrons.noted(sentence), message=message.message)

    def block(self, file: PatronFile) -> None:
        """Nothing is lent to a blocked card; the text says why."""
        self._ask(
            _("Why is the card blocked? The text is shown at each visit."),
            line=_("Text of the block"),
            day=_("Until"),
            verb=_("Block the card"),
            act=lambda typed: self._do(
                "block_patron",
                patrons.blocked,
                patron_id=file.id,
                text=typed.line,
                until=typed.day,
            ),
        )

    def lift_block(self, file: PatronFile) -> None:
        """The card may be used again."""
        block = self._chosen(self._panel.form.blocks_view, file.blocks)
        if block is not None:
            sentence = _("The block is lifted.")
            self._do("lift_block", patrons.noted(sentence), block=block.block)

    # --- household ---

    def join_household(self, file: PatronFile) -> None:
        """Somebody who lives with the patron: their card, or the list of patrons, says who."""

        def join(other_id: int) -> None:
            self._do("join_household", patrons.joined, patron_id=file.id, other_id=other_id)

        name = words.full_name(file.family_name, file.given_name)
        text = _("Who lives with {name}? Scan a card, or search and choose.")
        self._ask(text.format(name=name), patron=join)

    def leave_household(self, file: PatronFile) -> None:
        """The patron no longer lives with the others."""
        sentence = _("No longer in the household.")
        self._do("leave_household", patrons.noted(sentence), patron_id=file.id)

    # --- deceased ---

    def mark_deceased(self, file: PatronFile) -> None:
        """Asked once; Enter does not answer."""
        name = words.full_name(file.family_name, file.given_name)
        text = _("{name}: mark as deceased? Holds end silently, no message is sent any more.")

        def mark(typed: Typed) -> None:
            self._do("mark_deceased", patrons.mourned, patron_id=file.id, on=typed.day)

        self._ask(
            text.format(name=name),
            day=_("Date of death, if known"),
            verb=_("Mark as deceased"),
            act=mark,
            deliberate=True,
        )

    # --- helpers ---

    def _ask(self, text: str, **rest: Any) -> None:
        self._question.ask(Question(text=text, **rest))
        self._patron.acted.emit()

    def _do(self, action: str, say: Any, **fields: Any) -> None:
        """Carry it out; a question that led to it is closed unless it is refused, and when it
        was about something that another desk has changed since."""
        then = fields.pop("then", None)

        def done(answer: Any) -> None:
            self._question.close_question()
            if then is not None:
                then(answer)

        def refused(no: Refused) -> None:
            if any(each.reason is Reason.PATRON_CHANGED_SINCE for each in no.refusals):
                self._question.close_question()
                self._patron.ask()

        self._patron.do(action, say, then=done, refused=refused, **fields)

    def _chosen(self, view: RowsView, lines: tuple[Any, ...]) -> Any | None:
        """The line chosen in a table, or the only one; else the table is shown to choose in."""
        chosen = view.current()
        if chosen is None and len(lines) == 1:
            return lines[0]
        if chosen is None:
            self._go_to(view)
        return chosen

    def _go_to(self, view: RowsView) -> None:
        """Let one be chosen of several."""
        self._panel.show_section(view)
        view.setFocus(Qt.FocusReason.ShortcutFocusReason)
