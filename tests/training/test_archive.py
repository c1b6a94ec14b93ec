"""Practice links outlive a restart."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from pathlib import Path

import pytest

from optty_desktop.training.archive import Archive
from optty_desktop.training.server import TrainingServer
from optty_desktop.training.switches import Automation, Switches
from tests.training.shop import Shop, TurnedClock


def test_links_with_all_that_happened_to_them_come_back(tmp_path: Path, clock: TurnedClock) -> None:
    path = tmp_path / "new" / "practice.sqlite"
    with TrainingServer(clock=clock, ledger_path=path, switches=Switches(refund_seconds=6)) as first:
        with contextlib.closing(Shop(first)) as shop:
            for number in ("T1-1", "T1-2", "T1-3", "T1-4"):
                shop.http.get(shop.create(number, emailCustomer=True).json()["link"])
        first.customer.decline("T1-1")
        first.customer.pay("T1-1")
        first.ledger.cancel_or_refund("T1-1")
        first.ledger.cancel_or_refund("T1-2")
        first.customer.pay_late("T1-3")
        before = first.ledger.links()
    assert path.exists()
    with TrainingServer(clock=clock, ledger_path=path) as second:
        assert second.ledger.links() == before
        clock.turn(60)
        assert [link.status for link in second.ledger.links()] == ["REFUNDED", "CANCELLED", "PAID", "CREATED"]
    with TrainingServer(clock=clock, ledger_path=path) as third:
        assert [link.status for link in third.ledger.links()] == ["REFUNDED", "CANCELLED", "PAID", "CREATED"]


def test_automation_goes_on_after_a_restart(tmp_path: Path, clock: TurnedClock) -> None:
    path = tmp_path / "practice.sqlite"
    with TrainingServer(clock=clock, ledger_path=path, automation=Automation()) as first:
        with contextlib.closing(Shop(first)) as shop:
            shop.create()
        clock.turn(6)
        assert first.ledger.link("T1-0001").status == "PENDING"
    clock.turn(60)
    with TrainingServer(clock=clock, ledger_path=path) as second:
        assert second.ledger.link("T1-0001").status == "PAID"


@pytest.mark.parametrize(
    "content",
    [
        b"this is no database, and never was one" * 100,
        "INSERT INTO link (invoice_number, document) VALUES ('T1', 'no json')",
        "INSERT INTO link (invoice_number, document) VALUES ('T1', '{\"price\": {}}')",
        "PRAGMA user_version = 9",
    ],
)
def test_a_file_that_cannot_be_read_is_put_aside(tmp_path: Path, content: bytes | str) -> None:
    path = tmp_path / "practice.sqlite"
    if isinstance(content, bytes):
        path.write_bytes(content)
    else:
        Archive(path).close()
        with contextlib.closing(sqlite3.connect(path)) as connection, connection:
            connection.execute(content)
    archive = Archive(path)
    assert archive.links() == []
    archive.close()
    assert (tmp_path / "practice.damaged").exists()


def test_a_file_in_use_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "practice.sqlite"
    path.mkdir()
    with pytest.raises(sqlite3.OperationalError):
        Archive(path)
    assert path.is_dir()


def test_the_port_of_the_last_run_is_remembered(tmp_path: Path) -> None:
    with contextlib.closing(Archive(tmp_path / "practice.sqlite")) as archive:
        assert archive.port is None
        archive.save_port(4711)
        archive.save_port(4712)
    with contextlib.closing(Archive(tmp_path / "practice.sqlite")) as archive:
        assert archive.port == 4712


@pytest.mark.skipif(os.name == "nt", reason="Windows guards files by access lists, not by modes")
@pytest.mark.parametrize("earlier_mode", [None, 0o644])
def test_only_the_owner_can_read_practice_links(tmp_path: Path, earlier_mode: int | None) -> None:
    path = tmp_path / "practice.sqlite"
    if earlier_mode is not None:
        Archive(path).close()
        path.chmod(earlier_mode)
    with contextlib.closing(Archive(path)):
        assert path.stat().st_mode & 0o777 == 0o600
