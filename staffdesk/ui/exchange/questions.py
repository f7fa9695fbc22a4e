"""What is asked of a file that was looked at, and the options of the command that answer it."""

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from staffdesk.network import ItemType, Library, Network, PatronCategory
from staffdesk.translation import _
from staffdesk.ui.exchange.answers import FileCode, Look
from staffdesk.ui.exchange.assignments import Question
from staffdesk.ui.wording import exchange

_Ours = ItemType | Library | PatronCategory


@dataclass(frozen=True, kw_only=True)
class UnknownCode:
    """A code of a file that is nothing here, and the option that says which of ours it is."""

    option: str
    code: FileCode

    @property
    def key(self) -> Hashable:
        return (self.option, self.code.theirs)


def unknown_codes(look: Look) -> list[UnknownCode]:
    """Those that somebody may give a meaning."""
    kinds = (
        ("--library", look.libraries),
        ("--item-type", look.item_types),
        ("--category", look.categories),
    )
    return [
        UnknownCode(option=option, code=code)
        for option, codes in kinds
        for code in codes
        if code.ours is None
    ]


def of_codes(look: Look, network: Network, said: Mapping[Hashable, str]) -> Iterator[Question]:
    """Which of ours each unknown code is; `said` is what was answered before."""
    kinds: dict[str, tuple[str, Sequence[_Ours]]] = {
        "--library": (_("Library"), network.libraries),
        "--item-type": (_("Type"), network.item_types),
        "--category": (_("Category"), network.patron_categories),
    }
    for unknown in unknown_codes(look):
        kind, ours = kinds[unknown.option]
        yield Question(
            key=unknown.key,
            name=exchange.code(unknown.code),
            detail=kind,
            choices={"": _("not said")} | {each.code: each.name for each in ours},
            chosen=said.get(unknown.key, ""),
        )


def of_columns(look: Look) -> Iterator[Question]:
    """What each column of a table holds."""
    names = sorted((exchange.field(name), name) for name in look.fields)
    choices = {"": _("is not used")} | {name: text for text, name in names}
    for column in {column.heading: column for column in look.columns}.values():
        yield Question(
            key=column.heading,
            name=column.heading,
            detail=", ".join(column.samples),
            choices=choices,
            chosen=column.field,
        )


def missing_fields(look: Look, columns: Mapping[Hashable, str]) -> Sequence[str]:
    """What must be said, and no column is for."""
    return [name for name in look.required if name not in columns.values()]


def column_options(look: Look, columns: Mapping[Hashable, str]) -> Iterator[str]:
    """What is said of columns, for the command; one that its heading tells needs nothing."""
    for column in look.columns:
        name = columns[column.heading]
        if name != column.field or column.why in ("values", "said"):
            yield from ("--column", f"{column.heading}={name}")


def code_options(look: Look, codes: Mapping[Hashable, str]) -> Iterator[str]:
    """What is said of codes, for the command."""
    for unknown in unknown_codes(look):
        if ours := codes.get(unknown.key, ""):
            yield from (unknown.option, f"{unknown.code.theirs}={ours}")
