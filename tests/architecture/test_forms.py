"""Each Qt Designer form is well made."""

import re
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import pytest

ROOT = Path(__file__).resolve().parents[2]
FORMS = sorted((ROOT / "ui").glob("*.ui"))
SNAKE_CASE = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
BUTTONS = {"QPushButton", "QToolButton", "QCommandLinkButton"}
VIEWS = {"QTableView", "QTreeView", "QListView"}
FIELDS = VIEWS | {
    "QComboBox",
    "QDateEdit",
    "QDateTimeEdit",
    "QDoubleSpinBox",
    "QLineEdit",
    "QPlainTextEdit",
    "QSpinBox",
    "QTextEdit",
    "QTimeEdit",
}
FOCUSABLE = FIELDS | BUTTONS | {"QCheckBox", "QRadioButton"}
KINDS = (
    dict.fromkeys(BUTTONS, "button") | dict.fromkeys(VIEWS, "view") | {"QLineEdit": "edit"}
)  # class → last word of the name


def property_of(widget: Element, name: str) -> str:
    """The text of a property, empty when the form does not set it."""
    found = widget.find(f"property[@name='{name}']/*")
    return "" if found is None else found.text or ""


@pytest.fixture(params=FORMS, ids=lambda path: path.stem)
def path(request: pytest.FixtureRequest) -> Path:
    assert isinstance(request.param, Path)
    return request.param


@pytest.fixture
def form(path: Path) -> Element:
    return ElementTree.parse(path).getroot()


def widgets(form: Element) -> list[Element]:
    """Every widget but the outermost."""
    return [widget for outer in form.findall("widget") for widget in outer.findall(".//widget")]


def test_there_are_forms() -> None:
    assert FORMS


def test_the_form_is_named_like_its_file(path: Path, form: Element) -> None:
    name = "".join(word.capitalize() for word in path.stem.split("_"))

    assert form.findtext("class") == name
    assert form.find(f"widget[@name='{name}']") is not None


def test_names_are_unique_snake_case_and_end_in_their_kind(form: Element) -> None:
    inner = widgets(form)
    named = [*inner, *form.iter("layout"), *form.iter("spacer"), *form.iter("action")]
    names = Counter(element.get("name", "") for element in named if element.get("name"))

    assert [name for name, times in names.items() if times > 1] == []
    assert [name for name in names if not SNAKE_CASE.fullmatch(name)] == []
    assert [
        name
        for widget in inner
        if (name := widget.get("name", ""))
        and not name.endswith(KINDS.get(widget.get("class", ""), ""))
    ] == []


def test_every_field_has_a_label_or_a_spoken_name(form: Element) -> None:
    inner = widgets(form)
    names = {widget.get("name") for widget in inner}
    buddies = {buddy for widget in inner if (buddy := property_of(widget, "buddy"))}
    fields = [widget for widget in inner if widget.get("class") in FIELDS]

    assert buddies <= names
    assert [
        field.get("name")
        for field in fields
        if field.get("name") not in buddies and not property_of(field, "accessibleName")
    ] == []


def test_tab_order_is_complete(form: Element) -> None:
    stops = [stop.text for stop in form.findall("tabstops/tabstop")]
    focusable = [
        widget.get("name")
        for widget in widgets(form)
        if widget.get("class") in FOCUSABLE
        and not property_of(widget, "focusPolicy").endswith("NoFocus")
    ]

    assert [name for name in focusable if name not in stops] == []
    assert set(stops) <= {widget.get("name") for widget in widgets(form)}


def test_nothing_has_a_fixed_size_or_place(form: Element) -> None:
    placed = [
        one.get("name")
        for one in widgets(form)
        if one.find("property[@name='geometry']") is not None
    ]
    fixed = [
        one.get("name")
        for one in form.iter("widget")
        for side in ("width", "height")
        if (least := one.findtext(f"property[@name='minimumSize']/size/{side}")) not in (None, "0")
        and least == one.findtext(f"property[@name='maximumSize']/size/{side}")
    ]

    assert placed == []
    assert fixed == []


def test_the_form_has_no_style_sheet(form: Element) -> None:
    assert form.findall(".//property[@name='styleSheet']") == []


def test_the_package_has_no_style_sheet() -> None:
    package = ROOT / "staffdesk"

    assert [
        module
        for module in package.rglob("*.py")
        if package / "_built" not in module.parents and "setStyleSheet" in module.read_text("utf-8")
    ] == []
