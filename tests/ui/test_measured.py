from __future__ import annotations

from optty_desktop.ui.measured import MOST, Measured


def test_it_measures_once_and_keeps_few() -> None:
    """A window that is dragged wider asks for every width it passes."""
    measured: Measured[int] = Measured()
    asked: list[int] = []

    def width(of: int) -> int:
        asked.append(of)
        return of

    for times in range(3):
        for number in range(MOST):
            assert measured.of("text", number, lambda number=number: width(number)) == number  # type: ignore[misc]
        assert len(asked) == MOST, times
    assert measured.of("text", MOST, lambda: width(MOST)) == MOST
    assert measured.of("text", 0, lambda: width(0)) == 0
    assert asked[MOST:] == [MOST, 0], "the others were let go of to make room"
    measured.forget()
    assert measured.of("text", 0, lambda: width(7)) == 7
