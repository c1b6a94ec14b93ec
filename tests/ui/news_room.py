"""A toast, a book and a desktop for news, with the moments in the hands of the test."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from optty_desktop.core.link_book import LinkBook
from optty_desktop.core.links import Evidence, LinkState, PaymentLink, Source
from optty_desktop.core.money import Money
from optty_desktop.core.news import News
from optty_desktop.till.sounds import Sounds
from optty_desktop.ui.alerts import Alerts
from optty_desktop.ui.news_watch import NewsWatch
from optty_desktop.ui.tasks import TaskRunner
from optty_desktop.ui.toast import Toast
from tests.fakes import FakeChoices, FakeClock, FakePlayer, link
from tests.ui.desk_room import turns
from tests.ui.table_links import look_of
from tests.ui.test_toast import HandTimer
from tests.waiting import until


class FakeDesktop(QObject):
    """Shows one notification at a time and a number, until they are cleared away."""

    clicked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.notification: tuple[str, str] | None = None
        self.count = self.told = 0

    def tell(self, title: str, text: str) -> None:
        self.notification = (title, text)
        self.told += 1

    def set_count(self, count: int) -> None:
        self.count = count

    def clear(self) -> None:
        self.notification, self.count = None, 0

    @property
    def lines(self) -> list[str]:
        """The sentences of the notification; none without one."""
        return self.notification[1].split("\n") if self.notification is not None else []


class NewsRoom:
    """Somebody looks at the window, until `look_away`."""

    def __init__(self) -> None:
        self.clock, self.book, self.player = FakeClock(), LinkBook(), FakePlayer()
        self.window = QWidget()
        self.window.setWindowTitle("Payment Links — Corner Store — TRAINING")
        self.desktop = FakeDesktop()
        self.alerts = Alerts(self.window, self.desktop, self.clock)
        self.opened: list[str] = []
        self.alerts.opened.connect(self.opened.append)
        self.toast_timer, self.timer = HandTimer(), HandTimer()
        self.toast = Toast(look_of(), self.toast_timer, self.window)
        self.errors: list[BaseException] = []
        self.tasks = TaskRunner(self.errors.append)
        sounds = Sounds(self.player, FakeChoices())
        self.watch = NewsWatch(self.toast, self.book, self.clock, self.tasks, sounds, self.alerts, self.timer)

    async def look(self) -> None:
        """Bring the window to the front."""
        self.window.show()
        self.window.activateWindow()
        await until(self.window.isActiveWindow)

    async def look_away(self) -> None:
        """Look at something else."""
        self.window.hide()
        await until(lambda: not self.window.isActiveWindow())

    def add(self, number: str, state: LinkState = LinkState.PENDING, *, minutes_ago: float = 0) -> PaymentLink:
        """A link in the book whose state was known so long ago."""
        known = Evidence(Source.ORDER_READ, self.clock.now() - timedelta(minutes=minutes_ago))
        made = replace(link(number, state, reference=f"Order {number}"), evidence=known)
        self.book.put(made)
        return made

    async def becomes(self, number: str, state: LinkState, **changes: object) -> None:
        """A read finds the link in that state."""
        before = self.book.find(number)
        assert before is not None
        now = self.clock.now()
        paid: dict[str, object] = {"paid": before.amount, "paid_at": now} if state is LinkState.PAID else {}
        evidence = Evidence(Source.ORDER_READ, now)
        self.book.put(replace(before, state=state, evidence=evidence, changed_at=now, **(paid | changes)))  # type: ignore[arg-type]
        await turns()

    async def pays(self, number: str, amount: str = "182.75", **changes: object) -> None:
        """The customer has paid."""
        await self.becomes(number, LinkState.PAID, paid=Money.from_decimal_text(amount, "USD"), **changes)

    async def moment_over(self) -> None:
        """What was gathered is told."""
        self.timer.run_out()
        await turns()

    @property
    def heard(self) -> list[News]:
        """The sounds, in their order."""
        return [news for news, _volume in self.player.heard]
