"""A damaged record: its newest copy, an older one, or a new record, and each failure can be tried again."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from optty_desktop.core.errors import DiskFull, JournalDamaged
from optty_desktop.till.rescue_record import RescueRecord
from tests.fakes import START, FakeClock, FakeRescuer

DAY = date(2026, 3, 20)
BEFORE = DAY - timedelta(days=1)


async def test_the_newest_copy_takes_the_place_of_the_record() -> None:
    rescuer = FakeRescuer(BEFORE, DAY)
    verb = RescueRecord(rescuer, FakeClock())
    assert await verb.newest_copy("live") == DAY
    await verb.replace("live", DAY)
    assert rescuer.became == {"live": DAY}
    assert rescuer.times == [START]


async def test_without_a_copy_a_new_record_begins() -> None:
    rescuer = FakeRescuer()
    verb = RescueRecord(rescuer, FakeClock())
    assert await verb.newest_copy("live") is None
    await verb.replace("live", None)
    assert rescuer.became == {"live": None}


async def test_a_copy_that_turns_out_damaged_gives_way_to_an_older_one() -> None:
    rescuer = FakeRescuer(BEFORE, DAY)
    rescuer.bad = {DAY}
    verb = RescueRecord(rescuer, FakeClock())
    with pytest.raises(JournalDamaged):
        await verb.replace("live", DAY)
    assert await verb.newest_copy("live") == BEFORE
    await verb.replace("live", BEFORE)
    assert rescuer.became == {"live": BEFORE}


async def test_what_failed_can_be_done_again() -> None:
    rescuer = FakeRescuer(DAY)
    verb = RescueRecord(rescuer, FakeClock())
    rescuer.fail_with = DiskFull()
    for day in (DAY, None):
        with pytest.raises(DiskFull):
            await verb.replace("live", day)
    assert rescuer.became == {}
    rescuer.fail_with = None
    await verb.replace("live", DAY)
    assert rescuer.became == {"live": DAY}
