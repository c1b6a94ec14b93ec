"""A policy in the whole program: a wrong one stops it everywhere, and what it forbids is not offered."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtWidgets import QComboBox

from optty_desktop.system.paths import AppPaths
from optty_desktop.ui.theme import Look
from tests.flows.counter import TILL, Counter, write_profile
from tests.flows.hands import is_shown
from tests.flows.hours import Hours
from tests.flows.service import Service


def write_policy(text: str, mode: int = 0o644) -> Path:
    """Put the administrator's file in its place."""
    file = AppPaths.of_this_person().policies[0]
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    file.chmod(mode)
    return file


ONLY_ROOT = pytest.mark.skipif(
    os.name == "posix" and os.geteuid() != 0, reason="a program of its own believes files of root alone"
)


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the program as a shell does."""
    command = [sys.executable, "-m", "optty_desktop", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


COMMANDS = (
    (),
    ("--training",),
    ("import", "collection.json", "--environment", "live"),
    ("export", "record.jsonl", "--environment", "live"),
)


@ONLY_ROOT
@pytest.mark.parametrize("arguments", COMMANDS, ids=" ".join)
def test_a_policy_that_is_not_understood_stops_the_program(arguments: tuple[str, ...]) -> None:
    write_profile(AppPaths.of_this_person(), "http://127.0.0.1:9")
    file = write_policy('environments = ["live"]\n\n[limits]\nlargest = 5000\n')
    said = run(*arguments)
    sentence = 'limits.largest must be a list of amounts, such as ["5000.00 USD"]'
    assert (said.returncode, said.stderr) == (1, f"{file}, line 4: {sentence}\n")


@ONLY_ROOT
def test_the_password_of_a_proxy_waits_for_a_policy_that_is_understood() -> None:
    file = write_policy("x = 1\n")
    said = run("proxy-password")
    assert (said.returncode, said.stderr) == (1, f"Nothing was changed: {file}, line 1: unknown key x.\n")


@ONLY_ROOT
def test_a_policy_that_anybody_may_write_stops_the_program() -> None:
    file = write_policy('environments = ["live"]\n', 0o666)
    said = run()
    assert said.returncode == 1
    assert said.stderr == f"{file} may be written by others than its owner, so it is not believed\n"


@ONLY_ROOT
def test_practice_that_is_not_allowed_does_not_start() -> None:
    file = write_policy('environments = ["live"]\n')
    said = run("--training")
    assert (said.returncode, said.stderr) == (1, f"{file} does not allow training\n")


@ONLY_ROOT
def test_an_import_for_an_environment_that_is_not_allowed_is_refused(tmp_path: Path) -> None:
    write_policy('environments = ["live"]\n')
    said = run("import", str(tmp_path / "collection.json"), "--environment", "sandbox")
    assert (said.returncode, said.stderr) == (2, "There is no such environment; this till knows live.\n")


@ONLY_ROOT
def test_a_report_for_support_names_the_policy_and_never_its_mistakes() -> None:
    file = write_policy('environments = ["live"]\n')
    said = run("diagnose").stdout
    assert f"  File: {file}\n  SHA-256: " in said
    assert "Environment sandbox" not in said
    write_policy('canary = "x"\n')
    said = run("diagnose").stdout
    assert "The file policy.toml is refused" in said
    assert "canary" not in said


async def test_only_what_is_allowed_is_offered_and_limits_hold(look: Look, service: Service, hours: Hours) -> None:
    counter = Counter(look, service, hours, till=TILL)
    write_policy('environments = ["sandbox"]\n[limits]\nlargest = ["500.00 USD"]\n')
    async with counter:
        combo = counter.dialog.findChild(QComboBox, "environmentCombo")
        assert combo is not None
        assert [combo.itemText(row) for row in range(combo.count())] == ["Sandbox"]
        assert not is_shown(counter.dialog, "trainingButton")
        await counter.sign_in()
        currencies = counter.window.findChild(QComboBox, "currencyCombo")
        assert currencies is not None
        assert [currencies.itemText(row) for row in range(currencies.count())] == ["USD"]
        counter.fill("500.01")
        counter.click("createLinkButton")
        assert counter.says("amountError").startswith("One link may ask for USD 500.00 at most")
        assert service.ledger.received() == service.tokens(), "nothing but tokens was asked for"
        await counter.create("500.00")
