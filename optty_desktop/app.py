"""The start of the window: paint first, load what answers it behind the paint, then run the day on it.

The first window needs Qt and a few of its own modules. Everything else, from asyncio to the network, is imported by
a thread while Qt's own loop keeps that window alive; the loop that runs the day takes over when it is there.
"""

import builtins
import gc
import importlib
import sys
import threading
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractEventDispatcher, QEventLoop, QTimer

# WORKAROUND: the hook only serves `from __feature__ import …`, which is not used here. It reads the source of every
# module imported after PySide6, which makes each import slow and large.
builtins.__import__ = getattr(builtins, "__orig_import__", builtins.__import__)

from optty_desktop.core.environments import EnvironmentKind
from optty_desktop.core.errors import ProfileProblem
from optty_desktop.shop_files import ShopFiles, read_shop_files
from optty_desktop.system.logs import catch_what_nobody_caught
from optty_desktop.system.paths import AppPaths, private_folder
from optty_desktop.system.preferences_file import last_environment, read_preferences, theme_choice
from optty_desktop.system.single_instance import SingleInstance
from optty_desktop.ui.application import Application
from optty_desktop.ui.computer_colors import ComputerColors
from optty_desktop.ui.qt_types import make_types
from optty_desktop.ui.theme import Look, dress, qt_arguments
from optty_desktop.ui.worn_theme import theme_of

if TYPE_CHECKING:
    from optty_desktop.ui.entrance import Entrance
    from optty_desktop.ui.shop_front import ShopFront

BEHIND_THE_WINDOW = "optty_desktop.loop"
_TURN_SECONDS = 0.0005
"""How long a thread that works may keep the interpreter from that of the window, which takes it often in one event."""
_PATIENCE_MS = 500
"""How long loading waits for a first paint, which a hidden desktop never asks for."""
_UNSEEN = frozenset({"offscreen", "minimal"})
"""The platforms of Qt that show nothing, and where nobody could close a window."""


def run_window(*, starts_in_training: bool, environment_id: str | None, paths: AppPaths | None = None) -> int:
    """Run the window until it is closed. Returns the exit code; what went wrong is said on standard error."""
    sys.setswitchinterval(_TURN_SECONDS)
    # Nothing of what a start makes is garbage: looking for some takes a tenth of the time.
    gc.disable()
    paths = paths or AppPaths.of_this_person()
    try:
        private_folder(paths.data)
    except OSError as error:
        return _complain(f"The folder {paths.data} cannot be written ({error.strerror}). Free it or ask for help")
    app = Application(qt_arguments(sys.argv[0]))
    app.setApplicationName("optty-desktop")
    app.setApplicationDisplayName("")
    app.setDesktopFileName("optty-desktop")
    app.setQuitOnLastWindowClosed(False)
    instance = SingleInstance(paths.data)
    if not instance.take():
        if instance.call_the_first():
            return 0
        return _complain("Payment Links is running already and does not answer. Close it first")
    preferences = read_preferences(paths.preferences_file)
    look = dress(app, theme_of(theme_choice(preferences), ComputerColors()))
    try:
        return _open(
            app,
            look,
            paths,
            preferences,
            instance,
            starts_in_training=starts_in_training,
            environment_id=environment_id,
        )
    except ProfileProblem as problem:
        reason = str(problem)
    finally:
        instance.release()
    code = _complain(reason)
    _show_problem(app, look, reason)
    return code


def _open(
    app: Application,
    look: Look,
    paths: AppPaths,
    preferences: dict[str, Any],
    instance: SingleInstance,
    *,
    starts_in_training: bool,
    environment_id: str | None,
) -> int:
    files = read_shop_files(paths)
    catch_what_nobody_caught()
    last = last_environment(preferences)
    first = _first_window(look, files, environment_id or last, starts_in_training=starts_in_training)
    _wait_for_paint(app, first)
    make_types()
    _load_behind(app)
    # What a start makes stays: the collector need not stop the window to look at it again.
    gc.freeze()
    gc.enable()
    from optty_desktop.loop import run_day, run_on_qt

    theme = theme_choice(preferences)
    day = run_day(app, look, paths, instance, first, files, theme, environment_id=environment_id)
    return run_on_qt(app, day)


def _first_window(
    look: Look, files: ShopFiles, environment_id: str | None, *, starts_in_training: bool
) -> "Entrance | ShopFront":
    """Each brings modules that the first paint of the other would wait for. Raises ProfileProblem."""
    if starts_in_training:
        if files.policy is not None:
            files.policy.check_training()
        from optty_desktop.ui.shop_front import ShopFront

        kind, settings = EnvironmentKind.TRAINING, files.till
        return ShopFront(look, kind, shop=settings.shop, till=settings.name, operator=settings.operator)
    from optty_desktop.ui.entrance import Entrance

    with_training = files.policy is None or files.policy.allows_training
    return Entrance(look, files.environments, environment_id, with_training=with_training)


def _wait_for_paint(app: Application, first: "Entrance | ShopFront") -> None:
    """A thread that imports would take half of the processor from the paint."""
    patience = QTimer()
    patience.setSingleShot(True)
    patience.start(_PATIENCE_MS)
    while patience.isActive() and not first.is_painted:
        app.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)


def _load_behind(app: Application) -> None:
    """Import everything else in a thread while the window that is there already answers."""
    dispatcher = QAbstractEventDispatcher.instance()
    is_loaded = threading.Event()

    def load() -> None:
        try:
            importlib.import_module(BEHIND_THE_WINDOW)
        finally:
            is_loaded.set()
            dispatcher.wakeUp()

    threading.Thread(target=load, name="load", daemon=True).start()
    while not is_loaded.is_set():
        app.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)


def _show_problem(app: Application, look: Look, sentence: str) -> None:
    """Whoever starts the program by its icon does not see what it says on standard error."""
    if app.platformName() in _UNSEEN:
        return
    from optty_desktop.ui.start_problem import show_until_closed, start_problem_dialog

    dialog = start_problem_dialog(look, sentence)
    app.quit_requested.connect(dialog.reject)
    show_until_closed(app, dialog)


def _complain(sentence: str) -> int:
    sys.stderr.write(f"{sentence}\n")
    return 1
