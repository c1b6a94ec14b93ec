"""Pairing a till with the relay: what is kept, what is told on, and what a failure leaves behind."""

from __future__ import annotations

import logging
from dataclasses import replace

import pytest

from optty_desktop.core.audit_chain import AuditAction, Deed
from optty_desktop.core.environments import Environment
from optty_desktop.core.errors import DiskFull, KeychainProblem, NoRight, ProfileProblem, Trouble
from optty_desktop.core.pairing import RelayPairing
from optty_desktop.core.relay_failures import CodeRefused, NoRelayAnswer, NotPaired, PairingNotKept, RelayFailure
from optty_desktop.till.pair_relay import PairRelay
from optty_desktop.till.session import TillIdentity
from tests.fakes import IDENTITY, LIVE, START, TRAINING, FakeAudit, FakeClock
from tests.pretend_relay import CODE, URL, FakePairings, FakeRelayDesk


class Till:
    """A till with a relay in reach; ``told`` is what the stream would hear."""

    def __init__(self, environment: Environment = LIVE, identity: TillIdentity = IDENTITY) -> None:
        self.relay, self.keychain, self.clock = FakeRelayDesk(), FakePairings(), FakeClock()
        self.audit = FakeAudit()
        self.verb = PairRelay(environment, identity, self.relay, self.keychain, self.audit, self.clock)
        self.told: list[tuple[RelayPairing | None, str]] = []
        self.verb.when_changed(lambda pairing, cursor: self.told.append((pairing, cursor)))

    async def pair(self) -> RelayPairing:
        return await self.verb.pair(URL, CODE)


async def test_a_pairing_is_kept_dated_and_told_with_the_place_of_its_stream() -> None:
    till = Till()
    assert await till.verb.pairing() is None
    pairing = await till.pair()
    assert (pairing.url, pairing.name, pairing.paired_at) == (URL, "Till 1", START)
    assert till.keychain.items == {"live": pairing}
    assert await till.verb.pairing() == pairing
    assert till.told == [(pairing, "place-0")]
    assert till.verb.heard_at == START


async def test_a_refused_code_leaves_an_earlier_pairing_as_it_was() -> None:
    till = Till()
    pairing = await till.pair()
    with pytest.raises(CodeRefused):
        await till.pair()
    assert till.keychain.items == {"live": pairing}
    assert len(till.told) == 1


async def test_a_locked_keychain_is_known_before_the_code_is_used_up() -> None:
    till = Till()
    till.keychain.is_locked = True
    with pytest.raises(KeychainProblem):
        await till.pair()
    assert till.relay.calls == []
    till.keychain.is_locked = False
    assert (await till.pair()).name == "Till 1"


async def test_a_pairing_that_is_not_kept_says_that_the_code_is_gone() -> None:
    till = Till()
    till.keychain.is_read_only = True
    with pytest.raises(PairingNotKept):
        await till.pair()
    assert CODE not in till.relay.codes
    assert till.told == []


@pytest.mark.parametrize(("environment", "operator"), [(TRAINING, "Cashier 1"), (LIVE, "")])
async def test_nobody_without_a_name_and_nobody_in_training_pairs(environment: Environment, operator: str) -> None:
    till = Till(environment, replace(IDENTITY, operator=operator))
    for act in (till.pair(), till.verb.unpair()):
        with pytest.raises(NoRight):
            await act
    assert till.relay.calls == []


async def test_a_check_says_when_the_relay_was_heard() -> None:
    till = Till()
    pairing = await till.pair()
    till.clock.advance(60)
    assert await till.verb.check() == pairing
    assert till.verb.heard_at == till.clock.now()
    till.relay.failure = NoRelayAnswer(Trouble.TIMEOUT)
    till.clock.advance(60)
    with pytest.raises(NoRelayAnswer):
        await till.verb.check()
    assert till.verb.heard_at != till.clock.now()


async def test_a_check_without_a_pairing_asks_nobody() -> None:
    till = Till()
    with pytest.raises(NotPaired):
        await till.verb.check()
    assert till.relay.calls == []


async def test_a_till_that_was_shut_out_is_told_and_keeps_its_pairing_until_somebody_ends_it() -> None:
    till = Till()
    pairing = await till.pair()
    till.relay.revoke_all()
    with pytest.raises(NotPaired):
        await till.verb.check()
    assert till.keychain.items == {"live": pairing}


async def test_a_check_that_is_overtaken_by_the_end_of_the_pairing_brings_nothing_back() -> None:
    till = Till()
    await till.pair()

    async def unpair_once() -> None:
        till.relay.before = None
        await till.verb.unpair()

    till.relay.before = unpair_once
    await till.verb.check()
    assert till.keychain.items == {}
    assert till.relay.calls[1:] == ["head"], "a check asks and changes nothing"
    assert till.told[-1] == (None, "")


async def test_unpairing_erases_and_tells_and_a_locked_keychain_keeps_all() -> None:
    till = Till()
    pairing = await till.pair()
    till.keychain.is_locked = True
    with pytest.raises(KeychainProblem):
        await till.verb.unpair()
    till.keychain.is_locked = False
    assert till.keychain.items == {"live": pairing}
    await till.verb.unpair()
    assert (till.keychain.items, till.verb.heard_at) == ({}, None)
    assert till.told[-1] == (None, "")


async def test_pairing_and_unpairing_stand_in_the_audit_without_code_or_token() -> None:
    till = Till()
    pairing = await till.pair()
    await till.verb.unpair()
    known = {"environment": "live", "relay": URL, "shop": "corner-store/main-street", "till": "till-0"}
    assert till.audit.deeds == [
        Deed(AuditAction.RELAY_PAIRED, "Cashier 1", {"environment": "live"}, {"environment": "live", "relay": URL}),
        Deed(AuditAction.RELAY_UNPAIRED, "Cashier 1", known, {"environment": "live"}),
    ]
    assert not [secret for secret in (CODE, pairing.token, pairing.signing_key) if secret in repr(till.audit.deeds)]


async def test_what_was_not_done_stands_there_as_such() -> None:
    till = Till()
    till.relay.failure = NoRelayAnswer(Trouble.TIMEOUT)
    with pytest.raises(NoRelayAnswer):
        await till.pair()
    till.relay.failure = None
    await till.pair()
    till.keychain.is_read_only = True
    with pytest.raises(KeychainProblem):
        await till.verb.unpair()
    assert [deed.action for deed in till.audit.deeds] == [
        AuditAction.RELAY_PAIRED, AuditAction.RELAY_NOT_CHANGED,
        AuditAction.RELAY_PAIRED, AuditAction.RELAY_UNPAIRED, AuditAction.RELAY_NOT_CHANGED,
    ]  # fmt: skip


async def test_what_cannot_be_written_down_is_not_done_and_the_code_stays_good() -> None:
    till = Till()
    till.audit.problem = DiskFull()
    with pytest.raises(ProfileProblem, match="disk is full"):
        await till.pair()
    assert till.relay.calls == []
    till.audit.problem = None
    pairing = await till.pair()
    till.audit.problem = DiskFull()
    with pytest.raises(ProfileProblem, match="disk is full"):
        await till.verb.unpair()
    assert till.keychain.items == {"live": pairing}


@pytest.mark.parametrize(("url", "code"), [("https://me:canary@relay.example.com", CODE), (URL, "canary")])
async def test_what_cannot_be_an_address_or_a_code_is_written_nowhere(url: str, code: str) -> None:
    till = Till()
    with pytest.raises(ValueError, match=r"plain address|twelve letters"):
        await till.verb.pair(url, code)
    assert (till.audit.deeds, till.relay.calls) == ([], [])


async def test_what_was_done_is_logged_without_code_or_token(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, logger="optty_desktop")
    till = Till()
    pairing = await till.pair()
    await till.verb.check()
    till.relay.codes[CODE] = "live"
    till.keychain.is_read_only = True
    with pytest.raises(RelayFailure):
        await till.pair()
    till.keychain.is_read_only = False
    await till.verb.unpair()
    assert [one.getMessage().partition(":")[0] for one in caplog.records] == [
        "paired with relay.example.com as till till-0 of corner-store/main-street",
        "paired with relay.example.com as till till-1, and not kept",
        "the pairing with the relay was ended",
    ]
    assert "canary" not in caplog.text + repr(pairing)
    assert CODE not in caplog.text
