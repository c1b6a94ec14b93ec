"""What the calls of this till say about the line to the payment service, one after the other."""

from collections.abc import Callable
from dataclasses import replace

from optty_desktop.core.errors import AppError, NotSent
from optty_desktop.core.hint_way import HintWay
from optty_desktop.core.ports import Clock
from optty_desktop.till.line import Line, LineState, line_after, pause_after


class LineWatch:
    """Tells ``on_line`` of each change. ``jitter`` is a factor near 1 for the pause before the next try."""

    def __init__(self, clock: Clock, on_line: Callable[[Line], None], jitter: Callable[[], float]) -> None:
        self._clock, self._on_line, self._jitter = clock, on_line, jitter
        self._line = Line(LineState.ONLINE, clock.monotonic())
        self._failures = 0

    @property
    def line(self) -> Line:
        """The connection now."""
        return self._line

    @property
    def is_up(self) -> bool:
        """Whether calls get through, as far as is known."""
        return self._line.state is LineState.ONLINE

    def contact(self) -> None:
        """A call was answered."""
        self._failures = 0
        self._show(self._line_now(LineState.ONLINE, self._clock.monotonic()))

    def trouble(self, error: AppError) -> None:
        """What a call that did not work says about the line; trouble with one order alone says nothing."""
        state = line_after(error)
        if state is None:
            # The service is there: a line that was down is up again, though nothing was learnt.
            if self._line.state is LineState.OFFLINE and not isinstance(error, NotSent):
                self._show(self._line_now(LineState.ONLINE, self._line.last_contact))
            elif self.is_up:
                # This was the try that somebody wanted now.
                self._line = replace(self._line, next_try_at=None)
            return
        self._failures += 1
        wait = pause_after(error, state, self._failures)
        now = self._clock.monotonic()
        self._show(self._line_now(state, self._line.last_contact, now + wait * self._jitter()))

    def surroundings_changed(self, missed: float) -> None:
        """What failed elsewhere says nothing here; and ``missed`` seconds went by that the clock did not count."""
        self._failures = 0
        if missed and self._line.last_contact is not None:
            self._show(replace(self._line, last_contact=self._line.last_contact - missed))

    def try_now(self) -> None:
        """Do not wait for the next try."""
        self._line = replace(self._line, next_try_at=self._clock.monotonic())

    def set_news(self, news: HintWay) -> None:
        """How news arrive from now on."""
        self._show(replace(self._line, news=news))

    def _line_now(self, state: LineState, last_contact: float | None, next_try_at: float | None = None) -> Line:
        return Line(state, last_contact, next_try_at, self._line.news)

    def _show(self, line: Line) -> None:
        self._line = line
        self._on_line(line)
