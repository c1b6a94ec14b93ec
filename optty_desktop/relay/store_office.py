"""The administrator's work on the file of a relay, whether or not a relay uses it; one notices within a second."""

import contextlib
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import TypeVar

from optty_desktop.relay import retention, tills
from optty_desktop.relay.audit_heads import last_head
from optty_desktop.relay.config import RelayConfig
from optty_desktop.relay.engine import Aside, Paired
from optty_desktop.relay.problems import RelayProblem
from optty_desktop.relay.schema import open_store
from optty_desktop.relay.store_thread import problem_of
from optty_desktop.relay.tills import Till

T = TypeVar("T")


class StoreOffice:
    """The office of one store. Raises RelayProblem from every method."""

    def __init__(self, config: RelayConfig) -> None:
        self._config = config

    def new_code(self, shop: str, name: str, now: int) -> str:
        """Return a code with which a till of that name can be paired once."""
        return self._changed(lambda connection: tills.new_code(connection, shop, name, now))

    def tills(self) -> list[Paired]:
        """Return the paired tills by shop and name."""
        return self._changed(
            lambda connection: [Paired(till, last_head(connection, till.id)) for till in tills.all_tills(connection)]
        )

    def quarantine(self) -> list[Aside]:
        """Return what was set aside, the oldest first."""
        select = "SELECT received_at, merchant, reason, body FROM quarantine ORDER BY id"
        return self._changed(lambda connection: [Aside(*row) for row in connection.execute(select)])

    def revoke(self, till_id: str) -> Till | None:
        """Shut a till out and free what it holds; return it, or None where there is none of this id."""
        return self._changed(lambda connection: tills.revoke(connection, till_id))

    def erase(self, invoice: str) -> int:
        """Erase every stored body about a link, down to the bytes of the file; return how many."""
        with self._opened() as connection:
            count = _in_transaction(connection, lambda opened: retention.erase(opened, invoice))
            if not retention.overwrite_log(connection):
                raise RelayProblem(
                    "The bodies are erased, but the store is in use, and its log still holds them. Try again."
                )
            return count

    def _changed(self, work: Callable[[sqlite3.Connection], T]) -> T:
        with self._opened() as connection:
            return _in_transaction(connection, work)

    @contextlib.contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        try:
            with closing(open_store(self._config.data, self._config.limits.stored_bytes)) as connection:
                yield connection
        except (sqlite3.Error, OSError) as error:
            raise problem_of(error) from error


def _in_transaction(connection: sqlite3.Connection, work: Callable[[sqlite3.Connection], T]) -> T:
    connection.execute("BEGIN IMMEDIATE")
    try:
        result = work(connection)
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")
    return result
