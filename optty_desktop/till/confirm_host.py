"""Confirm a host for payment links: it goes into the profile, and the links that wait for it can be used at once."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

from optty_desktop.core.environments import EnvironmentKind
from optty_desktop.core.errors import HostRefused, NoRight, NotAllowedNow, ProfileProblem, UnsafeLink
from optty_desktop.core.events import EventKind, LinkEvent
from optty_desktop.core.held_links import HOST, held_host, held_url, is_held, lacks_address
from optty_desktop.core.host_names import HostFault, fault_of, readable_host
from optty_desktop.core.links import Note, PaymentLink
from optty_desktop.core.operations import Operation
from optty_desktop.core.policy import Policy
from optty_desktop.core.ports import ProfileStore, Record
from optty_desktop.till.rights import Action, verdict
from optty_desktop.till.session import Session

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class HostQuestion:
    """What a person is asked: the host as it is written, how it reads, and how many links wait for it."""

    host: str
    reads_as: str
    waiting: int


class ConfirmHost:
    """The verb. Where the administrator has set the hosts, nobody else confirms one."""

    def __init__(self, session: Session, profiles: ProfileStore, policy: Policy) -> None:
        self._session, self._profiles, self._policy = session, profiles, policy

    async def question(self, invoice_number: str) -> HostQuestion:
        """What confirming the host of this link is about.

        Raises HostRefused where nobody here may confirm it, NotAllowedNow where the link waits for no host any more,
        NoRight, ProfileProblem, JournalProblem.
        """
        link = await self._session.find(invoice_number)
        timeline = await self._session.timeline(invoice_number)
        host = held_host(timeline) if is_held(link, timeline) else ""
        if not host:
            raise NotAllowedNow(f"{invoice_number} waits for no host")
        await self._check(host)
        waiting = [one for one, url in await self._held() if _host_of(url) == host]
        return HostQuestion(host, readable_host(host) or host, len(waiting))

    async def confirm(self, host: str) -> Sequence[PaymentLink]:
        """Write the host into the profile and return the links that can be used now.

        Raises as ``question`` does; then nothing was confirmed, except after a JournalProblem, which leaves links held
        back until this is done again or the program starts anew.
        """
        await self._check(host)
        session = self._session
        stored = {one.id: one for one in await self._profiles.load()}.get(session.environment.id)
        if stored is None:
            raise ProfileProblem(f"there is no environment {session.environment.id} any more")
        if host not in stored.link_hosts:
            await self._profiles.save(replace(stored, link_hosts=(*stored.link_hosts, host)))
        session.gateway.accept_host(host)
        log.info("host of payment links confirmed in %s: %s", stored.id, host)
        return await self._release(host, session.identity.operator)

    async def release(self) -> Sequence[PaymentLink]:
        """Make the held links usable whose address passes the check now, and return them. Raises JournalProblem.

        Their timelines name nobody: how a host came into the profile is not known here, nor by whom.
        """
        return await self._release()

    async def _release(self, confirmed: str = "", operator: str = "") -> Sequence[PaymentLink]:
        released = []
        for link, url in await self._held():
            try:
                checked = self._session.gateway.check_link(url)
            except UnsafeLink:
                continue
            actor = operator if _host_of(checked) == confirmed else ""
            after = await self._session.change(link.invoice_number, partial(self._released, checked, actor))
            if after.url is not None:
                released.append(after)
        return released

    def _released(self, url: str, actor: str, link: PaymentLink, _operations: Sequence[Operation]) -> Sequence[Record]:
        if not lacks_address(link):
            return ()
        now, facts = self._session.clock.now(), {HOST: _host_of(url)}
        event = LinkEvent(link.invoice_number, now, EventKind.HOST_CONFIRMED, actor, facts)
        note = None if link.note is Note.ADDRESS_HELD_BACK else link.note
        return replace(link, url=url, note=note, changed_at=now), event

    async def _held(self) -> list[tuple[PaymentLink, str]]:
        """The links that wait for a host, with their addresses."""
        waiting = [link for link in await self._session.journal.unsettled_links() if lacks_address(link)]
        found = [(link, held_url(await self._session.timeline(link.invoice_number))) for link in waiting]
        return [(link, url) for link, url in found if url]

    async def _check(self, host: str) -> None:
        here = self._session.environment
        may_act = verdict(self._session.identity, Action.CONFIRM_HOST).is_allowed
        if self._policy.link_hosts:
            raise HostRefused(HostFault.POLICY, host, self._policy.file)
        if here.kind is EnvironmentKind.TRAINING or not may_act:
            raise NoRight
        fault = fault_of(host, here, await self._profiles.load())
        if fault is not None:
            raise HostRefused(fault, host)


def _host_of(url: str) -> str:
    """The host of an address that had the one plain shape when it was held back."""
    return url.removeprefix("https://").partition("/")[0]
