"""From the typed order to the code on the screen."""

from __future__ import annotations

from optty_desktop.core.links import LinkState
from tests.flows.counter import Counter
from tests.waiting import until


async def test_an_order_becomes_a_link_with_its_code(counter: Counter) -> None:
    async with counter:
        await counter.sign_in()
        number = await counter.create()
        await until(lambda: counter.desk.page.ready.code)
        assert "/pay/" in counter.says("linkEdit")
        assert counter.link(number).state is LinkState.PENDING
        assert len(counter.service.creates()) == 1
