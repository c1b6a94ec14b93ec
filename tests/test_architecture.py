"""The rules of the house that a person would otherwise have to remember."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.source_tree import HOUSE, PACKAGE, ROOT, Source, kept_files, package_sources

SOURCES = package_sources()
WINDOW = [source for source in SOURCES if source.room == "ui"]

LONGEST_FILE = 400
LONGEST_FUNCTION = 60

OWN_LIBRARIES = {
    "core": set[str](),
    "till": set[str](),
    "api": {"certifi", "httpx", "msgspec"},
    "hints": {"httpx"},
    "journal": set[str](),
    "system": {"email_validator", "keyring", "phonenumbers", "platformdirs", "truststore"},
    "ui": {"PySide6", "shiboken6"},
    "training": {"starlette", "uvicorn"},
    "relay": {"starlette", "uvicorn"},
}
"""What each room may use beside the standard library and the program itself."""

LIBRARIES_OF_SINGLE_MODULES = {
    "system/desktop_notes.py": {"jeepney"},
    "api/update_manifest.py": {"cryptography"},
    "system/session_lock.py": {"PySide6"},
    "system/single_instance.py": {"PySide6"},
}

QT_MODULES = {"PySide6.QtCore", "PySide6.QtGui", "PySide6.QtWidgets"}

NO_CATCH_ALL = {"utils", "util", "common", "helpers", "helper", "misc", "widgets", "tools", "stuff"}

STATIC_DIALOGS = {
    "QMessageBox": {"about", "aboutQt", "critical", "information", "question", "warning"},
    "QFileDialog": {"getExistingDirectory", "getOpenFileName", "getOpenFileNames", "getSaveFileName"},
    "QInputDialog": {"getDouble", "getInt", "getItem", "getMultiLineText", "getText"},
    "QColorDialog": {"getColor"},
    "QFontDialog": {"getFont"},
}

COLOUR = re.compile(r"#(?:[0-9A-Fa-f]{6}|[0-9A-Fa-f]{8})\b|^#[0-9A-Fa-f]{3,4}$|\brgba?\(")

TRANSPARENT = [0, 0, 0, 0]
"""No colour at all, which needs no token."""

MACHINE_ONLY = re.compile(
    r"pypi[.]org|pythonhosted[.]|npmjs[.]|file:/{3}(?:opt|work|root|home)/|/opt/(?:pypi|wheels)|(?<![\w.~])/(?:work|root)/|--(?:extra-)?index-url\s+\S"
    r"|--find-links\s+\S"
)


def test_there_is_a_program_to_look_at() -> None:
    assert len(SOURCES) > 10
    assert WINDOW


def test_the_floors_hold() -> None:
    program = "from importlinter.cli import lint_imports; raise SystemExit(lint_imports(no_cache=True))"
    finished = run_python(program)
    assert finished.returncode == 0, finished.stdout + finished.stderr


def test_a_room_uses_its_own_libraries_only() -> None:
    found = [f"{source.module} imports {sorted(foreign)}" for source in SOURCES if (foreign := foreign_to(source))]
    assert not found


def foreign_to(source: Source) -> set[str]:
    """Return the libraries that a module imports and its room may not."""
    allowed = OWN_LIBRARIES.get(source.room)
    if allowed is None:
        assert source.path.parent == PACKAGE, f"{source.room} is a new room: name its libraries in OWN_LIBRARIES"
        return set()
    allowed = allowed | LIBRARIES_OF_SINGLE_MODULES.get(source.module, set())
    if source.module.startswith("relay/jetstream/"):
        allowed |= {"cryptography", "nats"}
    if source.module.startswith("ui/qr_"):
        allowed |= {"segno", "zxingcpp"}
    return source.imported_roots() - sys.stdlib_module_names - {"optty_desktop"} - allowed


def test_files_and_functions_stay_short() -> None:
    long = [source.module for source in SOURCES if source.text.count("\n") > LONGEST_FILE]
    long += [
        f"{source.at(function)} {function.name}: {lines} lines"
        for source in SOURCES
        for function in source.functions()
        if (lines := (function.end_lineno or function.lineno) - function.lineno + 1) > LONGEST_FUNCTION
    ]
    assert not long, "find the better cut"


def test_no_module_is_a_drawer_for_everything() -> None:
    drawers = [path for path in kept_files() if path.suffix == ".py" and path.stem in NO_CATCH_ALL]
    folders = [name for name in NO_CATCH_ALL if any(PACKAGE.rglob(f"{name}/*.py"))]
    assert not drawers
    assert not folders


def test_every_test_folder_is_a_package() -> None:
    folders = {path.parent for path in (ROOT / "tests").rglob("*.py")}
    missing = [folder for folder in folders if not (folder / "__init__.py").exists()]
    assert not missing, "two tests of one file name cannot live in plain folders"


def test_every_type_of_qt_is_made_by_the_thread_of_the_window() -> None:
    """See ``ui/qt_types.py``: its list is every name that is imported from these modules, but for functions."""
    asked = {
        alias.name
        for source in SOURCES
        for node in source.nodes
        if isinstance(node, ast.ImportFrom) and node.module in QT_MODULES
        for alias in node.names
    }
    listed = PACKAGE / "ui" / "qt_types.py"
    texts = (node.value for node in ast.walk(Source(listed).tree) if isinstance(node, ast.Constant))
    made = [text for text in texts if isinstance(text, str) and re.fullmatch(r"Q[A-Za-z]+", text)]
    assert sorted(made) == sorted(asked - {"Signal", "SignalInstance", "qVersion"})


def test_nothing_blocks_the_loop_with_a_modal_dialog() -> None:
    found = [source.at(call) for source in SOURCES for call in source.calls() if is_modal(call)]
    assert not found, "open() and a future instead of exec() and static dialogs"


def is_modal(call: ast.Call) -> bool:
    """Tell whether this call starts an event loop inside the event loop."""
    name = attribute(call)
    if name in {"exec", "exec_"}:
        return True
    return name in STATIC_DIALOGS.get(receiver(call), set())


def test_coroutines_are_started_by_hand_and_not_by_decorator() -> None:
    names = {"asyncSlot", "asyncClose", "asyncWrap"}
    found = [source.at(node) for source in SOURCES for node in source.nodes if named(node) in names]
    assert not found


def test_the_window_ends_in_order() -> None:
    found = [
        source.at(call)
        for source in SOURCES
        for call in source.calls()
        if attribute(call) in {"quit", "exit"} and "app" in receiver(call).lower()
    ]
    assert not found, "quitting the application skips the orderly end"


def test_only_the_task_runner_starts_tasks() -> None:
    found = [
        source.at(call)
        for source in SOURCES
        if source.module not in KEEPERS and source.room != "training"
        for call in bare_tasks(source)
    ]
    assert not found, "a task that nobody keeps may vanish, and its failure with it"


KEEPERS = {"ui/tasks.py", "till/cancel_or_refund.py", "till/noted_deeds.py", "self_test.py"}
"""Where a task is held until it ends: the window's runner, a money call or a deed on its way, the self-test's day."""


def bare_tasks(source: Source) -> Iterator[ast.Call]:
    """Yield the calls that start a task outside a TaskGroup."""
    groups = {
        item.optional_vars.id
        for node in source.nodes
        if isinstance(node, ast.AsyncWith)
        for item in node.items
        if isinstance(item.optional_vars, ast.Name) and "TaskGroup" in ast.dump(item.context_expr)
    }
    for call in source.calls():
        if named(call.func) in {"create_task", "ensure_future"} and receiver(call) not in groups:
            yield call


def test_colours_come_from_the_tokens() -> None:
    painted = [source for source in WINDOW if source.module != "ui/tokens.py"]
    found = [source.at(node) for source in painted for node in source.nodes if is_colour(node)]
    assert not found, "name a token of ui/tokens.py instead"


def is_colour(node: ast.AST) -> bool:
    """Tell whether this is a colour written out: as text, as numbers, or as one of Qt's own."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return bool(COLOUR.search(node.value))
    if isinstance(node, ast.Call) and named(node.func) in {"QColor", "qRgb", "qRgba"}:
        numbers = [argument.value for argument in node.args if isinstance(argument, ast.Constant)]
        return bool(numbers) and numbers != TRANSPARENT
    return isinstance(node, ast.Attribute) and named(node.value) == "GlobalColor" and node.attr != "transparent"


def test_texts_for_people_are_whole_sentences_with_named_gaps() -> None:
    found = [
        source.at(call)
        for source in SOURCES
        for call in source.calls()
        if named(call.func) == "tr" and call.args and is_put_together(call.args[0])
    ]
    assert not found, 'write tr("Create link for {amount}", amount=text)'


def is_put_together(text: ast.expr) -> bool:
    """Tell whether a text is assembled in the program, so that no translator ever sees it whole."""
    if isinstance(text, ast.Call):
        return attribute(text) in {"format", "join", "replace"}
    return isinstance(text, ast.JoinedStr | ast.BinOp)


def test_no_file_knows_one_machine() -> None:
    found: list[str] = []
    for path in kept_files():
        text = path.read_bytes().decode("utf-8", errors="ignore")
        found += [f"{path.relative_to(ROOT)}: {match.group()}" for match in MACHINE_ONLY.finditer(text)]
    assert not found


def test_the_house_has_the_folders_that_are_looked_at() -> None:
    assert [folder for folder in HOUSE if not (ROOT / folder).is_dir()] == []


def test_signals_keep_the_reference_counts_of_python() -> None:
    """A PySide6 made for a later Python loses a reference of True at each emit and soon aborts."""
    finished = run_python(
        """
from PySide6.QtCore import QObject, Signal

class Bell(QObject):
    rung = Signal()

bell, heard = Bell(), []
bell.rung.connect(lambda: heard.append(None))
for _ in range(2000):
    bell.rung.emit()
print(len(heard))
"""
    )
    assert (finished.returncode, finished.stdout.strip()) == (0, "2000"), finished.stderr


def run_python(program: str) -> subprocess.CompletedProcess[str]:
    """Run ``program`` at the top of the repository in a process of its own."""
    return subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )


def named(node: ast.AST) -> str:
    """Return the last name of an expression: ``create_task`` for ``asyncio.create_task``."""
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def attribute(call: ast.Call) -> str:
    """Return the method that is called, or nothing for a plain function."""
    return call.func.attr if isinstance(call.func, ast.Attribute) else ""


def receiver(call: ast.Call) -> str:
    """Return the last name of what a method is called on."""
    return named(call.func.value) if isinstance(call.func, ast.Attribute) else ""


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("#1A2B3C", True),
        ("#fff", True),
        ("color: #1A2B3CFF;", True),
        ("rgb(1,2,3)", True),
        ("#4711 of 12", False),
    ],
)
def test_the_colour_rule_sees_colours(text: str, is_one: bool) -> None:
    assert is_colour(ast.Constant(text)) is is_one


@pytest.mark.parametrize(
    ("line", "starts"),
    [
        ("asyncio.create_task(work())", 1),
        ("loop.create_task(work())", 1),
        ("ensure_future(work())", 1),
        (
            "async def f():\n    async with asyncio.TaskGroup() as group:\n        group.create_task(work())",
            0,
        ),
    ],
)
def test_the_task_rule_sees_tasks(tmp_path: Path, line: str, starts: int) -> None:
    path = tmp_path / "sample.py"
    path.write_text(line, encoding="utf-8")
    assert len(list(bare_tasks(Source(path)))) == starts


@pytest.mark.parametrize(
    ("line", "modal"),
    [
        ("dialog.exec()", True),
        ("QMessageBox.question(self, a, b)", True),
        ("QFileDialog.getSaveFileName(self)", True),
        ("dialog.open()", False),
        ("cursor.execute(sql)", False),
    ],
)
def test_the_modal_rule_sees_modal_calls(line: str, modal: bool) -> None:
    expression = ast.parse(line, mode="eval").body
    assert isinstance(expression, ast.Call)
    assert is_modal(expression) is modal


@pytest.mark.parametrize(
    ("line", "together"),
    [
        ("tr(f'Paid {x}')", True),
        ("tr('Paid ' + x)", True),
        ("tr('Paid %s' % x)", True),
        ("tr('Paid {}'.format(x))", True),
        ("tr('Paid {amount}', amount=x)", False),
    ],
)
def test_the_text_rule_sees_assembled_texts(line: str, together: bool) -> None:
    expression = ast.parse(line, mode="eval").body
    assert isinstance(expression, ast.Call)
    assert is_put_together(expression.args[0]) is together
