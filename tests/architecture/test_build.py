"""resources/build.py: what is built follows its sources, whoever else builds meanwhile."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from resources.build import ROOT, build

FORM = """<ui version="4.0">
 <class>TryPage</class>
 <widget class="QWidget" name="TryPage">
  <property name="windowTitle"><string>Try</string></property>
 </widget>
</ui>
"""
CATALOGUE = """msgid ""
msgstr "Content-Type: text/plain; charset=UTF-8\\n"

msgid "Loan"
msgstr "Prêt"
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A small project with one source of each kind."""
    (tmp_path / "staffdesk").mkdir()
    for path, text in {
        "ui/try_page.ui": FORM,
        "resources/translations/fr.po": CATALOGUE,
        "resources/icons/loan.svg": "<svg/>",
        "resources/networks/small.toml": "[network]\n",
    }.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text, "utf-8")
    shutil.copy(ROOT / "resources" / "build.py", tmp_path / "resources")
    return tmp_path


def products(project: Path) -> dict[str, bytes]:
    built = project / "staffdesk" / "_built"
    return {
        path.relative_to(built).as_posix(): path.read_bytes()
        for path in built.rglob("*")
        if path.is_file()
    }


def test_every_kind_is_built_and_a_second_build_has_nothing_to_do(project: Path) -> None:
    assert build(project)
    assert set(products(project)) >= {
        "__init__.py",
        "icons/loan.svg",
        "networks/small.toml",
        "translations/fr/LC_MESSAGES/staffdesk.mo",
        "ui_try_page.py",
    }
    assert not build(project)


def test_a_changed_source_is_built_again_though_its_times_say_nothing(project: Path) -> None:
    build(project)
    icon = project / "resources" / "icons" / "loan.svg"
    icon.write_text("<svg></svg>", "utf-8")

    assert build(project)
    assert products(project)["icons/loan.svg"] == b"<svg></svg>"


def test_a_lost_product_is_made_again(project: Path) -> None:
    build(project)
    (project / "staffdesk" / "_built" / "ui_try_page.py").unlink()

    assert build(project)
    assert "ui_try_page.py" in products(project)


def test_products_without_a_source_go(project: Path) -> None:
    build(project)
    (project / "ui" / "try_page.ui").unlink()

    assert build(project)
    assert "ui_try_page.py" not in products(project)


def test_a_form_that_does_not_compile_is_told_each_time(project: Path) -> None:
    (project / "ui" / "try_page.ui").write_text("<ui", "utf-8")

    for _attempt in range(2):
        with pytest.raises(subprocess.CalledProcessError):
            build(project)


def test_two_builds_at_once_agree(project: Path) -> None:
    command = [sys.executable, str(project / "resources" / "build.py")]
    both = [subprocess.Popen(command) for _process in range(2)]

    assert [process.wait() for process in both] == [0, 0]
    assert "ui_try_page.py" in products(project)
    assert not build(project)


def test_nothing_heavy_is_imported_when_nothing_has_changed(project: Path) -> None:
    build(project)
    program = (
        "import runpy, sys; made = runpy.run_path(sys.argv[1])['build']();"
        "sys.exit(made or bool({'babel', 'hatchling', 'PySide6'} & set(sys.modules)))"
    )
    script = str(project / "resources" / "build.py")
    subprocess.run([sys.executable, script], check=True)

    assert subprocess.run([sys.executable, "-c", program, script], check=False).returncode == 0


def test_git_holds_no_product() -> None:
    listed = subprocess.run(
        ["git", "ls-files", "staffdesk/_built", "*.mo", "*.qm", "**/ui_*.py"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert listed.stdout == ""
