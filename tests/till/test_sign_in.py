"""Signing in: nothing is remembered or left open unless all held."""

from __future__ import annotations

import pytest

from optty_desktop.core.environments import Credentials, Environment
from optty_desktop.core.errors import JournalInUse, SignInRefused
from optty_desktop.core.link_book import LinkBook
from optty_desktop.core.links import LinkState
from optty_desktop.core.ports import Journal, PaymentGateway
from optty_desktop.till.sign_in import SignIn
from tests.fakes import IDENTITY, LIVE, FakeClock, FakeKeychain, FakeOptty, MemoryJournal, counted_bytes, link

SHOP = Credentials("shop_live_4F81C2", "s3cr3t")


class World:
    """Everything around the verb."""

    def __init__(self, *, has_keychain: bool = True) -> None:
        self.gateway, self.journal = FakeOptty(LIVE), MemoryJournal()
        self.keychain = FakeKeychain(works=has_keychain)
        self.journal_error: Exception | None = None
        self.opened: list[str] = []
        self.verb = SignIn(self.open_gateway, self.open_journal, self.keychain, FakeClock(), counted_bytes())

    def open_gateway(self, environment: Environment, credentials: Credentials) -> PaymentGateway:
        assert (environment, credentials) == (LIVE, SHOP)
        return self.gateway

    async def open_journal(self, environment_id: str) -> Journal:
        if self.journal_error:
            raise self.journal_error
        self.opened.append(environment_id)
        return self.journal


async def test_a_session_starts_on_the_environments_own_record() -> None:
    world = World()
    book = LinkBook()
    session = await world.verb.sign_in(LIVE, SHOP, IDENTITY, book=book)
    assert world.opened == ["live"]
    assert session.environment is LIVE
    assert session.book is book
    assert world.keychain.items == {}
    await session.close()
    assert world.gateway.is_closed
    assert world.journal.is_closed


async def test_credentials_are_remembered_only_when_asked_and_forgotten_on_request() -> None:
    world = World()
    assert await world.verb.can_remember()
    await world.verb.sign_in(LIVE, SHOP, IDENTITY)
    assert await world.verb.remembered("live") is None
    assert await world.verb.remember("live", SHOP)
    assert await world.verb.remembered("live") == SHOP
    await world.verb.forget("live")
    assert await world.verb.remembered("live") is None


async def test_without_a_keychain_signing_in_still_works() -> None:
    world = World(has_keychain=False)
    assert not await world.verb.can_remember()
    await world.verb.sign_in(LIVE, SHOP, IDENTITY)
    assert not await world.verb.remember("live", SHOP)
    assert await world.verb.remembered("live") is None
    await world.verb.forget("live")


async def test_a_refused_secret_leaves_nothing_open_and_nothing_remembered() -> None:
    world = World()

    async def refuse(_call: str) -> None:
        raise SignInRefused(401)

    world.gateway.before = refuse
    with pytest.raises(SignInRefused):
        await world.verb.sign_in(LIVE, SHOP, IDENTITY)
    assert world.gateway.is_closed
    assert world.opened == []
    assert world.keychain.items == {}


async def test_a_record_in_use_closes_the_line_again() -> None:
    world = World()
    world.journal_error = JournalInUse()
    with pytest.raises(JournalInUse):
        await world.verb.sign_in(LIVE, SHOP, IDENTITY)
    assert world.gateway.is_closed
    assert world.keychain.items == {}


async def test_a_session_finds_links_of_earlier_days_in_the_record() -> None:
    world = World()
    await world.journal.commit(link("T2-7", LinkState.PAID))
    session = await world.verb.sign_in(LIVE, SHOP, IDENTITY)
    assert (await session.find("T2-7")).state is LinkState.PAID
    with pytest.raises(KeyError):
        await session.find("T2-8")


def test_a_secret_never_shows_in_a_representation() -> None:
    assert "s3cr3t" not in repr(SHOP)


async def test_a_day_has_its_copy_and_work_goes_on_without() -> None:
    world = World()
    session = await world.verb.sign_in(LIVE, SHOP, IDENTITY)
    assert await session.back_up()
    assert world.journal.backed_up == [session.clock.now().astimezone().date()]
    world.journal.fail_with = JournalInUse()
    assert not await session.back_up()
