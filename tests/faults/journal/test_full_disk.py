"""Promise D4: on a full disk nothing is asked of the service without a durable intent, and its answers are kept."""

from __future__ import annotations

import time
from pathlib import Path

import apsw
import pytest

from optty_desktop.core.errors import AppError, DiskFull
from optty_desktop.core.operations import OperationKind, Stage
from optty_desktop.journal import ballast
from optty_desktop.journal.journal import SqliteJournal
from optty_desktop.till.cancel_or_refund import Approval, CancelOrRefund
from optty_desktop.till.create_link import CreateLink
from optty_desktop.till.session import Session
from tests.fakes import IDENTITY, FakeClock, FakeOptty, counted_bytes, draft
from tests.faults.disk_below import Disk, file_on
from tests.journal.places import new_folder, opened
from tests.promises import Promise, Scaled

PAGE = 4096
CASES = 60
MONEY_CALLS = ("create", "cancel_or_refund", "refund_order")


class SmallDisk(Disk):
    """Has so much room for all files of a folder together, the ballast among them."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._capacity = 10**9

    def shrink(self, left: int) -> None:
        """From now on only ``left`` bytes are free."""
        self._capacity = self._used() + left

    def _used(self) -> int:
        return sum(path.stat().st_size for path in self._folder.iterdir())

    def writing(self, path: str, offset: int, data: bytes) -> None:
        growth = offset + len(data) - Path(path).stat().st_size
        if growth > 0 and self._used() + growth > self._capacity:
            raise apsw.FullError


class Watch:
    """Looks at the journal whenever the pretend service is called."""

    def __init__(self, journal: SqliteJournal) -> None:
        self._journal = journal
        self.wrong: list[str] = []
        self.calls = 0

    async def before(self, call: str) -> None:
        if call in MONEY_CALLS:
            self.calls += 1
            stages = [one.stage for one in await self._journal.open_operations()]
            if stages != [Stage.SENDING]:
                self.wrong.append(f"{call} without intent: {stages}")


async def trade(till: Session, gateway: FakeOptty) -> AppError:
    """Make links, let them be paid and pay them back, until something is refused; return what."""
    make, pay_back = CreateLink(till, str), CancelOrRefund(till)
    try:
        for _ in range(200):
            number = (await make.create(draft())).invoice_number
            gateway.pay(number)
            look = await pay_back.look(number)
            await pay_back.carry_out(Approval(OperationKind.REFUND, look, look.link.refundable, reason="Goods back"))
    except AppError as error:
        return error
    raise AssertionError("the disk never was full")


async def wrong_with(left: int) -> tuple[list[str], int]:
    """Return what is wrong after trading with ``left`` bytes of room, and the number of calls that were made."""
    with new_folder() as folder:
        disk, gateway = SmallDisk(folder), FakeOptty()
        with file_on(disk, folder) as file:
            journal = await SqliteJournal.open_file(file)
            watch = Watch(journal)
            gateway.before = watch.before
            await journal.health()  # the ballast is taken before the first job
            disk.shrink(left)
            end = await trade(Session(gateway, journal, IDENTITY, FakeClock(), counted_bytes()), gateway)
            if not isinstance(end, DiskFull):
                watch.wrong.append(f"the end was {end!r}")
            await journal.close()
        return watch.wrong + await not_kept(folder, gateway), watch.calls


async def not_kept(folder: Path, gateway: FakeOptty) -> list[str]:
    """Return the answers of the service that are not in the journal."""
    missing = []
    async with opened(folder) as journal:
        await journal.health()
        for number, account in gateway.accounts.items():
            link = await journal.link(number)
            done = [one.kind for one in await journal.operations(number) if one.stage is Stage.DONE]
            if link is None or link.url is None or OperationKind.CREATE not in done:
                missing.append(f"created and not kept: {number}")
            if account.refunds and OperationKind.REFUND not in done:
                missing.append(f"paid back and not kept: {number}")
    return missing


@pytest.mark.limit(120)
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
async def test_D4_nothing_is_asked_without_intent_and_answers_are_kept(promise: Promise, scaled: Scaled) -> None:
    cases, wrong, worst, calls = 0, [], 0.0, 0
    for pages in range(0, CASES, scaled(12, 1)):
        begun = time.perf_counter()
        found, made = await wrong_with(pages * PAGE)
        worst = max(worst, time.perf_counter() - begun)
        cases, calls = cases + 1, calls + made
        wrong += [(pages, found)] if found else []
    assert calls > cases, "too few calls to say anything"
    promise("D4", cases, wrong, worst)


@pytest.mark.limit(60)
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
async def test_D4_control_without_ballast_answers_are_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ballast, "BALLAST_BYTES", 1)
    ends = [(await wrong_with(pages * PAGE))[0] for pages in range(0, CASES // 2, 5)]
    assert any("not kept" in what for end in ends for what in end)


async def test_D4_the_ballast_is_taken_again_once_there_is_room(tmp_path: Path) -> None:
    disk = SmallDisk(tmp_path)
    with file_on(disk, tmp_path) as file:
        journal = await SqliteJournal.open_file(file)
        await journal.health()
        reserve = ballast.Ballast(file.ballast_path)
        assert reserve.is_in_place
        reserve.free()
        await CreateLink(Session(FakeOptty(), journal, IDENTITY, FakeClock(), counted_bytes()), str).create(draft())
        assert reserve.is_in_place
        await journal.close()
