"""One step of the schema."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Migration:
    """Brings a file from schema ``version - 1`` to ``version``; its statements run in one transaction.

    A step that has been released is never changed: the next change is a new step.
    """

    version: int
    statements: Iterable[str]
