"""Promise Y11: the secret of an address is never written down, and how long a wrong one takes tells nothing of it."""

from __future__ import annotations

import io
import json
import statistics
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from optty_desktop.relay import event_log
from optty_desktop.relay.ingress import Doors
from tests.promises import Promise, Scaled
from tests.relay.conftest import Running
from tests.relay.room import SECRET, body_of, config_in

CANARY = "ada.lovelace@example.com"


async def test_Y11_the_secret_of_an_address_is_not_in_the_log(
    relay: Running, log: io.StringIO, promise: Promise
) -> None:
    ways = [
        ("POST", f"/h/corner-store/{SECRET}", body_of("TILL1-1", email=CANARY)),
        ("POST", f"/h/corner-store/{SECRET}", b"{" + CANARY.encode()),
        ("POST", f"/h/corner-store/{SECRET}", b" " * 70_000),
        ("GET", f"/h/corner-store/{SECRET}", b""),
        ("POST", f"/h/corner-store/{SECRET}?email={CANARY}", b"{}"),
        ("POST", f"/h/corner-store/{SECRET}/more", b"{}"),
        ("POST", f"/h/market/{SECRET}", b"{}"),
        ("POST", f"/h/corner-store/{SECRET[:-1]}", b"{}"),
        ("GET", f"/v1/events?after={SECRET}", b""),
        ("PUT", f"/v1/lease/{SECRET}", b""),
    ]
    async with relay() as room:
        for method, path, body in ways:
            await room.http.request(method, path, content=body, headers={"upgrade": "x", "connection": "upgrade"})
    text = log.getvalue()
    assert "quarantine" in text, "the log is heard"
    found = [secret for secret in (SECRET, SECRET[:-1], CANARY, "TILL1-1") if secret in text]
    promise("Y11", len(ways), found, 0.0)


def seconds_a_prefix_saves(compare: Callable[[str], object], tries: int) -> float:
    """Return how much longer a guess takes that is right but for its end, in parts of the whole time."""
    near, far = SECRET[:-1] + "x", "x" + SECRET[1:]
    times: dict[str, list[int]] = {near: [], far: []}
    for _ in range(tries):
        for guess, kept in times.items():
            begun = time.perf_counter_ns()
            compare(guess)
            kept.append(time.perf_counter_ns() - begun)
    near_time, far_time = (statistics.median(times[guess]) for guess in (near, far))
    return (near_time - far_time) / far_time


def byte_by_byte(guess: str) -> bool:
    """How a secret must not be compared."""
    return all(mine == theirs for mine, theirs in zip(SECRET, guess, strict=False))


def test_Y11_a_guess_that_is_nearly_right_takes_no_longer(tmp_path: Path, promise: Promise, scaled: Scaled) -> None:
    doors, tries = Doors(config_in(tmp_path).merchants.values()), scaled(3000, 100_000)
    assert doors.merchant("corner-store", SECRET) is not None
    begun = time.perf_counter()
    slope = seconds_a_prefix_saves(lambda guess: doors.merchant("corner-store", guess), tries)
    promise("Y11", tries, [f"{slope:.1%}"] if abs(slope) > 0.1 else [], time.perf_counter() - begun)
    assert seconds_a_prefix_saves(byte_by_byte, 500) > 0.3, "the measure sees a slope where there is one"


def test_a_fact_that_is_not_allowed_is_left_out(log: io.StringIO) -> None:
    event_log.note("hint", shop="corner-store/main-street", seq=5, email=CANARY, path="/h/x", invoice="TILL1-1")
    line = json.loads(log.getvalue())
    assert set(line) == {"at", "level", "event", "shop", "seq"}


async def test_a_failure_that_nobody_expected_is_written_as_its_places_only(
    relay: Running, log: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with relay() as room:

        def break_down(*_: object) -> None:
            raise RuntimeError(CANARY)

        monkeypatch.setattr(room.service.store, "take_in", break_down)
        answer = await room.post(body_of("TILL1-1", email=CANARY))
        assert (answer.status_code, answer.json()) == (500, {"error": "The relay failed."})
    lines = [json.loads(line) for line in log.getvalue().splitlines() if line.startswith("{")]
    assert lines[0]["event"] == "unexpected"
    assert "RuntimeError at " in lines[0]["error"]
    assert CANARY not in log.getvalue()
