"""Notices what this computer lives through: that it slept, and that it came into another network."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Final

from optty_desktop.core.ports import Clock

LOOK_SECONDS: Final = 3.0
"""How often to look. It costs no call."""
_JUMP_SECONDS: Final = 5.0
"""The clock on the wall is set by less than this now and then."""
_AWAY_SECONDS: Final = 20.0
"""Nothing in this program takes so long between two looks."""


@dataclass(frozen=True, slots=True)
class Seen:
    """``has_changed``: what was known of the line may be wrong now.

    ``missed`` are the seconds that went by while the monotonic clock stood still, as it does in some computers' sleep.
    """

    has_changed: bool
    missed: float = 0.0


class Surroundings:
    """Compares clock and addresses with what they were at the last look. ``addresses`` are this computer's own."""

    def __init__(self, clock: Clock, addresses: Callable[[], Collection[str]]) -> None:
        self._clock, self._own = clock, addresses
        self._remember()

    def look(self) -> Seen:
        """Tell what is different since the last look."""
        now, monotonic, addresses = self._now, self._monotonic, self._addresses
        self._remember()
        ticked = self._monotonic - monotonic
        missed = (self._now - now).total_seconds() - ticked
        has_slept = missed > _JUMP_SECONDS or ticked > _AWAY_SECONDS
        return Seen(has_slept or addresses != self._addresses, missed if missed > _JUMP_SECONDS else 0.0)

    def _remember(self) -> None:
        self._now, self._monotonic = self._clock.now(), self._clock.monotonic()
        self._addresses = frozenset(self._own())
