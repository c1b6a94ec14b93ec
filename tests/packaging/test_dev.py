"""The parts of packaging/dev.py that decide; the rest of it is carried out by every run of the suite."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from pathlib import Path

import dev
import processes
import pytest
import system_packages

from tests.source_tree import ROOT

LOCK_NAMES = ("requirements.txt", "requirements-dev.txt", "requirements-bundle.txt")
PIN = re.compile(r"^([a-z0-9][a-z0-9-]*)==(\S+?)(?: ; (.+?))? \\$", re.MULTILINE)

LOADER_CACHE = """\
3 libs found in cache `/etc/ld.so.cache'
\tlibxcb.so.1 (libc6,x86-64) => /lib/x86_64-linux-gnu/libxcb.so.1
\tlibEGL.so.1 (libc6,x86-64) => /lib/x86_64-linux-gnu/libEGL.so.1
\tlibGL.so.1 (libc6) => /lib/i386-linux-gnu/libGL.so.1
"""


@pytest.mark.parametrize(
    ("environment", "platform", "expected"),
    [
        ({}, "linux", False),
        ({"DISPLAY": ""}, "linux", False),
        ({"DISPLAY": ":0"}, "linux", True),
        ({"WAYLAND_DISPLAY": "wayland-0"}, "linux", True),
        ({}, "win32", True),
        ({}, "darwin", True),
    ],
)
def test_a_window_is_shown_where_there_is_a_screen(environment: dict[str, str], platform: str, expected: bool) -> None:
    assert dev.has_display(environment, platform) is expected


def test_only_libraries_that_the_loader_lacks_are_missing() -> None:
    needed = {"libEGL.so.1": "libegl1", "libxcb.so.1": "libxcb1", "libxcb-icccm.so.4": "libxcb-icccm4"}
    assert system_packages.missing_packages(needed, LOADER_CACHE) == ["libxcb-icccm4"]


def test_a_library_for_another_processor_does_not_count() -> None:
    assert system_packages.missing_packages({"libGL.so.1": "libgl1"}, LOADER_CACHE, "x86-64") == ["libgl1"]


def test_x11_libraries_are_needed_on_x11_only() -> None:
    assert "libxcb-cursor.so.0" not in system_packages.needed_libraries({})
    assert "libxcb-cursor.so.0" in system_packages.needed_libraries({"DISPLAY": ":0"})
    assert "libwayland-client.so.0" in system_packages.needed_libraries({"WAYLAND_DISPLAY": "wayland-0"})


def test_an_installation_for_work_is_enough_to_run() -> None:
    wanted = {"run": "r1", "work": "w1"}
    assert dev.is_installed("run", {"work": "w1"}, wanted)
    assert dev.is_installed("run", {"run": "r1"}, wanted)
    assert not dev.is_installed("work", {"run": "r1"}, wanted)


def test_a_changed_lock_or_another_python_is_installed_anew() -> None:
    before = dev.fingerprint(b"httpx==1", "3.11.7")
    assert dev.fingerprint(b"httpx==1", "3.11.7") == before
    assert dev.fingerprint(b"httpx==2", "3.11.7") != before
    assert dev.fingerprint(b"httpx==1", "3.13.0") != before


@pytest.mark.parametrize("content", ["", "{", "[]", "null"])
def test_a_broken_stamp_counts_as_none(content: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stamp = tmp_path / "installed.json"
    stamp.write_text(content, encoding="utf-8")
    monkeypatch.setattr(dev, "STAMP", stamp)
    assert dev.read_stamp() == {}


def test_children_are_not_slowed_down() -> None:
    environment = {"PYTHONDONTWRITEBYTECODE": "1", "PYTHONUNBUFFERED": "1", "LANG": "de"}
    assert processes.child_environment(environment, QT_QPA_PLATFORM="offscreen") == {
        "LANG": "de",
        "QT_QPA_PLATFORM": "offscreen",
    }


def test_the_lock_asks_the_index_that_pip_asks() -> None:
    settings = "global.index-url='https://index.example/simple'\nglobal.extra-index-url='https://other.example'\n:env:.cert='/c.pem'\n"
    environment = dev.lock_environment(settings, {"LANG": "de"})
    assert environment == {
        "LANG": "de",
        "UV_DEFAULT_INDEX": "https://index.example/simple",
        "SSL_CERT_FILE": "/c.pem",
    }


def test_own_settings_of_the_lock_tool_win() -> None:
    settings = "global.index-url='https://index.example/simple'"
    own = {"UV_DEFAULT_INDEX": "https://mine.example/simple"}
    assert dev.lock_environment(settings, own) == own


@pytest.mark.parametrize("arguments", [[], ["fly"], ["check", "--fast"], ["lock", "httpx"], ["bundle", "--fast"]])
def test_wrong_arguments_end_with_two(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        dev.main(arguments)
    assert ended.value.code == 2
    assert "usage: dev.py" in capsys.readouterr().err


def test_arguments_for_pytest_arrive_in_their_order() -> None:
    parsed, extra = dev.parse(["test", "--full", "-k", "money", "tests/core", "-x"])
    assert parsed.full
    assert extra == ["-k", "money", "tests/core", "-x"]


@pytest.mark.parametrize(("pytest_code", "own_code"), [(0, 0), (1, 1), (5, 1)])
def test_a_run_without_tests_is_a_failure(pytest_code: int, own_code: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dev, "ensure_all", lambda _purpose: Path("python"))
    monkeypatch.setattr(dev, "call", lambda _command, _environment: pytest_code)
    assert dev.main(["test"]) == own_code


def test_without_a_screen_the_app_shows_itself_in_pictures(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    calls: list[tuple[list[str], dict[str, str]]] = []

    def note(command: Sequence[str | Path], environment: dict[str, str]) -> int:
        calls.append(([str(part) for part in command], environment))
        return 0

    monkeypatch.setattr(dev, "ensure_all", lambda _purpose: Path("python"))
    monkeypatch.setattr(dev, "has_display", lambda _environment, _platform: False)
    monkeypatch.setattr(dev, "call", note)
    assert dev.main(["run"]) == 0
    (command, environment), *more = calls
    assert command == [
        "python",
        "-m",
        "optty_desktop",
        "self-test",
        "--output",
        str(ROOT / "build" / "screenshots"),
    ]
    assert environment["QT_QPA_PLATFORM"] == "offscreen"
    assert not more
    assert "build/screenshots" in capsys.readouterr().out


def test_one_failed_check_does_not_hide_the_others(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(dev, "ensure_all", lambda _purpose: Path("python"))
    monkeypatch.setattr(dev, "call", lambda command, _environment: int("format" in command))
    assert dev.main(["check"]) == 1
    printed = capsys.readouterr()
    assert "== import floors" in printed.out
    assert printed.err == "These checks object: ruff format.\n"


def test_without_rights_the_one_command_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", lambda _name: "/usr/bin/apt-get")
    monkeypatch.setattr(system_packages, "is_root", lambda: False)
    monkeypatch.setattr(system_packages, "may_sudo", lambda: False)
    with pytest.raises(processes.Stop, match="sudo apt-get install -y --no-install-recommends libegl1 libgl1"):
        system_packages.install_system_packages(["libegl1", "libgl1"])


@pytest.mark.parametrize("name", LOCK_NAMES)
def test_the_lock_holds_versions_and_hashes_only(name: str) -> None:
    text = (ROOT / "packaging" / name).read_text(encoding="utf-8")
    odd = [
        line for line in text.splitlines() if not PIN.match(line) and not re.match(r" {4}--hash=sha256:\w{64}", line)
    ]
    assert not odd


@pytest.mark.parametrize("name", LOCK_NAMES)
def test_the_lock_never_pairs_python_311_with_a_qt_made_for_312(name: str) -> None:
    text = (ROOT / "packaging" / name).read_text(encoding="utf-8")
    chosen = {marker: version for package, version, marker in PIN.findall(text) if package == "pyside6-essentials"}
    assert set(chosen) == {"python_full_version < '3.12'", "python_full_version >= '3.12'"}
    assert chosen["python_full_version < '3.12'"].startswith("6.11.")


def test_the_locks_name_what_the_project_asks_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    texts = [(ROOT / "packaging" / name).read_text(encoding="utf-8") for name in LOCK_NAMES]
    run, work, build = ({(package, version) for package, version, _marker in PIN.findall(text)} for text in texts)
    assert {plain_name(asked) for asked in project["project"]["dependencies"]} <= names(run)
    assert {plain_name(asked) for asked in project["dependency-groups"]["dev"]} <= names(work)
    assert {plain_name(asked) for asked in project["dependency-groups"]["bundle"]} <= names(build)
    assert run <= work
    assert run <= build, "what is handed on has the versions that were tested"


def names(pins: set[tuple[str, str]]) -> set[str]:
    """Return the packages of some pins."""
    return {package for package, _version in pins}


def plain_name(requirement: str) -> str:
    """Return the normalised name of a requirement such as ``zxing-cpp>=3.0``."""
    found = re.match(r"[\w-]+", requirement)
    assert found
    return found.group().lower()


@pytest.mark.parametrize(("cores", "workers"), [(1, "2"), (2, "3"), (4, "6"), (64, "6")])
def test_the_quick_suite_uses_the_cores_there_are(cores: int, workers: str) -> None:
    assert dev.on_all_cores(cores) == ["-n", workers, "--dist", "worksteal"]
