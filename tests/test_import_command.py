"""``optty-desktop import``: what it prints, asks and writes."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from optty_desktop.api.environments import LIVE, load_environments
from optty_desktop.cli import main
from optty_desktop.core.environments import Environment, RouteTemplate
from optty_desktop.system.paths import AppPaths
from tests.api.postman import back, collection, create, environment, form, raw, token, usual, variables, written

ROOT = Path(__file__).parents[1]
SECRET = "s3cret-canary"
LIMIT = 20.0

Say = Callable[[str], None]


class Terminal(io.StringIO):
    """A person who types the prepared lines."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def say(monkeypatch: pytest.MonkeyPatch) -> Say:
    """Return what puts a person with prepared answers at the terminal."""
    return lambda lines: monkeypatch.setattr("sys.stdin", Terminal(lines))


@pytest.fixture
def nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let nobody be at the terminal."""
    monkeypatch.setattr("sys.stdin", io.StringIO("y\n"))


@pytest.fixture
def file() -> Path:
    """Return where the environments of this person are kept."""
    return AppPaths.of_this_person().environments_file


def with_secret() -> dict[str, Any]:
    return usual(variable=variables(client_id="merchant-canary", client_secret=SECRET))


def run(files: Sequence[Path], *more: str, into: str = "sandbox") -> int:
    return main(["import", *map(str, files), "--environment", into, *more])


def profile(file: Path, environment_id: str) -> Environment:
    return next(one for one in load_environments(file) if one.id == environment_id)


def test_a_person_sees_the_difference_and_agrees(
    tmp_path: Path, file: Path, say: Say, capsys: pytest.CaptureFixture[str]
) -> None:
    say("y\n")
    assert run(written(tmp_path, with_secret())) == 0
    told = capsys.readouterr().out
    assert (
        'found    cancel or refund: "Refund / Cancel Link", PUT https://api.qa.optty.com/back/{invoiceNumber}' in told
    )
    assert "change   cancel or refund: PUT /back/{invoiceNumber} (was unknown)" in told
    assert "the sign-in asks for client id and secret" in told
    assert "Change Sandbox? [y/N]" in told
    assert profile(file, "sandbox").cancel_or_refund == RouteTemplate("PUT", "/back/{invoiceNumber}")
    assert profile(file, "live") == LIVE
    assert SECRET not in told + file.read_text()
    assert "merchant-canary" not in told + file.read_text()
    if os.name == "posix":
        assert (file.stat().st_mode & 0o777, file.parent.stat().st_mode & 0o777) == (0o600, 0o700)


@pytest.mark.parametrize("answer", ["n\n", "\n", "", "yess\n", "Ye\n"])
def test_anything_but_yes_changes_nothing(
    tmp_path: Path, file: Path, say: Say, capsys: pytest.CaptureFixture[str], answer: str
) -> None:
    say(answer)
    assert run(written(tmp_path, usual())) == 1
    assert capsys.readouterr().err == "Nothing was changed.\n"
    assert not file.exists()


def test_a_person_may_break_off(
    tmp_path: Path, file: Path, say: Say, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def break_off(_question: str) -> str:
        raise KeyboardInterrupt

    say("")
    monkeypatch.setattr("builtins.input", break_off)
    assert run(written(tmp_path, usual())) == 1
    assert capsys.readouterr().err == "Nothing was changed.\n"
    assert not file.exists()


@pytest.mark.usefixtures("nobody")
def test_without_a_terminal_it_takes_a_word(tmp_path: Path, file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = written(tmp_path, usual())
    assert run(files) == 1
    assert capsys.readouterr().err == "Nothing was changed: there is nobody to ask here, so add --yes to agree.\n"
    assert not file.exists()
    assert run(files, "--yes") == 0
    assert file.exists()
    content = file.read_bytes()
    assert run(files) == 0
    assert "works this way already" in capsys.readouterr().out
    assert file.read_bytes() == content


def test_everything_that_differs_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    odd = collection(
        token("{{auth}}/token?z=1", "GET", body=form(scope="x", grant_type="y")),
        create("https://api.eu.qa.optty.com/custom/hpp", body=raw('{"channel": 1}'), auth={"type": "noauth"}),
        event=[{"listen": "test"}],
    )
    assert run(written(tmp_path, odd), "--yes") == 0
    told = capsys.readouterr().out
    for line in (
        "missing  cancel or refund: not in this export, stays as it is.",
        "open     {{auth}} has no value; the address it stands in stays as it is.",
        "differs  token: uses GET instead of POST.",
        "differs  token: has z in its address, which this program does not send.",
        "differs  token: asks for the scope x instead of merchant.",
        "differs  token: asks with the grant type y instead of client_credentials.",
        "differs  create link: goes to api.eu.qa.optty.com instead of api.qa.optty.com.",
        "differs  create link: has the field channel, which this program does not send.",
        "differs  create link: lacks the field price, which this program sends.",
        "differs  create link: signs with noauth; this program sends a bearer token.",
        "scripts  were not run.",
        "change   API address: https://api.eu.qa.optty.com (was https://api.qa.optty.com)",
    ):
        assert f"  {line}\n" in told


def test_a_live_route_comes_with_a_word_of_caution(
    tmp_path: Path, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    live = collection(
        create("https://api.optty.com/custom/hpp"), back("{{base}}/back/{{invoiceNumber}}", header=variables(X="1"))
    )
    files = written(tmp_path, environment(base="https://api.optty.com"), live)
    assert run(files, "--yes", into="live") == 0
    told = capsys.readouterr().out
    assert "This route moves real money. Try it in Sandbox first." in told
    assert "cancel or refund: has the header X" in told
    route = profile(file, "live").cancel_or_refund
    assert route is not None
    assert not route.tried


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["import", "a.json"], "--environment"),
        (["import", "--environment", "sandbox"], "FILE"),
        (["import", "a", "b", "c", "--environment", "sandbox"], "at most one environment"),
    ],
)
def test_wrong_arguments(arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    assert said in capsys.readouterr().err


def test_an_environment_that_nobody_knows(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(written(tmp_path, usual()), into="sandbocks") == 2
    assert capsys.readouterr().err == "There is no such environment; this till knows sandbox, live.\n"


@pytest.mark.parametrize(
    ("document", "said"),
    [
        (usual(), "export-1.json cannot be used: it is made for Sandbox, not for Live."),
        ("{}", "export-1.json holds neither a Postman collection nor a Postman environment."),
        ("[", "export-1.json cannot be read as an export of Postman: not JSON."),
        (
            collection(back(), back("x/{{invoiceNumber}}")),
            "export-1.json cannot be used: requests 1 and 2 could",
        ),
    ],
)
def test_what_cannot_be_used_is_one_sentence(
    tmp_path: Path, file: Path, capsys: pytest.CaptureFixture[str], document: Any, said: str
) -> None:
    assert run(written(tmp_path, document), "--yes", into="live") == 1
    err = capsys.readouterr().err
    assert err.startswith(said)
    assert err.count("\n") == 1
    assert not file.exists()


def test_a_broken_file_of_environments_is_left_alone(
    tmp_path: Path, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file.parent.mkdir(parents=True)
    file.write_text("[[environment]\n")
    assert run(written(tmp_path, usual()), "--yes") == 1
    assert capsys.readouterr().err.startswith("environments.toml: not TOML")
    assert file.read_text() == "[[environment]\n"


def test_a_folder_that_cannot_be_made_is_one_sentence(
    tmp_path: Path, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file.parent.parent.mkdir(parents=True, exist_ok=True)
    file.parent.write_text("in the way")
    assert run(written(tmp_path, usual()), "--yes") == 1
    assert capsys.readouterr().err.count("\n") == 1


def test_it_needs_no_window_no_keychain_and_no_wide_terminal(tmp_path: Path) -> None:
    program = (
        "import sys; from optty_desktop.cli import main; code = main(sys.argv[1:]);"
        "print([name for name in ('PySide6', 'keyring', 'httpx') if name in sys.modules]); raise SystemExit(code)"
    )
    wide = collection(create(), back(name="Refund \N{SNOWMAN}"))
    files = [str(path) for path in written(tmp_path, wide)]
    finished = subprocess.run(
        [sys.executable, "-c", program, "import", *files, "--environment", "sandbox", "--yes"],
        cwd=ROOT,
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
        capture_output=True,
        text=True,
        timeout=LIMIT,
        check=False,
    )
    assert finished.returncode == 0, finished.stderr
    assert finished.stdout.splitlines()[-1] == "[]"
    assert "Refund \\u2603" in finished.stdout
