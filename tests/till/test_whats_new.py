"""What changed since the till last ran: told once, and never on its first day."""

from __future__ import annotations

import pytest

from optty_desktop.core.change_log import Release, read_change_log
from optty_desktop.core.release_numbers import ReleaseNumber
from optty_desktop.till.whats_new import WhatsNew
from tests.fakes import FakeVersionMemory

HISTORY = read_change_log(
    "\n".join(f"## [{number}]\n### Added\n- Of {number}.\n" for number in ("0.3.0", "0.2.0", "0.1.0"))
)


def till(running: str, memory: FakeVersionMemory) -> WhatsNew:
    """A till that runs this version."""
    return WhatsNew(lambda: HISTORY, ReleaseNumber.parse(running), memory)


def numbers(releases: tuple[Release, ...]) -> list[str]:
    """The versions, as they would be shown."""
    return [str(release.number) for release in releases]


async def test_nothing_is_told_on_the_first_day() -> None:
    memory = FakeVersionMemory()
    assert await till("0.2.0", memory).unseen() == ()
    assert str(memory.noted) == "0.2.0"
    assert await till("0.2.0", memory).unseen() == ()


async def test_what_came_with_an_update_is_told_until_somebody_has_seen_it() -> None:
    memory = FakeVersionMemory(ReleaseNumber(0, 1, 0))
    updated = till("0.3.0", memory)
    assert numbers(await updated.unseen()) == ["0.3.0", "0.2.0"]
    assert numbers(await till("0.3.0", memory).unseen()) == ["0.3.0", "0.2.0"]
    await updated.mark_seen()
    assert await till("0.3.0", memory).unseen() == ()


@pytest.mark.parametrize("running", ["0.1.0", "0.4.0"])
async def test_going_back_and_versions_without_a_word_are_noted_in_silence(running: str) -> None:
    memory = FakeVersionMemory(ReleaseNumber(0, 3, 0))
    assert await till(running, memory).unseen() == ()
    assert str(memory.noted) == running


async def test_going_back_and_on_again_tells_again() -> None:
    memory = FakeVersionMemory(ReleaseNumber(0, 2, 0))
    await till("0.1.0", memory).unseen()
    assert numbers(await till("0.2.0", memory).unseen()) == ["0.2.0"]


async def test_the_change_log_is_read_after_an_update_only() -> None:
    def never() -> tuple[Release, ...]:
        raise AssertionError("nobody needs it")

    memory = FakeVersionMemory(ReleaseNumber(0, 2, 0))
    assert await WhatsNew(never, ReleaseNumber(0, 2, 0), memory).unseen() == ()
    assert await WhatsNew(never, ReleaseNumber(0, 1, 0), memory).unseen() == ()
