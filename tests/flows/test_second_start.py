"""Starting the program where it runs already, and where a file of the shop cannot be used."""

from __future__ import annotations

import asyncio
import subprocess
import sys

import pytest
from PySide6.QtCore import Qt

from optty_desktop.system.paths import AppPaths
from optty_desktop.system.single_instance import SingleInstance
from tests.flows.counter import TILL, Counter, write_profile
from tests.waiting import until


def start() -> subprocess.CompletedProcess[str]:
    """Start the program once more, as the same person, and wait for its end."""
    command = [sys.executable, "-m", "optty_desktop"]
    return subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)


async def test_a_second_start_brings_the_first_window_to_the_front(counter: Counter) -> None:
    async with counter:
        await counter.sign_in()
        counter.window.showMinimized()
        second = await asyncio.to_thread(start)
        assert (second.returncode, second.stderr) == (0, "")
        await until(lambda: not counter.window.windowState() & Qt.WindowState.WindowMinimized)
        assert counter.window.isVisible()


@pytest.mark.slow
def test_a_first_window_that_does_not_answer_is_said() -> None:
    paths = AppPaths.of_this_person()
    paths.data.mkdir(parents=True, mode=0o700)
    first = SingleInstance(paths.data)
    assert first.take()
    second = start()
    first.release()
    assert second.returncode == 1
    assert second.stderr == "Payment Links is running already and does not answer. Close it first\n"


@pytest.mark.parametrize(
    ("name", "text", "sentence"),
    [
        (
            "environments.toml",
            '[[environment]]\nid = "corner"\nname = "Corner"\n',
            "environments.toml, environment 1 (line 1): kind is missing",
        ),
        ("till.toml", TILL + "colour = 1\n", "till.toml: unknown key colour"),
        (
            "network.toml",
            'extra_ca = "shop-ca.pem"\n',
            "network.toml: extra_ca: shop-ca.pem cannot be read (No such file or directory)",
        ),
    ],
    ids=["environments", "till", "network"],
)
def test_a_file_of_the_shop_that_cannot_be_used_is_named(name: str, text: str, sentence: str) -> None:
    paths = AppPaths.of_this_person()
    write_profile(paths, "http://127.0.0.1:9")
    (paths.config / name).write_text(text, encoding="utf-8")
    run = start()
    assert (run.returncode, run.stderr) == (1, f"{sentence}\n")
