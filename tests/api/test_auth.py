"""Access tokens: fetched once, renewed in time, never told."""

from __future__ import annotations

import asyncio
import logging
import traceback
from collections.abc import Callable

import pytest

from optty_desktop.api.auth import Tokens
from optty_desktop.api.transport import HttpTransport
from optty_desktop.core.environments import Credentials
from optty_desktop.core.errors import (
    AppError,
    NotFound,
    OutcomeUnknown,
    ScopeRefused,
    SignInRefused,
    TooManyRequests,
    Trouble,
)
from tests.api.pretend_optty import PretendOptty
from tests.api.raw_server import Request, reply
from tests.fakes import FakeClock
from tests.waiting import until

Make = Callable[[PretendOptty], Tokens]


@pytest.fixture
def make(credentials: Credentials, transport: HttpTransport, clock: FakeClock) -> Make:
    """Return what makes Tokens for a pretend Optty."""
    return lambda optty: Tokens(optty.environment, credentials, transport, clock)


async def test_the_form_is_the_documented_one(make: Make) -> None:
    async with PretendOptty() as optty:
        assert await make(optty).token("merchant") == "token-1"
        assert optty.token_calls == [
            {
                "client_id": "merchant-1",
                "client_secret": "s3cret-of-merchant",
                "grant_type": "client_credentials",
                "scope": "merchant",
            }
        ]


async def test_a_hundred_callers_make_one_token_call(make: Make) -> None:
    async with PretendOptty() as optty:
        tokens = make(optty)
        got = await asyncio.gather(*(tokens.token("merchant") for _ in range(100)))
        assert set(got) == {"token-1"}
        assert len(optty.token_calls) == 1


async def test_a_hundred_callers_with_a_refused_token_make_one_token_call(make: Make) -> None:
    async with PretendOptty() as optty:
        tokens = make(optty)
        old = await tokens.token("merchant")

        async def refused() -> str:
            tokens.invalidate(old)
            return await tokens.token("merchant")

        assert set(await asyncio.gather(*(refused() for _ in range(100)))) == {"token-2"}
        assert len(optty.token_calls) == 2


async def test_a_hundred_callers_share_one_refusal(make: Make) -> None:
    async with PretendOptty() as optty:
        tokens = make(optty)
        optty.token_answers.append(reply(401, b'{"statusCode":401,"message":"Unauthorized"}'))
        outcomes = await asyncio.gather(*(tokens.token("merchant") for _ in range(100)), return_exceptions=True)
        assert all(isinstance(outcome, SignInRefused) for outcome in outcomes)
        assert len(optty.token_calls) == 1
        assert await tokens.token("merchant") == "token-1"


async def test_a_caller_who_gives_up_does_not_take_the_others_along(make: Make) -> None:
    async def never(_request: Request, _writer: asyncio.StreamWriter) -> None:
        await asyncio.Event().wait()

    async with PretendOptty() as optty:
        optty.token_answers.append(never)
        tokens = make(optty)
        first = asyncio.create_task(tokens.token("merchant"))
        await until(lambda: optty.token_calls)
        second = asyncio.create_task(tokens.token("merchant"))
        await asyncio.sleep(0)
        first.cancel()
        assert await second == "token-1"
        assert first.cancelled() or first.cancelling()


async def test_each_scope_has_its_own_token(make: Make) -> None:
    async with PretendOptty() as optty:
        tokens = make(optty)
        assert await tokens.token("merchant") != await tokens.token("api-user")
        assert [form["scope"] for form in optty.token_calls] == ["merchant", "api-user"]
        assert await tokens.token("merchant") == "token-1"


async def test_a_token_is_renewed_at_four_fifths_of_its_life(make: Make, clock: FakeClock) -> None:
    async with PretendOptty() as optty:
        tokens = make(optty)
        await tokens.token("merchant")
        clock.advance(86400 * 0.8 - 1)
        assert await tokens.token("merchant") == "token-1"
        clock.advance(2)
        assert await tokens.token("merchant") == "token-2"


@pytest.mark.parametrize(
    ("life", "seconds"),
    [
        ("86400", 86400),
        ('"3600"', 3600),
        ("100.5", 100.5),
        ("null", 300),
        ("true", 300),
        ("-5", 300),
        ("0", 300),
        ('"soon"', 300),
        ("1e12", 604800),
    ],
)
async def test_odd_lives(make: Make, clock: FakeClock, life: str, seconds: float) -> None:
    async with PretendOptty() as optty:
        optty.token_answers.append(reply(200, b'{"access_token":"first","expires_in":%s}' % life.encode()))
        tokens = make(optty)
        await tokens.token("merchant")
        clock.advance(seconds * 0.8 - 0.5)
        assert await tokens.token("merchant") == "first"
        clock.advance(1)
        assert await tokens.token("merchant") == "token-1"


async def test_only_the_refused_token_is_forgotten(make: Make) -> None:
    async with PretendOptty() as optty:
        tokens = make(optty)
        await tokens.token("merchant")
        await tokens.token("api-user")
        tokens.invalidate("token-0")
        tokens.invalidate("token-2")
        assert await tokens.token("merchant") == "token-1"
        assert await tokens.token("api-user") == "token-3"
        tokens.forget()
        assert await tokens.token("merchant") == "token-4"


async def test_fetching_asks_again_although_there_is_a_token(make: Make) -> None:
    async with PretendOptty() as optty:
        tokens = make(optty)
        await tokens.token("merchant")
        await tokens.fetch("merchant")
        assert await tokens.token("merchant") == "token-2"


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (401, b'{"message":"Unauthorized"}', SignInRefused),
        (400, b'{"message":"client_id must be a UUID"}', SignInRefused),
        (400, b'{"error":"invalid_client"}', SignInRefused),
        (422, b"{}", SignInRefused),
        (401, b"<html>", SignInRefused),
        (200, b'{"message":"Wrong credentials"}', SignInRefused),
        (400, b'{"message":["scope must be one of merchant, api-user"]}', ScopeRefused),
        (403, b'{"message":"Forbidden"}', ScopeRefused),
        (404, b'{"message":"Not here"}', NotFound),
        (429, b'{"message":"Slow down"}', TooManyRequests),
        (500, b"{}", OutcomeUnknown),
        (302, b"{}", OutcomeUnknown),
        (200, b"{}", OutcomeUnknown),
        (200, b"<html>", OutcomeUnknown),
        (200, b'{"access_token":""}', OutcomeUnknown),
        (200, b'{"access_token":7}', OutcomeUnknown),
        (200, b'{"access_token":"a b"}', OutcomeUnknown),
        (200, b'{"access_token":"a\\r\\nX-Evil: 1"}', OutcomeUnknown),
        (200, b'{"access_token":"\xc3\xa9"}', OutcomeUnknown),
        (200, b'{"access_token":"' + b"a" * 20_000 + b'"}', OutcomeUnknown),
        (200, b'{"access_token":"a","access_token":"b"}', OutcomeUnknown),
    ],
)
async def test_what_a_failed_token_call_means(make: Make, status: int, body: bytes, kind: type[AppError]) -> None:
    async with PretendOptty() as optty:
        optty.token_answers.append(reply(status, body))
        with pytest.raises(AppError) as caught:
            await make(optty).token("merchant")
        assert type(caught.value) is kind


async def test_secrets_are_in_no_error_and_no_log(make: Make, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, "optty_desktop")
    async with PretendOptty() as optty:
        tokens = make(optty)
        optty.token_answers.append(reply(401, b'{"message":"Unauthorized"}'))
        with pytest.raises(SignInRefused) as caught:
            await tokens.token("merchant")
        await tokens.token("merchant")
        told = "".join(traceback.format_exception(caught.value)) + f"{caught.value.details}{caught.value!r}{tokens!r}"
    told += "".join(record.getMessage() for record in caplog.records)
    assert "s3cret" not in told
    assert "token-1" not in told
    assert caplog.records


async def test_a_cut_token_answer_is_shared_trouble(make: Make) -> None:
    async def cut(_request: Request, writer: asyncio.StreamWriter) -> None:
        writer.transport.abort()

    async with PretendOptty() as optty:
        optty.token_answers.append(cut)
        with pytest.raises(OutcomeUnknown) as caught:
            await make(optty).token("merchant")
        assert caught.value.trouble is Trouble.CUT
