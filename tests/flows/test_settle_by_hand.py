"""What no read can settle is closed by a person who has looked at the service's own pages; nothing is sent for it."""

from __future__ import annotations

from PySide6.QtWidgets import QAbstractButton, QDialog, QLineEdit

from optty_desktop.core.links import LinkState, Source
from optty_desktop.training.faults import Fault
from tests.flows.counter import Counter
from tests.flows.hands import click, part, words, write
from tests.flows.test_refund import asked, recorded
from tests.waiting import until

REASON = "Seen in the portal, refund 4711"


async def without_an_answer(counter: Counter) -> str:
    """A refund that the service has made, whose answer was lost, at a service that names no state from then on."""
    number = await asked(counter)
    counter.click("toastCloseButton")
    dialog = await counter.ask_to_refund(number)
    counter.service.faults.add("cancel_or_refund", Fault("drop_after"))
    counter.service.faults.add("order", Fault("status", status=500), times=None)
    counter.hold(dialog)
    await counter.becomes(number, LinkState.UNKNOWN)
    await until(lambda: counter.sees("settleButton"))
    return number


def calls(counter: Counter) -> int:
    """How many requests that could move money the service has received."""
    return len(counter.service.closings()) + len(counter.service.creates())


async def ask(counter: Counter) -> QDialog:
    """Press Close by hand… in the detail pane."""
    counter.click("settleButton")
    return await counter.asked("settle")


async def test_a_refund_nobody_answers_for_is_closed_as_refunded(counter: Counter) -> None:
    async with counter:
        number = await without_an_answer(counter)
        sent, refunded = calls(counter), counter.service.ledger.link(number).refunded.minor
        assert refunded == 18275
        dialog = await ask(counter)
        assert words(dialog, "confirmTitle") == "Close Order 1054, USD 182.75, by hand?"
        assert part(dialog, QLineEdit, "settleNumberEdit").text() == number
        assert not part(dialog, QAbstractButton, "settleNotRefundedRadio").isEnabled()
        click(dialog, "settleRefundedRadio")
        write(dialog, "settleReasonEdit", REASON)
        click(dialog, "confirmButton")
        await counter.becomes(number, LinkState.REFUNDED)
        await counter.gone(dialog)
        assert counter.row_says(number) == "Refunded"
        assert counter.link(number).evidence.source is Source.BY_HAND
        assert counter.banner == ""
        await until(lambda: "Closed by hand by Sara" in counter.history()[0])
        assert counter.history()[0].endswith(f"Closed by hand by Sara, Found refunded. {REASON}")
        await until(lambda: counter.toast == "Order 1054 closed by hand. Its status is Refunded.")
        assert calls(counter) == sent
        assert counter.service.ledger.link(number).refunded.minor == refunded
    link = await recorded(counter, number)
    assert (link.state, link.refunded_minor) == (LinkState.REFUNDED, 18275)


async def test_a_service_that_speaks_again_settles_it_while_the_question_stands(counter: Counter) -> None:
    async with counter:
        number = await without_an_answer(counter)
        dialog = await ask(counter)
        click(dialog, "settleRefundedRadio")
        counter.service.faults.clear("order")
        await counter.gone(dialog)
        assert counter.link(number).evidence.source is Source.ORDER_READ
        assert counter.link(number).state is LinkState.REFUNDED
        await until(lambda: counter.toast == "Order 1054 has been settled by a read. Nothing was closed by hand.")


async def test_that_nothing_was_refunded_can_be_chosen_ten_minutes_later(counter: Counter) -> None:
    async with counter:
        number = await without_an_answer(counter)
        dialog = await ask(counter)
        late = part(dialog, QAbstractButton, "settleNotRefundedRadio")
        assert not late.isEnabled()
        counter.hours.pass_by(601)
        await until(late.isEnabled)
        click(dialog, "settleNotRefundedRadio")
        write(dialog, "settleReasonEdit", REASON)
        click(dialog, "confirmButton")
        await counter.becomes(number, LinkState.PAID)
        await until(lambda: counter.sees("refundButton"))
