"""What a call leaves behind: a line that can be read back, and the error of the clock its answer showed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from optty_desktop.api.past_calls import KEPT, call_in, seconds_ahead
from optty_desktop.api.transport import HttpTransport
from optty_desktop.core.diagnosis import PastCall
from optty_desktop.core.errors import NotSent
from tests.api.raw_server import RawServer, always, reply
from tests.api.test_transport import call

NOON = datetime(2026, 3, 21, 12, 0, tzinfo=UTC)
STAMP = "Sat, 21 Mar 2026 12:00:00 GMT"


def ahead(seconds: float, took: float = 0.0, stamp: str = STAMP) -> int | None:
    """The error seen when the answer came that many seconds after noon."""
    received = NOON + timedelta(seconds=seconds)
    return seconds_ahead(stamp, received - timedelta(seconds=took), received)


@pytest.mark.parametrize(
    ("seconds", "took", "error"),
    [(0, 0, 0), (0.99, 0, 0), (3, 3, 0), (3, 2.5, 0), (61, 0, 60), (61, 2, 58), (-30, 0, -30), (-30, 5, -30)],
)
def test_only_what_the_stamp_and_the_time_of_the_call_do_not_explain_is_an_error(
    seconds: float, took: float, error: int
) -> None:
    assert ahead(seconds, took) == error


@given(error=st.integers(-10_000, 10_000), took=st.floats(0, 20), share=st.floats(0, 1), fraction=st.floats(0, 0.999))
def test_the_error_is_never_overstated(error: int, took: float, share: float, fraction: float) -> None:
    """Whenever within the call the service looked at its clock, and whatever second it cut off."""
    received = NOON + timedelta(seconds=error + fraction + took * (1 - share))
    found = seconds_ahead(STAMP, received - timedelta(seconds=took), received)
    assert found is not None
    assert abs(found) <= abs(error) + 1
    assert found * error >= 0 or abs(found) <= 1


@pytest.mark.parametrize(
    "date",
    [
        "",
        "today",
        "Sat, 99 Mar 2026 12:00:00 GMT",
        "Sat, 21 Mar 2026 12:00:00 +0100",
        "Sat, 21 Mar 2026 25:00:00 GMT",
        "Sat, 21 Xxx 2026 12:00:00 GMT",
        "Sat, 21 Mar 0000 12:00:00 GMT",
        STAMP + "x" * 10_000,
        STAMP.replace("1", "\u0661"),
    ],
)
def test_a_date_of_another_form_says_nothing(date: str) -> None:
    assert ahead(5, stamp=date) is None


@pytest.mark.parametrize("status", [None, 201, 500])
@pytest.mark.parametrize("failure", ["", "not sent: name_lookup (ConnectError)", "outcome unknown: cut (ReadError)"])
@pytest.mark.parametrize("error", [None, 0, 75, -75])
def test_a_line_of_the_log_gives_the_call_back(status: int | None, failure: str, error: int | None) -> None:
    past = PastCall("5F20-C7A1", NOON, "GET", "api.optty.com", "/orders/{reference}", status, failure, 12, error)
    assert call_in(past.line, NOON) == past


@pytest.mark.parametrize(
    "words",
    [
        "",
        "answer 5F20-C7A1 cannot be used: no link",
        "5F20-C7A1 GET api.optty.com/orders/{reference}: answered, status 200, 12 ms",
        "5F20-C7A1 GET api.optty.com/orders/a b: answered, status 200, 12 ms, clock -",
        "5F20-C7A1 GET api.optty.com/pay?token=x: answered, status 200, 12 ms, clock -",
        "5F20-C7A1 GET api.optty.com/x: ann@example.com, status 200, 12 ms, clock -",
        "5F20-C7A1 GET api.optty.com/x: answered, status 200, 12 ms, clock - ann@example.com",
        "5F20-C7A1 GET ann@example.com/x: answered, status 200, 12 ms, clock -",
    ],
)
def test_any_other_line_is_none(words: str) -> None:
    assert call_in(words, NOON) is None


async def test_the_transport_remembers_its_newest_calls_and_no_more(transport: HttpTransport) -> None:
    async with RawServer(always(reply(201, b"{}", date=STAMP))) as server:
        for _ in range(KEPT + 3):
            await call(transport, server.url)
        await transport.close()
    calls = transport.calls
    assert len(calls) == KEPT
    assert [one.at for one in calls] == sorted(one.at for one in calls)
    last = calls[-1]
    assert (last.method, last.host, last.path, last.status) == ("POST", "127.0.0.1", "/custom/hpp", 201)
    assert not last.failure
    assert last.ahead == pytest.approx((datetime.now(UTC) - NOON).total_seconds(), abs=60)


async def test_a_call_that_failed_is_remembered_as_that(transport: HttpTransport) -> None:
    with pytest.raises(NotSent):
        await call(transport, "http://127.0.0.1:1")
    await transport.close()
    (past,) = transport.calls
    assert past.failure == "not sent: connect (ConnectError)"
    assert (past.status, past.ahead) == (None, None)
