"""kill -9 at every named point of creating and of paying back, with real processes, a real record and real HTTP."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from optty_desktop.training.server import TrainingServer
from optty_desktop.training.switches import Automation, Switches
from tests.faults.crash.points import CREATE_POINTS, MONEY_POINTS
from tests.promises import Promise, Scaled
from tests.source_tree import ROOT

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="the driver forks")

Driver = subprocess.Popen[str]

LEFT = ("sent", "headers in", "body in", "answer in", "stored", "settled", "shown")
"""Points after which the service has the whole call."""


@dataclass
class Service:
    """A training server whose customers decide at once, and the driver of its tills."""

    server: TrainingServer
    driver: Driver

    def run(self, folder: Path, job: str, step: str, point: str = "") -> tuple[int, dict[str, object]]:
        """Run one process of the till; return its exit code and what it said."""
        server, stdin, stdout = self.server, self.driver.stdin, self.driver.stdout
        assert stdin is not None
        assert stdout is not None
        order = {"folder": str(folder), "url": server.url, "id": server.client_id, "secret": server.client_secret}
        stdin.write(json.dumps({**order, "job": job, "step": step, "point": point}) + "\n")
        stdin.flush()
        told: dict[str, object] = {}
        while line := stdout.readline():
            value = json.loads(line)
            if "ended" in value:
                return value["ended"], told
            told = value
        raise AssertionError("the driver has gone")

    def wait_until_idle(self, calls: int) -> None:
        """The service has answered ``calls`` calls, whoever still listened."""
        end = time.monotonic() + 5
        while time.monotonic() < end:
            received = [one for one in self.server.ledger.received() if is_change(one.path)]
            if len(received) >= calls and all(one.outcome for one in received):
                return
            time.sleep(0.002)
        raise AssertionError("the service never saw the call")

    def changes(self) -> int:
        """How many calls that change something have arrived."""
        return sum(is_change(one.path) for one in self.server.ledger.received())


def is_change(path: str) -> bool:
    return path.endswith(("/custom/hpp", "/cancel-or-refund", "/refund"))


@contextmanager
def tills() -> Iterator[Driver]:
    """Start the driver and end it."""
    command = [sys.executable, "-m", "tests.faults.crash.driver"]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as driver:
        assert driver.stdout is not None
        assert json.loads(driver.stdout.readline()) == "ready"
        yield driver
        assert driver.stdin is not None
        driver.stdin.close()


@pytest.fixture(scope="module")
def driver() -> Iterator[Driver]:
    """Return the driver of all tests here."""
    with tills() as running:
        yield running


@contextmanager
def serving(driver: Driver) -> Iterator[Service]:
    """Run a service that pays back as often as it is asked."""
    automation = Automation(timedelta(0), timedelta(0))
    switches = Switches(is_double_refund_protected=False)
    with TrainingServer(automation=automation, switches=switches) as server:
        yield Service(server, driver)


def crash(service: Service, folder: Path, job: str, point: str, after: str = "settle") -> list[str]:
    """Die at the point, come back, settle; return what is wrong then."""
    before, changes = service.server.ledger.links(), service.changes()
    code, _ = service.run(folder, job, "live", point)
    if code != -signal.SIGKILL:
        return [f"{point}: the process was not killed but ended with {code}"]
    if point in LEFT:
        service.wait_until_idle(changes + (1 if job == "create" else 2))
    code, told = service.run(folder, job, after)
    if code != 0:
        return [f"{point}: the till did not come back, {code}"]
    return [f"{job}, {point}: {problem}" for problem in problems(service, len(before), told, job)]


def problems(service: Service, before: int, told: Mapping[str, object], job: str) -> Iterator[str]:
    """Yield what the ledger and the record do not agree on."""
    links = service.server.ledger.links()[before:]
    rows, operations = told["rows"], told["operations"]
    assert isinstance(rows, dict)
    assert isinstance(operations, list)
    if len(links) > 1:
        yield f"{len(links)} links"
    for link in links:
        if link.invoice_number not in rows:
            yield "a link the till does not know"
        elif link.balance.minor < 0:
            yield "paid back twice"
    if told["silent"]:
        yield "an operation without an answer that nobody is told of"
    if job != "create" and not any(kind != "create" for kind, _, _ in operations):
        yield "a lost operation"
    if job == "refund" and set(rows.values()) != {"refunded"}:
        yield f"not paid back in the end: {rows}"


def run_all(driver: Driver, folder: Path, job: str, points: tuple[str, ...], times: int) -> tuple[list[str], float]:
    """Crash at each point as often as asked; return what went wrong and the longest run in seconds."""
    wrong, worst = [], 0.0
    for count in range(times):
        with serving(driver) as service:
            for point in points:
                begun = time.monotonic()
                wrong += crash(service, folder / f"{job}-{count}-{point.replace(' ', '-')}", job, point)
                worst = max(worst, time.monotonic() - begun)
    return wrong, worst


@pytest.mark.limit(600)
def test_L1_L2_a_killed_create_makes_one_link_that_the_till_knows(
    driver: Driver, tmp_path: Path, promise: Promise, scaled: Scaled
) -> None:
    times = scaled(1, 20)
    wrong, worst = run_all(driver, tmp_path, "create", CREATE_POINTS, times)
    for name in ("L1", "L2"):
        promise(name, times * len(CREATE_POINTS), wrong, worst)


@pytest.mark.limit(900)
def test_R2_a_killed_refund_pays_back_once(driver: Driver, tmp_path: Path, promise: Promise, scaled: Scaled) -> None:
    times = scaled(1, 20)
    wrong, worst = run_all(driver, tmp_path, "refund", MONEY_POINTS, times)
    promise("R2", times * len(MONEY_POINTS), wrong, worst)


@pytest.mark.slow
def test_R2_a_killed_cancel_cancels_or_needs_check(driver: Driver, tmp_path: Path, promise: Promise) -> None:
    wrong, worst = run_all(driver, tmp_path, "cancel", MONEY_POINTS, 10)
    promise("R2", 10 * len(MONEY_POINTS), wrong, worst)


def test_the_crashes_see_a_till_that_sends_again(driver: Driver, tmp_path: Path) -> None:
    with serving(driver) as service:
        assert crash(service, tmp_path, "refund", "stored", after="send again") == []
        seen = crash(service, tmp_path / "again", "refund", "answer in", after="send again")
    assert any("paid back twice" in problem for problem in seen)
