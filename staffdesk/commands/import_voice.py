"""What an import says as it goes on: to a person on a terminal, or to a program that shows it."""

import argparse
import os
import signal
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from enum import StrEnum
from typing import Any, Protocol

import msgspec
from tqdm import tqdm

from staffdesk.desk.exchange.importing import Imported, Listener
from staffdesk.exchange.findings import Fault, Rejected, Remark
from staffdesk.translation import _, ngettext

_TOLD_SINGLY = 10
"""How many lines of one and the same reason a person is told singly."""

_EXAMPLES = 50
"""How many cases of one and the same fault a program is told."""

_PAUSE_SECONDS = 0.1


class Step(StrEnum):
    """What takes long."""

    READING = "reading"
    IMPORTING = "importing"
    WRITING = "writing"


Keep = Callable[[Rejected], None]


def nothing(_rejected: Rejected) -> None:
    """Where what is rejected goes when nobody wants it kept."""


class Voice(Protocol):
    """Says what there is to say."""

    def listening(
        self, step: Step, *, total: int | None = None, keep: Keep = nothing
    ) -> AbstractContextManager[Listener]:
        """A listener for one step of so many records or lines; `keep` gets what is rejected."""

    def note(self, message: str) -> None:
        """Say something in passing."""

    def look(self, told: Mapping[str, Any], lines: Sequence[str]) -> None:
        """Say what a file is: as data, or in lines."""

    def result(self, imported: Imported, *, stopped: bool = False) -> None:
        """Say what was done, perhaps only in part."""

    def failure(self, code: str, message: str, **more: Sequence[str]) -> None:
        """Say why nothing was done, or no more: "unknown_codes", "usage", "file", "store"."""


def voice_of(args: argparse.Namespace) -> Voice:
    """The voice that was asked for."""
    return ForPrograms() if args.json_progress else ForPeople(as_json=args.json)


class ForPeople:
    """A progress bar, messages on the standard error, the result on the standard output.

    Copies on loan are only counted and told at the end, and so is what is said over and over.
    """

    def __init__(self, *, as_json: bool) -> None:
        self.as_json = as_json

    @contextmanager
    def listening(
        self, step: Step, *, total: int | None = None, keep: Keep = nothing
    ) -> Iterator[Listener]:
        """Moves a progress bar (on a terminal) and writes what is told above it."""
        on_loan = 0
        told: Counter[str] = Counter()

        def complain(reason: str, message: str) -> None:
            told[reason] += 1
            if told[reason] <= _TOLD_SINGLY:
                self.note(message)

        def rejected(each: Rejected) -> None:
            keep(each)
            number = each.control_number or _("without a number")
            message = _("rejected: {position} ({number}): {reason}")
            reason = each.reason
            complain(reason, message.format(position=each.position, number=number, reason=reason))

        def remarked(number: str, remark: Remark) -> None:
            nonlocal on_loan
            if remark.fault is Fault.ON_LOAN:
                on_loan += 1
            else:
                reason = remark.reason
                complain(reason, f"{number}: {reason}" if number else reason)

        titles = {
            Step.READING: _("Reading"),
            Step.IMPORTING: _("Importing"),
            Step.WRITING: _("Writing"),
        }
        with tqdm(total=total, desc=titles[step], disable=None, leave=False) as bar:
            yield Listener(rejected=rejected, remarked=remarked, advanced=bar.update)
        for reason, count in told.items():
            if count > _TOLD_SINGLY:
                message = _("… and {count} more with the same reason: {reason}")
                self.note(message.format(count=count - _TOLD_SINGLY, reason=reason))
        if on_loan:
            message = ngettext(
                "{count} copy is on loan in the file, which does not say to whom: it counts as "
                "available until its loan is imported.",
                "{count} copies are on loan in the file, which does not say to whom: they count as "
                "available until their loans are imported.",
                on_loan,
            )
            self.note(message.format(count=on_loan))

    def note(self, message: str) -> None:
        """On the standard error, above a progress bar if there is one."""
        tqdm.write(message, file=sys.stderr)

    def look(self, told: Mapping[str, Any], lines: Sequence[str]) -> None:
        """Lines, or `--json`."""
        for line in [_json(told)] if self.as_json else lines:
            print(line)

    def result(self, imported: Imported, *, stopped: bool = False) -> None:  # noqa: ARG002
        """The counts; a person who stopped an import knows that they did."""
        if imported.libraries_added:
            message = _("New libraries of the network: {codes}.")
            self.note(message.format(codes=", ".join(imported.libraries_added)))
        if self.as_json:
            more = {"faults": imported.faults, "libraries_added": imported.libraries_added}
            print(_json({**imported.counts, **more}))
            return
        for name, count in imported.counts.items():
            print(f"{_labels()[name]}: {count}")

    def failure(self, code: str, message: str, **more: Sequence[str]) -> None:  # noqa: ARG002
        """The sentence alone."""
        self.note(message)


class ForPrograms:
    """One JSON object a line on the standard output; `event` says what it is.

    The import ends after the batch at hand when the standard input is closed, also by the death of
    the program at its other end, or when the process is asked to terminate.
    """

    def __init__(self) -> None:
        self.told_to_stop = threading.Event()
        signal.signal(signal.SIGTERM, lambda _number, _frame: self.told_to_stop.set())
        threading.Thread(target=self._await_end, daemon=True).start()

    def _await_end(self) -> None:
        # Not through `sys.stdin`: a thread that holds its lock aborts the end of the interpreter.
        while os.read(0, 1 << 12):
            pass
        self.told_to_stop.set()

    @contextmanager
    def listening(
        self, step: Step, *, total: int | None = None, keep: Keep = nothing
    ) -> Iterator[Listener]:
        """Tells how far it is several times a second, and at the end what was found."""
        done = 0
        due = time.monotonic()
        found: dict[tuple[str, Fault], _Found] = {}

        def advanced(more: int) -> None:
            nonlocal done, due
            done += more
            if time.monotonic() >= due:
                due = time.monotonic() + _PAUSE_SECONDS
                self._say("progress", step=step, done=done, total=total)

        def rejected(each: Rejected) -> None:
            keep(each)
            cases = found.setdefault(("rejected", each.fault), _Found())
            cases.add(each.position, each.control_number or "", each)

        def remarked(number: str, remark: Remark) -> None:
            found.setdefault(("remark", remark.fault), _Found()).add(None, number, remark)

        try:
            yield Listener(
                rejected=rejected,
                remarked=remarked,
                advanced=advanced,
                cancelled=self.told_to_stop.is_set,
            )
        finally:
            self._say("progress", step=step, done=done, total=total)
            for (kind, fault), cases in found.items():
                self._say(
                    "found",
                    kind=kind,
                    fault=fault,
                    reason=cases.examples[0]["reason"],
                    count=cases.count,
                    examples=cases.examples,
                )

    def note(self, message: str) -> None:
        """Said in passing."""
        self._say("note", message=message)

    def look(self, told: Mapping[str, Any], lines: Sequence[str]) -> None:  # noqa: ARG002
        """The data."""
        self._say("look", **told)

    def result(self, imported: Imported, *, stopped: bool = False) -> None:
        """The last line."""
        self._say(
            "result",
            counts=imported.counts,
            faults=imported.faults,
            libraries_added=imported.libraries_added,
            stopped=stopped,
        )

    def failure(self, code: str, message: str, **more: Sequence[str]) -> None:
        """The last line of an import that failed."""
        self._say("failed", code=code, message=message, **more)

    def _say(self, event: str, **told: Any) -> None:
        try:
            print(_json({"event": event, **told}), flush=True)
        except BrokenPipeError:  # nobody listens any more
            self.told_to_stop.set()


class _Found:
    """The cases of one fault: how many, and the first of them."""

    def __init__(self) -> None:
        self.count = 0
        self.examples: list[dict[str, Any]] = []

    def add(self, position: int | None, number: str, what: Rejected | Remark) -> None:
        self.count += 1
        if self.count <= _EXAMPLES:
            self.examples.append(
                {
                    "position": position,
                    "number": number,
                    "detail": what.detail,
                    "reason": what.reason,
                }
            )


def _json(told: Mapping[str, Any]) -> str:
    return msgspec.json.encode(told).decode()


def _labels() -> dict[str, str]:
    return {
        "records": _("records"),
        "copies": _("copies"),
        "patrons": _("patrons"),
        "loans": _("loans"),
        "left_out": _("copies left out"),
        "created": _("created"),
        "updated": _("updated"),
        "unchanged": _("unchanged"),
        "matched": _("titles that were here under another number"),
        "rejected": _("rejected"),
        "warnings": _("warnings"),
    }
