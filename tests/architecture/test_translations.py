"""French is complete, and no translation loses what it should say."""

import ast
from collections.abc import Iterator, Sequence
from pathlib import Path
from string import Formatter

import pytest
from babel.messages import Catalog

from resources.build import ROOT
from resources.messages import extract, read, translated

TRANSLATIONS = ROOT / "resources" / "translations"
# Function → how many of its first arguments are translated text.
CALLS = {"_": 1, "gettext": 1, "N_": 1, "ngettext": 2, "pgettext": 2, "npgettext": 3}
MODULES = [path for path in (ROOT / "staffdesk").rglob("*.py") if "_built" not in path.parts]


@pytest.fixture(scope="module")
def messages() -> Catalog:
    return extract(ROOT)


def test_french_is_complete(messages: Catalog) -> None:
    french = read(TRANSLATIONS / "fr.po")
    ours = {(message.id, message.context) for message in messages if message.id}
    theirs = {
        (message.id, message.context)
        for message in french
        if message.id and translated(message, french.num_plurals)
    }

    assert ours
    assert ours - theirs == set(), "make translations, then translate"
    assert theirs - ours == set(), "make translations removes what nobody says any more"


@pytest.mark.parametrize("path", sorted(TRANSLATIONS.glob("*.po")), ids=lambda path: path.stem)
def test_a_translation_keeps_the_placeholders(path: Path, messages: Catalog) -> None:
    for message in read(path):
        source, *plurals = _forms(message.id)
        if source:
            texts = (source, *plurals, *_forms(message.string))
            assert messages.get(source, message.context) is not None, source
            assert len({_placeholders(text) for text in texts}) == 1, source


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_texts_are_not_put_together_inside_a_translation_call(path: Path) -> None:
    faults = [
        call.lineno
        for call in _translation_calls(path)
        for argument in call.args[: CALLS[_name(call)]]
        for part in ast.walk(argument)
        if isinstance(part, ast.JoinedStr | ast.BinOp | ast.Call)
    ]

    assert faults == []


def _translation_calls(path: Path) -> Iterator[ast.Call]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call) and _name(node) in CALLS:
            yield node


def _name(call: ast.Call) -> str:
    function = call.func
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def _forms(text: str | Sequence[str] | None) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text or ())


def _placeholders(text: str) -> frozenset[str]:
    return frozenset(name for _text, name, _spec, _conversion in Formatter().parse(text) if name)
