"""Gathers what people read, from Python and from the forms, into the French catalogue."""

import sys
from collections.abc import Iterable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from babel.messages import Catalog
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po, write_po

# Headers that would change with every run, or that Babel fills with nothing.
_IDLE_HEADERS = (
    b'"Generated-By:',
    b'"Language-Team:',
    b'"Last-Translator:',
    b'"PO-Revision-Date:',
    b'"POT-Creation-Date:',
    b'"Project-Id-Version:',
    b'"Report-Msgid-Bugs-To:',
)

# What a message is to Babel: line, text or its plural forms, translators' comments, context.
Message = tuple[int, str | tuple[str, ...], list[str], str | None]


def extract(root: Path) -> Catalog:
    """Every message of the sources below `root`, with the files it stands in."""
    catalogue = Catalog(domain="staffdesk", project="StaffDesk", charset="utf-8")
    package = root / "staffdesk"
    modules = (path for path in package.rglob("*.py") if package / "_built" not in path.parents)
    for path in sorted([*modules, *(root / "ui").glob("*.ui")]):
        place = path.relative_to(root).as_posix()
        messages = _in_module(path) if path.suffix == ".py" else _in_form(path)
        for line, text, comments, context in messages:
            catalogue.add(text, None, [(place, line)], auto_comments=comments, context=context)
    return catalogue


def _in_module(path: Path) -> Iterable[Message]:
    return extract_from_file("python", path, comment_tags=["Translators:"], strip_comment_tags=True)


def _in_form(path: Path) -> Iterator[Message]:
    """Each translatable string of a Qt Designer form; its class is no context."""
    form = ElementTree.parse(path)
    kept = {
        string
        for strings in form.iter("stringlist")
        if strings.get("notr") == "true"
        for string in strings
    }
    for string in form.iter("string"):
        if string.text and string.get("notr") != "true" and string not in kept:
            comment = string.get("extracomment")
            yield 1, string.text, [comment] if comment else [], None


def read(path: Path) -> Catalog:
    """The catalogue in the file `<language>.po`."""
    with path.open("rb") as file:
        return read_po(file, locale=path.stem, domain="staffdesk", abort_invalid=True)


def update(root: Path) -> None:
    """Merge the messages into `fr.po`: translations stay, what is gone goes, nothing is guessed.

    What is left to translate is told on standard error.
    """
    path = root / "resources" / "translations" / "fr.po"
    catalogue = read(path)
    catalogue.update(extract(root), no_fuzzy_matching=True)
    text = BytesIO()
    write_po(
        text, catalogue, width=100, sort_output=True, ignore_obsolete=True, include_lineno=False
    )
    lines = text.getvalue().lstrip().splitlines(keepends=True)
    path.write_bytes(b"".join(line for line in lines if not line.startswith(_IDLE_HEADERS)))
    plurals = catalogue.num_plurals
    untranslated = [one for one in catalogue if one.id and not translated(one, plurals)]
    for message in untranslated:
        print(f"untranslated: {message.id}", file=sys.stderr)
    print(f"{len(catalogue)} messages, {len(untranslated)} to translate", file=sys.stderr)


def translated(message: Any, plurals: int) -> bool:
    """Whether `message` has its whole translation, each of `plurals` forms, and no guess."""
    if not message.string or message.fuzzy:
        return False
    return not message.pluralizable or (len(message.string) == plurals and all(message.string))
