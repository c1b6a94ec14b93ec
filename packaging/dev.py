#!/usr/bin/env python3
"""One door to the project: run it, test it, check it, measure it, lock its libraries, bundle and announce it.

Works with any Python from 3.11 on and nothing installed. The first command makes ``.venv`` with the
interpreter that runs this file and installs exactly what the lock files name; later commands find that done
and start at once.

Exit codes: 0 fine, 1 something failed (said in one sentence), 2 wrong arguments.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import re
import shutil
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

OLDEST_PYTHON = (3, 11)
if sys.version_info < OLDEST_PYTHON:
    sys.exit("This needs Python 3.11 or newer; you are running " + sys.version.split()[0] + ".")

from processes import ROOT, Command, Stop, call, child_environment, must, output_of
from releases import make_releases, measure_first_paint
from system_packages import ensure_libraries
from trial import try_out
from venvs import PIP_INSTALL, install_lock, make_venv, python_of, script_of

VENV = ROOT / ".venv"
STAMP = VENV / "installed.json"
PICTURES = ROOT / "build" / "screenshots"
LOCKS = {
    "run": ROOT / "packaging" / "requirements.txt",
    "work": ROOT / "packaging" / "requirements-dev.txt",
    "build": ROOT / "packaging" / "requirements-bundle.txt",
}
"""What each purpose needs. The locks for work and for building hold everything that the lock for running holds."""

LOCK_TOOL = "uv>=0.9,<1"

# ---- what is needed


def has_display(environment: Mapping[str, str], system: str) -> bool:
    """Tell whether a window can be seen here, on ``system`` as ``sys.platform`` names it."""
    if not system.startswith("linux"):
        return True
    return bool(environment.get("DISPLAY") or environment.get("WAYLAND_DISPLAY"))


def fingerprint(lock: bytes, python: str) -> str:
    """Return what must be unchanged for an installation to be still the right one."""
    return hashlib.sha256(lock + python.encode()).hexdigest()


def is_installed(purpose: str, stamp: Mapping[str, str], wanted: Mapping[str, str]) -> bool:
    """Tell whether the stamp names this purpose's lock; what is installed for work is enough to run."""
    fitting = (purpose, "work") if purpose == "run" else (purpose,)
    return any(stamp.get(name) == wanted[name] for name in fitting)


def lock_environment(pip_settings: str, environment: Mapping[str, str]) -> dict[str, str]:
    """Return ``environment`` with pip's settings for the package index (``pip config list``) in uv's words.

    Additional indexes and folders are left out: they may hold wheels of one platform only, and the lock is
    for all of them.
    """
    settings = dict(re.findall(r"^(?:[\w:]+)\.([\w.-]+)='(.*)'$", pip_settings, flags=re.MULTILINE))
    names = {"index-url": "UV_DEFAULT_INDEX", "cert": "SSL_CERT_FILE"}
    translated = {names[key]: value for key, value in settings.items() if key in names}
    return translated | dict(environment)


# ---- making it so


def ensure_venv(purpose: str) -> Path:
    """Have ``.venv`` with exactly what the lock for ``purpose`` names; return its interpreter."""
    python = python_of(VENV)
    wanted = {name: fingerprint(lock.read_bytes(), sys.version) for name, lock in LOCKS.items()}
    stamp = read_stamp() if python.exists() else {}
    if is_installed(purpose, stamp, wanted):
        return python
    print("Installing the locked libraries into .venv (once, and again when the lock changes) …", flush=True)
    STAMP.unlink(missing_ok=True)  # half an installation must not look like a whole one
    if not any(is_installed(name, stamp, wanted) for name in LOCKS):
        make_venv(VENV)
    install_lock(python, LOCKS[purpose])
    STAMP.write_text(json.dumps({purpose: wanted[purpose]}), encoding="utf-8")
    return python


def read_stamp() -> dict[str, str]:
    """Return what the last complete installation wrote, or nothing."""
    try:
        content = json.loads(STAMP.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}


def ensure_all(purpose: str) -> Path:
    """Have system libraries and ``.venv``; return the interpreter to work with."""
    ensure_libraries()
    return ensure_venv(purpose)


# ---- the commands


def run(extra: list[str], _full: bool) -> int:
    """Start the app in training; without a display, drive it through its main job and keep the pictures."""
    python = ensure_all("run")
    if has_display(os.environ, sys.platform):
        return call([python, "-m", "optty_desktop", "--training", *extra], child_environment(os.environ))
    print("There is no display here, so the app drives itself through its main job off screen.", flush=True)
    off_screen = child_environment(os.environ, QT_QPA_PLATFORM="offscreen")
    code = call([python, "-m", "optty_desktop", "self-test", "--output", PICTURES, *extra], off_screen)
    print(f"Its screens are in {PICTURES}")
    return code


def test(extra: list[str], full: bool) -> int:
    """Run the test suite; a run without a single test is a failure."""
    python = ensure_all("work")
    arguments = [*(["--full"] if full else on_all_cores(os.cpu_count() or 1)), *extra]
    off_screen = child_environment(os.environ, QT_QPA_PLATFORM="offscreen")
    code = call([python, "-m", "pytest", *arguments], off_screen)
    if code == NO_TESTS:
        print("No test ran.", file=sys.stderr)
        return 1
    return code


def on_all_cores(cores: int) -> list[str]:
    """Return what makes pytest use every core to the end of a run. The full run counts its cases in one process.

    Half as many workers again as there are cores, since a third of a test's time is waiting: for a server, for a
    process, for the pause of a till. Whoever has nothing left takes over what others have not begun.
    """
    return ["-n", str(min(cores + (cores + 1) // 2, MOST_WORKERS)), "--dist", "worksteal"]


MOST_WORKERS = 6
NO_TESTS = 5
"""pytest's exit code when it found nothing to run."""


def check(_extra: list[str], _full: bool) -> int:
    """Run every static check, all of them even when one objects."""
    python = ensure_all("work")
    checks: dict[str, Command] = {
        "ruff check": [python, "-m", "ruff", "check"],
        "ruff format": [python, "-m", "ruff", "format", "--check"],
        "mypy": [python, "-m", "mypy", "--strict"],
        "import floors": [script_of(VENV, "lint-imports"), "--no-logo"],
    }
    failed = []
    for name, command in checks.items():
        print(f"== {name}", flush=True)
        if call(command, child_environment(os.environ)):
            failed.append(name)
    if failed:
        raise Stop(f"These checks object: {', '.join(failed)}.")
    print("All checks passed.")
    return 0


def bench(extra: list[str], _full: bool) -> int:
    """Measure the app against floors measured in the same run."""
    python = ensure_all("work")
    off_screen = child_environment(os.environ, QT_QPA_PLATFORM=os.environ.get("QT_QPA_PLATFORM", "offscreen"))
    return call([python, "-m", "tests.benchmarks", *extra], off_screen)


def bundle(_extra: list[str], check: bool) -> int:
    """Make the standalone programs for this system in dist/, with their packages; print sizes and first paint."""
    work = ensure_all("work")
    desktop, relay = make_releases(LOCKS["build"])
    measure_first_paint(work)
    return try_out(desktop, relay) if check else 0


def sign_manifest(extra: list[str], _full: bool) -> int:
    """Announce a version to tills: make and sign the file that they look for."""
    python = ensure_venv("run")
    return call([python, ROOT / "packaging" / "sign_manifest.py", *extra], child_environment(os.environ))


def lock(_extra: list[str], _full: bool) -> int:
    """Choose the newest fitting libraries and write down their hashes, for all systems and Pythons."""
    tool = shutil.which("uv") or str(install_lock_tool())
    environment = lock_environment(
        output_of([sys.executable, "-m", "pip", "config", "list"]), child_environment(os.environ)
    )
    plain = ["--no-header", "--no-annotate", "--no-emit-index-url", "--no-emit-find-links", "--quiet"]
    exact = [
        "--universal",
        "--python-version",
        "3.11",
        "--generate-hashes",
        "--only-binary",
        ":all:",
        "--upgrade",
    ]
    common = [tool, "pip", "compile", "pyproject.toml", *plain, *exact]
    sentence = "The libraries could not be resolved; the lock is as it was."
    must([*common, "-o", LOCKS["run"]], environment, sentence)
    for purpose, group in (("work", "dev"), ("build", "bundle")):
        must(
            [*common, "--extra", "cluster", "--group", group, "-c", LOCKS["run"], "-o", LOCKS[purpose]],
            environment,
            sentence,
        )
    print("Wrote " + " and ".join(path.relative_to(ROOT).as_posix() for path in LOCKS.values()))
    return 0


def install_lock_tool() -> Path:
    """Install uv into a folder of its own below ``build``; return the program."""
    tools = ROOT / "build" / "lock-tool"
    if not script_of(tools, "uv").exists():
        make_venv(tools)
        install: Command = [python_of(tools), *PIP_INSTALL, LOCK_TOOL]
        must(install, child_environment(os.environ), "The lock tool could not be installed.")
    return script_of(tools, "uv")


COMMANDS: dict[str, Callable[[list[str], bool], int]] = {
    "run": run,
    "test": test,
    "check": check,
    "bench": bench,
    "lock": lock,
    "bundle": bundle,
    "sign-manifest": sign_manifest,
}

SWITCHES = {
    "test": ("--full", "with the slow tests"),
    "bundle": ("--check", "and run it where there is neither Python nor Qt"),
}
"""The commands that can do more than usual, and how they are asked."""

TAKES_MORE = ("run", "test", "bench", "sign-manifest")
"""Commands that hand further arguments on to what they start."""


def parse(arguments: Sequence[str] | None) -> tuple[argparse.Namespace, list[str]]:
    """Return the command and what is meant for the program it starts; exits with 2 on wrong arguments."""
    parser = argparse.ArgumentParser(prog="dev.py", description=summary(__doc__), allow_abbrev=False)
    commands = parser.add_subparsers(dest="command", required=True, metavar="command")
    for name, command in COMMANDS.items():
        one = commands.add_parser(
            name, help=summary(command.__doc__), description=summary(command.__doc__), allow_abbrev=False
        )
        one.set_defaults(full=False)
        if name in SWITCHES:
            switch, words = SWITCHES[name]
            one.add_argument(switch, dest="full", action="store_true", help=words)
    parsed, extra = parser.parse_known_args(arguments)
    if extra and parsed.command not in TAKES_MORE:
        parser.error(f"{parsed.command} takes no further arguments: {' '.join(extra)}")
    return parsed, extra


def summary(docstring: str | None) -> str:
    """Return the first line of a docstring."""
    return (docstring or "").strip().partition("\n")[0]


def main(arguments: Iterable[str] | None = None) -> int:
    """Carry out one command; return the exit code."""
    parsed, extra = parse(None if arguments is None else list(arguments))
    try:
        return COMMANDS[parsed.command](extra, parsed.full)
    except Stop as stop:
        print(stop, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
