"""Practice links on disk, so that they outlive a restart. A file that cannot be read is put aside."""

import json
import sqlite3
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from optty_desktop.core.money import Money
from optty_desktop.training.records import (
    Change,
    Link,
    Move,
    Order,
    OrderStatus,
    Refund,
    RefundStatus,
    Step,
)

_VERSION = 1
_PORT = "port"


class Archive:
    """One SQLite file with a row a link. Not thread-safe by itself; its ledger holds the lock."""

    def __init__(self, path: Path) -> None:
        """Open or create the file; a damaged or foreign one is renamed to ``*.damaged`` and replaced."""
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            self._open(path)
        except sqlite3.OperationalError:
            raise  # in use or not writable: nothing is wrong with the file itself
        except (sqlite3.DatabaseError, ValueError, KeyError, TypeError):
            path.replace(path.with_suffix(".damaged"))
            self._open(path)

    def links(self) -> list[Link]:
        """All stored links, oldest first."""
        rows = self._connection.execute("SELECT document FROM link ORDER BY position").fetchall()
        return [_link_from(json.loads(document)) for (document,) in rows]

    def save(self, link: Link) -> None:
        """Write one link, replacing its older version."""
        self._connection.execute(
            "INSERT INTO link (invoice_number, document) VALUES (?, ?) "
            "ON CONFLICT (invoice_number) DO UPDATE SET document = excluded.document",
            (link.invoice_number, json.dumps(asdict(link), default=datetime.isoformat)),
        )

    @property
    def port(self) -> int | None:
        """The port of the last run: the addresses of stored links hold it."""
        row = self._connection.execute("SELECT value FROM setting WHERE name = ?", (_PORT,)).fetchone()
        return int(row[0]) if row else None

    def save_port(self, port: int) -> None:
        """Remember the port of this run."""
        self._connection.execute("INSERT OR REPLACE INTO setting (name, value) VALUES (?, ?)", (_PORT, str(port)))

    def close(self) -> None:
        """Release the file."""
        self._connection.close()

    def _open(self, path: Path) -> None:
        _keep_to_owner(path)
        self._connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        try:
            _prepare(self._connection)
            self.links()
        except Exception:
            self._connection.close()
            raise


def _keep_to_owner(path: Path) -> None:
    """Staff may practise with real contacts. SQLite gives its side files the mode of this one."""
    path.touch(mode=0o600)
    path.chmod(0o600)


def _prepare(connection: sqlite3.Connection) -> None:
    connection.execute("PRAGMA synchronous = OFF")  # outlives the process, which is all that practice needs
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version not in (0, _VERSION):
        raise sqlite3.DatabaseError(f"practice file of version {version}")
    connection.execute(
        "CREATE TABLE IF NOT EXISTS link "
        "(position INTEGER PRIMARY KEY, invoice_number TEXT NOT NULL UNIQUE, document TEXT NOT NULL)"
    )
    connection.execute("CREATE TABLE IF NOT EXISTS setting (name TEXT PRIMARY KEY, value TEXT NOT NULL)")
    connection.execute(f"PRAGMA user_version = {_VERSION:d}")


def _link_from(document: dict[str, Any]) -> Link:
    return Link(
        **{
            **document,
            "price": Money(**document["price"]),
            "created_at": datetime.fromisoformat(document["created_at"]),
            "due_at": datetime.fromisoformat(document["due_at"]),
            "opened_at": _time_from(document["opened_at"]),
            "closed_at": _time_from(document["closed_at"]),
            "orders": tuple(_order_from(order) for order in document["orders"]),
            "refunds": tuple(_refund_from(refund) for refund in document["refunds"]),
            "plan": tuple(_step_from(step) for step in document["plan"]),
        }
    )


def _order_from(document: dict[str, Any]) -> Order:
    history = tuple(
        Change(OrderStatus(change["status"]), datetime.fromisoformat(change["at"])) for change in document["history"]
    )
    return Order(**{**document, "amount": Money(**document["amount"]), "history": history})


def _refund_from(document: dict[str, Any]) -> Refund:
    return Refund(
        **{
            **document,
            "amount": Money(**document["amount"]),
            "created_at": datetime.fromisoformat(document["created_at"]),
            "settles_at": datetime.fromisoformat(document["settles_at"]),
            "status": RefundStatus(document["status"]),
        }
    )


def _step_from(document: dict[str, str]) -> Step:
    return Step(datetime.fromisoformat(document["at"]), Move(document["move"]))


def _time_from(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
