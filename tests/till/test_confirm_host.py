"""A host is confirmed once, by a person, and the links that waited for it can be used without another create."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from optty_desktop.core.environments import Environment, EnvironmentKind
from optty_desktop.core.errors import DiskFull, HostRefused, NoRight, NotAllowedNow, ProfileProblem, UnsafeLink
from optty_desktop.core.events import EventKind
from optty_desktop.core.held_links import held_url
from optty_desktop.core.host_names import HostFault
from optty_desktop.core.links import LinkState, Note, PaymentLink
from optty_desktop.core.operations import Operation
from optty_desktop.core.policy import Policy
from optty_desktop.core.ports import OrderReading, Record
from optty_desktop.core.readings import learn
from optty_desktop.till.confirm_host import ConfirmHost
from optty_desktop.till.create_link import CreateLink
from optty_desktop.till.session import Session
from tests.fakes import (
    IDENTITY,
    LIVE,
    START,
    TRAINING,
    FakeClock,
    FakeOptty,
    FakeProfiles,
    MemoryJournal,
    counted_bytes,
    draft,
)

HOST = "pay.corner.example"


class Shop:
    """A till whose service answers with addresses on hosts of its own."""

    def __init__(self, environment: Environment = LIVE, operator: str = "Sara", policy: Policy | None = None) -> None:
        self.gateway, self.journal = FakeOptty(environment), MemoryJournal()
        self.profiles = FakeProfiles(environment)
        self._operator, self._policy = operator, policy or Policy()
        self.host = HOST
        self.gateway.after = self._answer
        self.start()

    def start(self) -> None:
        """Begin a session on the record that is there, by the profile as it is stored."""
        self.gateway.environment = self.profiles.items[self.gateway.environment.id]
        identity = replace(IDENTITY, operator=self._operator)
        self.till = Session(self.gateway, self.journal, identity, FakeClock(), counted_bytes())
        self.verb = ConfirmHost(self.till, self.profiles, self._policy)

    async def make(self, host: str = HOST, *, reason: str = "host not listed") -> str:
        """Create a link whose address leads to ``host``; returns its number."""
        self.host, self.reason = host, reason
        known = set(self.journal.saved)
        with pytest.raises(UnsafeLink):
            await CreateLink(self.till, str).create(draft())
        (number,) = set(self.journal.saved) - known
        return number

    def link(self, number: str) -> PaymentLink:
        """The link as it stands in the record."""
        return self.journal.saved[number]

    async def _answer(self, call: str) -> None:
        if call == "create":
            error = UnsafeLink(self.reason, self.host)
            error.held_url = f"https://{self.host}/p/{len(self.journal.saved)}" if self.reason[0] == "h" else None
            raise error


async def test_a_held_address_is_kept_where_nothing_can_show_it() -> None:
    shop = Shop()
    number = await shop.make()
    link = shop.link(number)
    assert (link.state, link.note, link.url) == (LinkState.PENDING, Note.ADDRESS_HELD_BACK, None)
    assert held_url(await shop.till.timeline(number)) == "https://pay.corner.example/p/1"


async def test_the_question_names_host_and_links() -> None:
    shop = Shop()
    first, _second, _other = await shop.make(), await shop.make(), await shop.make("pay.other.example")
    question = await shop.verb.question(first)
    assert (question.host, question.reads_as, question.waiting) == (HOST, HOST, 2)
    mine = await shop.make("pay.xn--bcher-kva.example")
    assert (await shop.verb.question(mine)).reads_as == "pay.bücher.example"


async def test_confirming_frees_the_links_of_that_host_at_once_and_no_others() -> None:
    shop = Shop()
    first, second, other = await shop.make(), await shop.make(), await shop.make("pay.other.example")
    sent = list(shop.gateway.bodies)
    freed = await shop.verb.confirm(HOST)
    assert {link.invoice_number for link in freed} == {first, second}
    assert shop.link(first).url == "https://pay.corner.example/p/1"
    assert shop.link(first).note is None
    assert shop.link(other).url is None
    assert shop.profiles.items["live"].link_hosts == (*LIVE.link_hosts, HOST)
    assert shop.till.environment.link_hosts == (*LIVE.link_hosts, HOST), "the next link of that host is not held back"
    assert shop.gateway.bodies == sent, "nothing was created again"
    newest = (await shop.till.timeline(first))[0]
    assert (newest.kind, newest.actor, newest.facts) == (EventKind.HOST_CONFIRMED, "Sara", {"host": HOST})
    with pytest.raises(NotAllowedNow):
        await shop.verb.question(first)


async def test_the_program_may_stop_between_the_create_and_the_answer_of_a_person() -> None:
    shop = Shop()
    number = await shop.make()
    shop.start()
    assert await shop.verb.release() == []
    assert (await shop.verb.question(number)).host == HOST
    await shop.verb.confirm(HOST)
    assert shop.link(number).url == "https://pay.corner.example/p/1"


async def test_a_stop_after_the_profile_was_written_is_caught_up_at_the_next_start() -> None:
    shop = Shop()
    number = await shop.make()
    shop.journal.fail_with = DiskFull()
    with pytest.raises(DiskFull):
        await shop.verb.confirm(HOST)
    shop.journal.fail_with = None
    assert shop.link(number).url is None
    shop.start()
    assert [link.invoice_number for link in await shop.verb.release()] == [number]


async def test_a_host_that_came_into_the_profile_otherwise_was_confirmed_by_nobody_who_signs_in() -> None:
    shop = Shop()
    number = await shop.make()
    shop.profiles.items["live"] = replace(LIVE, link_hosts=(*LIVE.link_hosts, HOST))
    shop.start()
    assert len(await shop.verb.release()) == 1
    newest = (await shop.till.timeline(number))[0]
    assert (newest.kind, newest.actor, newest.facts) == (EventKind.HOST_CONFIRMED, "", {"host": HOST})


async def test_who_confirms_a_host_frees_no_other_link_in_their_name() -> None:
    shop = Shop()
    asked, other = await shop.make(), await shop.make("pay.other.example")
    shop.profiles.items["live"] = replace(LIVE, link_hosts=(*LIVE.link_hosts, "pay.other.example"))
    shop.start()
    assert len(await shop.verb.confirm(HOST)) == 2
    actors = {number: (await shop.till.timeline(number))[0].actor for number in (asked, other)}
    assert actors == {asked: "Sara", other: ""}


async def test_a_profile_that_cannot_be_written_leaves_everything_held_back() -> None:
    shop = Shop()
    number = await shop.make()
    shop.profiles.is_read_only = True
    with pytest.raises(ProfileProblem):
        await shop.verb.confirm(HOST)
    assert shop.link(number).url is None
    assert shop.till.environment.link_hosts == LIVE.link_hosts


async def test_any_other_unsafe_address_waits_for_nobody() -> None:
    shop = Shop()
    number = await shop.make(reason="not a plain https address")
    with pytest.raises(NotAllowedNow):
        await shop.verb.question(number)
    await shop.verb.confirm(HOST)
    assert shop.link(number).url is None


@pytest.mark.parametrize(
    ("host", "fault"),
    [
        ("pay.xn--corner-7fg.example", HostFault.MIXED_SCRIPTS),
        ("203.0.113.5", HostFault.NAME),
        ("pay.qa.optty.com", HostFault.TEST_SYSTEM),
    ],
)
async def test_a_host_nobody_should_believe_cannot_be_confirmed(host: str, fault: HostFault) -> None:
    shop = Shop()
    number = await shop.make(host)
    for attempt in (shop.verb.question(number), shop.verb.confirm(host)):
        with pytest.raises(HostRefused) as caught:
            await attempt
        assert caught.value.reason == fault
    assert shop.profiles.items["live"] == LIVE
    assert shop.link(number).url is None


async def test_where_the_administrator_sets_the_hosts_nobody_else_does() -> None:
    shop = Shop(policy=Policy("/etc/policy.toml", link_hosts=LIVE.link_hosts))
    number = await shop.make()
    with pytest.raises(HostRefused) as caught:
        await shop.verb.question(number)
    assert (caught.value.reason, caught.value.file) == (HostFault.POLICY, "/etc/policy.toml")
    with pytest.raises(HostRefused):
        await shop.verb.confirm(HOST)
    shop.profiles.items["live"] = replace(LIVE, link_hosts=(HOST,))
    shop.start()
    assert len(await shop.verb.release()) == 1, "what the administrator allows later is free at the next start"


@pytest.mark.parametrize(("environment", "operator"), [(LIVE, ""), (TRAINING, "Sara")], ids=["nobody", "practice"])
async def test_nobody_without_the_right_confirms(environment: Environment, operator: str) -> None:
    shop = Shop(environment, operator)
    number = await shop.make()
    with pytest.raises(NoRight):
        await shop.verb.question(number)
    with pytest.raises(NoRight):
        await shop.verb.confirm(HOST)
    assert environment.kind is EnvironmentKind.LIVE or shop.profiles.items["training"] == TRAINING


async def test_a_link_that_was_closed_meanwhile_stays_closed() -> None:
    shop = Shop()
    number = await shop.make()
    shop.journal.saved[number] = replace(shop.link(number), state=LinkState.CANCELLED, note=None)
    assert await shop.verb.confirm(HOST) == []
    assert shop.link(number).url is None


async def reads(shop: Shop, number: str, state: LinkState | None, raw_word: str) -> None:
    """A read of the link's order finds that word."""
    reading = OrderReading(number, number, state, raw_word, shop.link(number).amount)

    def rule(link: PaymentLink, _operations: Sequence[Operation]) -> Sequence[Record]:
        learnt = learn(link, reading, START)
        return learnt.link, *learnt.events

    await shop.till.change(number, rule)


async def test_a_word_that_nobody_knows_takes_no_address_away() -> None:
    shop = Shop()
    number = await shop.make()
    for state, raw_word, shown in (
        (None, "ON_HOLD", LinkState.UNKNOWN),
        (LinkState.PENDING, "PENDING", LinkState.PENDING),
    ):
        await reads(shop, number, state, raw_word)
        assert shop.link(number).state is shown
        assert shop.link(number).note is Note.ADDRESS_HELD_BACK, "the row goes on saying why nothing can be sent"
        assert (await shop.verb.question(number)).waiting == 1
    await shop.verb.confirm(HOST)
    assert (shop.link(number).note, shop.link(number).url) == (None, "https://pay.corner.example/p/1")


@pytest.mark.parametrize("note", [None, Note.NOT_CONFIRMED])
async def test_what_the_timeline_keeps_can_be_freed_whatever_became_of_the_note(note: Note | None) -> None:
    shop = Shop()
    number = await shop.make()
    shop.journal.saved[number] = replace(shop.link(number), note=note)
    shop.start()
    assert (await shop.verb.question(number)).host == HOST
    assert [link.invoice_number for link in await shop.verb.confirm(HOST)] == [number]
    assert (shop.link(number).note, shop.link(number).url) == (note, "https://pay.corner.example/p/1")


async def test_an_address_comes_to_a_link_in_doubt_without_ending_the_doubt() -> None:
    shop = Shop()
    number = await shop.make()
    doubted = replace(shop.link(number), state=LinkState.UNKNOWN, note=Note.CANCEL_NOT_CONFIRMED)
    shop.journal.saved[number] = doubted
    shop.start()
    await shop.verb.confirm(HOST)
    freed = shop.link(number)
    assert (freed.state, freed.note, freed.url) == (doubted.state, doubted.note, "https://pay.corner.example/p/1")
