"""The real program, started as its command starts it, and watched while it plays a scene. Ends on SIGTERM.

First argument: the scene. The others are those of the command. Scenes: ``start`` tells when the first window was
painted; ``earlier`` also asks the table for earlier days; ``gaps`` tells how long the window did not answer while it
did its work.
"""

import sys
from collections.abc import Callable
from time import monotonic
from typing import Any

from optty_desktop.cli import main
from tests.benchmarks.programs.told import tell

for name in ("click", "pygments", "rich"):
    # Not in the packed program: only checks and the relay bring them, and httpx loads them for a command of its own.
    sys.modules[name] = None  # type: ignore[assignment]


class OnceLoaded:
    """Stands in front of the import system and calls ``then(module)`` as soon as that module has been loaded."""

    def __init__(self, module: str, then: Callable[[Any], None]) -> None:
        self._module, self._then = module, then
        finder: Any = self
        sys.meta_path.insert(0, finder)

    def find_spec(self, name: str, path: Any, target: Any = None) -> Any:
        """Let the others find the module, and look at it once it has run."""
        if name != self._module:
            return None
        import importlib.util

        finder: Any = self
        sys.meta_path.remove(finder)
        spec = importlib.util.find_spec(name)
        assert spec is not None
        loader: Any = spec.loader
        run = loader.exec_module

        def exec_module(module: Any) -> None:
            run(module)
            self._then(module)

        loader.exec_module = exec_module
        return spec


def when_painted(window_class: Any, then: Callable[[], None]) -> None:
    """Call ``then`` once, when a window of this class has handed over its first pixels.

    The new method stays: PySide6 keeps the one it has found first, and would call it after it is gone.
    """
    paint = window_class.paintEvent
    timers: list[Any] = []

    def painted(window: Any, event: Any) -> None:
        # Started before the window can start one of its own: what the program does after its first paint comes later.
        if not timers:
            from PySide6.QtCore import QTimer

            after = QTimer(window)
            after.setSingleShot(True)
            after.timeout.connect(then)
            after.start(0)
            timers.append(after)
        paint(window, event)

    window_class.paintEvent = painted


def play(scene: Callable[[Any], Any]) -> None:
    """Run the scene beside the program: a coroutine function that takes the shop."""

    def watch(module: Any) -> None:
        run = module.Shop.run

        async def run_watched(shop: Any, *arguments: Any, **options: Any) -> Any:
            shop.tasks.start(scene(shop), name="scene")
            return await run(shop, *arguments, **options)

        module.Shop.run = run_watched

    OnceLoaded("optty_desktop.shop", watch)


def on_paint() -> None:
    """Tell, and let the scene begin."""
    tell(painted=monotonic())
    if scene_name == "gaps":
        from tests.benchmarks.programs import scenes

        scenes.watch_gaps()


async def earlier(shop: Any) -> None:
    """Play ``earlier``."""
    from tests.benchmarks.programs import scenes

    await scenes.earlier(shop)


async def gaps(shop: Any) -> None:
    """Play ``gaps``."""
    from tests.benchmarks.programs import scenes

    await scenes.gaps(shop)


if __name__ == "__main__":
    scene_name = sys.argv.pop(1)
    is_training = "--training" in sys.argv
    module, window = ("main_window", "MainWindow") if is_training else ("sign_in_dialog", "SignInDialog")
    OnceLoaded(f"optty_desktop.ui.{module}", lambda loaded: when_painted(getattr(loaded, window), on_paint))
    if scene_name != "start":
        play({"earlier": earlier, "gaps": gaps}[scene_name])
    sys.exit(main(sys.argv[1:]))
