"""What every test gets: its own home folder, no network, and a loop for coroutines.

Nothing here imports Qt unless a test below tests/ui or tests/flows runs, so the rest passes without Qt.
"""

from __future__ import annotations

import gc
import inspect
import os
import random
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import Phase, settings

from tests.coroutines import DEFAULT_LIMIT, blocking, plain_loop, window_loop
from tests.guards import NetworkGuard, move_home
from tests.promises import Ledger, Promise, Scaled
from tests.scratch import keep_bytecode, work_in_memory

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

TESTS = Path(__file__).parent
WINDOW_ROOMS = ("ui", "flows")
QT_OPTIONS = ("qt_api", "qt_log_level_fail", "qt_log_ignore")

LEDGER = pytest.StashKey[Ledger]()

# Explaining a failure traces every line of every further example, which takes minutes where a test opens a database.
PHASES = [phase for phase in Phase if phase is not Phase.explain]

settings.register_profile("suite", print_blob=True, deadline=None, derandomize=False, phases=PHASES)
settings.load_profile("suite")


def pytest_addoption(parser: pytest.Parser, pluginmanager: pytest.PytestPluginManager) -> None:
    """Add ``--full``; know pytest-qt's options also where pytest-qt is not loaded."""
    parser.addoption("--full", action="store_true", help="run the slow tests too")
    if not pluginmanager.has_plugin("pytest-qt"):
        for option in QT_OPTIONS:
            parser.addini(option, "belongs to pytest-qt", type="linelist")


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Choose Hypothesis' seed here, so that the head of the run can name it; draw without a screen, work in memory.

    Garbage is collected between tests and on this thread only: a widget that ends in a worker's thread crashes Qt.
    """
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    work_in_memory()
    keep_bytecode()
    gc.disable()
    if getattr(config.option, "hypothesis_seed", None) is None:
        config.option.hypothesis_seed = str(random.SystemRandom().randrange(2**32))


def ledger_of(config: pytest.Config) -> Ledger:
    """Return the promises of this run."""
    return config.stash.setdefault(LEDGER, Ledger())


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Say in a full run how each promise held: id, cases, failures, worst time."""
    lines = list(ledger_of(config).lines())
    if lines and config.getoption("--full"):
        terminalreporter.section("promises")
        for line in lines:
            terminalreporter.write_line(line)


def pytest_report_header(config: pytest.Config) -> str:
    """Say how to repeat the random part of this run."""
    return f"repeat with: --hypothesis-seed={config.option.hypothesis_seed}"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave the slow tests out of a quick run."""
    if config.getoption("--full"):
        return
    slow = [item for item in items if item.get_closest_marker("slow")]
    if slow:
        config.hook.pytest_deselected(items=slow)
        items[:] = [item for item in items if item not in slow]


def pytest_runtestloop() -> None:
    """Set aside the tests and what they import: looking through all that would take longer than many a test."""
    gc.collect()
    gc.freeze()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """Collect what the test left; now and then all there is, and leave what survives out of later looks."""
    try:
        return (yield)
    finally:
        gc.disable()  # the program's own collector, if the test had it at work, gave that back to Python
        if hash(item.nodeid) % 25:
            gc.collect(1)
        else:
            gc.collect()
            gc.freeze()


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> None:
    """Turn a coroutine test, also one under ``@given``, into a function that pytest can call."""
    marker = pyfuncitem.get_closest_marker("limit")
    limit = float(marker.args[0]) if marker else DEFAULT_LIMIT
    loop_factory = window_loop if needs_window(pyfuncitem.path) else plain_loop
    given = getattr(pyfuncitem.obj, "hypothesis", None)
    if inspect.iscoroutinefunction(pyfuncitem.obj):
        pyfuncitem.obj = blocking(pyfuncitem.obj, limit, loop_factory)
    elif given and inspect.iscoroutinefunction(given.inner_test):
        given.inner_test = blocking(given.inner_test, limit, loop_factory)


def needs_window(path: Path) -> bool:
    """Tell whether the tests of this file work with widgets."""
    return path.is_relative_to(TESTS) and path.relative_to(TESTS).parts[0] in WINDOW_ROOMS


@pytest.fixture
def promise(request: pytest.FixtureRequest) -> Promise:
    """Return what takes down how a promise held."""
    return ledger_of(request.config).record


@pytest.fixture
def scaled(request: pytest.FixtureRequest) -> Scaled:
    """Return what chooses the number of cases: a few in an ordinary run, all in a full one."""
    is_full = bool(request.config.getoption("--full"))
    return lambda few, all_of_them: all_of_them if is_full else few


@pytest.fixture(scope="session")
def homes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder that holds the home folders of all tests."""
    return tmp_path_factory.mktemp("homes")


@pytest.fixture(autouse=True)
def home(homes: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Give the test a home folder of its own."""
    folder = Path(tempfile.mkdtemp(dir=homes))
    move_home(folder, monkeypatch)
    yield folder
    # What a test made unreadable, or a thread of it still writes, goes with the folder of all.
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(autouse=True)
def _own_policies(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let tests that are not run by root write the administrator's file."""
    if os.name == "posix" and os.geteuid() != 0:
        monkeypatch.setattr("optty_desktop.system.policy_settings.ADMINISTRATORS", {0, os.geteuid()})


@pytest.fixture(autouse=True)
def network(monkeypatch: pytest.MonkeyPatch) -> Iterator[NetworkGuard]:
    """Fail the test when it asked for another computer, even where the code took that for a bad line."""
    guard = NetworkGuard()
    guard.install(monkeypatch)
    yield guard
    assert not guard.refused, f"this test asked for other computers: {guard.refused}"


@pytest.fixture(autouse=True)
def _application(request: pytest.FixtureRequest) -> Iterator[None]:
    """Have one QApplication where there are widgets, which the last window does not end; leave no window behind."""
    if not needs_window(request.path):
        yield
        return
    app = request.getfixturevalue("qapp")
    app.setQuitOnLastWindowClosed(False)
    yield
    _let_go(app)
    _end_windows(app)


def _let_go(app: QApplication) -> None:
    """Release the mouse where a test left it pressed: the pointer of all later tests would be dragging."""
    from PySide6.QtCore import Qt
    from PySide6.QtTest import QTest
    from PySide6.QtWidgets import QWidget

    for button in (Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton):
        if app.mouseButtons() & button:
            QTest.mouseRelease(QWidget(), button)


def _end_windows(app: QApplication) -> None:
    from PySide6.QtCore import QCoreApplication, QEvent

    for window in app.topLevelWidgets():
        window.hide()
        window.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
