"""What a layout asks for again and again until it has settled, measured once."""

from collections.abc import Callable
from typing import Final, Generic, TypeVar

T = TypeVar("T")

MOST: Final = 64
"""A layout asks for a few widths, and a window that is dragged wider for every one it passes."""


class Measured(Generic[T]):
    """Keeps the measures of a text by text and width in pixels."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, int], T] = {}

    def of(self, text: str, width: int, measure: Callable[[], T]) -> T:
        """Return what ``measure`` finds, from before where it was asked for since ``forget``."""
        asked = (text, width)
        if asked not in self._kept:
            if len(self._kept) == MOST:
                self._kept.clear()
            self._kept[asked] = measure()
        return self._kept[asked]

    def forget(self) -> None:
        """What was measured does not hold any more."""
        self._kept.clear()
