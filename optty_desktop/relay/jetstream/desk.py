"""Tills, codes, leases and audit heads in JetStream: the rules of the other engine, each change against a revision.

A till has a slot, which comes from its shop and name, so that there is one of each name; its token begins with it.
"""

import hashlib
import hmac
import json
import re
import secrets
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict
from typing import Any, Final

from optty_desktop.relay.audit_heads import check_head
from optty_desktop.relay.jetstream.bucket import Bucket
from optty_desktop.relay.jetstream.facts import Facts
from optty_desktop.relay.jetstream.layout import HEADS, Layout
from optty_desktop.relay.jetstream.link import Conflict, Link
from optty_desktop.relay.leases import LEASE_SECONDS, LONGEST
from optty_desktop.relay.moments import DAY, SECOND
from optty_desktop.relay.problems import LeaseHeld, NotPaired
from optty_desktop.relay.tills import (
    CODE_SECONDS,
    RENEW_DAYS,
    TRIES,
    WRONG_TOKEN,
    Till,
    digest_of,
    new_characters,
    new_token,
    read_characters,
    selector_of,
    spoken,
)

TILL: Final = "till."
SLOT_LENGTH: Final = 16
_SLOT: Final = re.compile(r"[0-9a-f]{16}")
_SELECTOR: Final = re.compile(r"[0-9A-Z]{4}")

Record = dict[str, Any]


def slot_of(shop: str, name: str) -> str:
    """Return the slot of the till of this name."""
    return hashlib.sha256(f"{shop}\n{name}".encode()).hexdigest()[:SLOT_LENGTH]


def till_of(record: Record) -> Till:
    """Return the till of a record."""
    return Till(**{name: record[name] for name in ("id", "shop", "name", "token_at", "paired_at")})


class Desk:
    """What tills ask for besides hints. Raises StoreUnavailable from every method that asks a server."""

    def __init__(self, link: Link, layout: Layout, facts: Facts) -> None:
        self._link = link
        self._facts = facts
        self._codes: Bucket = layout.codes
        self._leases: Bucket = layout.leases

    # Codes and tokens.

    async def new_code(self, shop: str, name: str, now: int) -> str:
        """Return a code with which a till of that name can be paired once; it ends the one before."""
        code, expires_at = new_characters(), now + CODE_SECONDS * SECOND
        value = {"digest": _digest(code), "shop": shop, "name": name, "expires_at": expires_at, "tries_left": TRIES}
        await self._codes.write(selector_of(code), value)
        await self._codes.write(slot_of(shop, name), {"selector": selector_of(code)})  # no other is good from now on
        return spoken(code)

    async def pair(self, typed: str, now: int, check: Callable[[str], None]) -> tuple[Till, str] | None:
        """Use a code up; return the till and its token, or None for a wrong code, of which one try is then gone.

        ``check`` is told the shop of a right code before that is used, and may raise: then it stays good.
        """
        code = read_characters(typed)
        selector = selector_of(code)
        if not _SELECTOR.fullmatch(selector):
            return None
        while True:
            entry = await self._codes.read(selector)
            value = entry.value
            if value is None or value["expires_at"] <= now or value["tries_left"] <= 0:
                return None
            is_right = hmac.compare_digest(_digest(code), value["digest"])
            if is_right and not await self._is_latest(value, selector):
                return None
            try:
                if is_right:
                    check(value["shop"])
                    await self._codes.remove(selector, entry.revision)
                else:
                    tries = value["tries_left"] - 1
                    await self._codes.write(selector, {**value, "tries_left": tries}, entry.revision)
            except Conflict:
                continue
            return await self._seated(value["shop"], value["name"], now) if is_right else None

    async def admitted(self, token: str, now: int) -> Till:
        """Return the till whose token this is; the first use of a renewed token ends the old one. Raises NotPaired."""
        record, revision = await self._record_of(token)
        while record["next"] == _digest(token):
            renewed = {**record, "token": record["next"], "next": "", "token_at": now}
            try:
                await self._facts.write(TILL + token[:SLOT_LENGTH], renewed, revision)
                record = renewed
            except Conflict:
                record, revision = await self._record_of(token)
        if record["token_at"] <= now - 2 * RENEW_DAYS * DAY:
            raise NotPaired(WRONG_TOKEN)
        return till_of(record)

    async def renew(self, token: str, now: int) -> str:
        """Return a new token. The old one works until the new one is used. Raises NotPaired."""
        while True:
            await self.admitted(token, now)
            slot = token[:SLOT_LENGTH]
            entry, new = await self._facts.read(TILL + slot), slot + new_token()
            if entry.value is None or entry.value["token"] != _digest(token):
                continue  # revoked or renewed in between, which the next look says
            try:
                await self._facts.write(TILL + slot, {**entry.value, "next": _digest(new)}, entry.revision)
            except Conflict:
                continue
            return new

    async def revoke(self, till_id: str) -> Till | None:
        """Shut a till out; return it, or None where there is none of this id. Its leases end with it."""
        for slot, record in self._facts.under(TILL):
            if record["id"] == till_id:
                return await self._shut_out(slot, till_id)
        return None

    async def _shut_out(self, slot: str, till_id: str) -> Till | None:
        """Empty a slot unless another till has it by now."""
        while True:
            entry = await self._facts.read(TILL + slot)
            if entry.value is None or entry.value["id"] != till_id:
                return None
            with suppress(Conflict):  # its token was renewed in between
                await self._facts.remove(TILL + slot, entry.revision)
                return till_of(entry.value)

    async def _is_latest(self, code: Record, selector: str) -> bool:
        latest = (await self._codes.read(slot_of(code["shop"], code["name"]))).value
        return latest is not None and latest["selector"] == selector

    async def _seated(self, shop: str, name: str, now: int) -> tuple[Till, str]:
        """Give the slot to a new till: the token of the one before opens nothing any more."""
        till, slot = Till(secrets.token_hex(8), shop, name, now, now), slot_of(shop, name)
        token = slot + new_token()
        await self._facts.write(TILL + slot, {**asdict(till), "token": _digest(token), "next": ""})
        return till, token

    async def _record_of(self, token: str) -> tuple[Record, int | None]:
        """Return the record that a token fits, of the mirror where it does, else of the leader. Raises NotPaired."""
        slot, digest = token[:SLOT_LENGTH], _digest(token)
        if _SLOT.fullmatch(slot):
            record = self._facts.value(TILL + slot)
            if record is not None and record["token"] == digest:
                return record, None
            entry = await self._facts.read(TILL + slot)
            if entry.value is not None and digest in (entry.value["token"], entry.value["next"]):
                return entry.value, entry.revision
        raise NotPaired(WRONG_TOKEN)

    # Leases and audit heads.

    async def take_lease(self, till: Till, invoice: str, now: int) -> int:
        """Give the till the link for 120 seconds, or for 120 more; return the seconds. Raises LeaseHeld."""
        key = _lease_key(till, invoice)
        while True:
            entry = await self._leases.read(key)
            lease = entry.value
            is_held = lease is not None and lease["till"] != till.id and now < lease["until"] <= now + LONGEST
            if lease is not None and is_held and await self._is_paired(lease):
                raise LeaseHeld(-(-(lease["until"] - now) // SECOND))
            slot = slot_of(till.shop, till.name)
            value = {"till": till.id, "slot": slot, "until": now + LEASE_SECONDS * SECOND}
            try:
                await self._leases.write(key, value, entry.revision)
            except Conflict:
                continue
            return LEASE_SECONDS

    async def give_lease_back(self, till: Till, invoice: str) -> None:
        """End the till's own lease; does nothing to another's."""
        key = _lease_key(till, invoice)
        entry = await self._leases.read(key)
        if entry.value is not None and entry.value["till"] == till.id:
            with suppress(Conflict):  # then it is not its own any more
                await self._leases.remove(key, entry.revision)

    async def add_head(self, till: Till, position: int, digest: str, now: int) -> None:
        """Keep the digest of the till's record at its entry ``position``. Raises HeadContradicted."""
        while True:
            last, seq = await self._last_head(till.id)
            check_head(last, position, digest)
            if last == (position, digest):
                return
            data = json.dumps({"position": position, "digest": digest, "received_at": now}).encode()
            try:
                await self._link.put(f"head.{till.id}", data, {}, seq)
            except Conflict:
                continue
            return

    async def last_head(self, till_id: str) -> tuple[int, str] | None:
        """Return place and digest of the newest head of a till."""
        return (await self._last_head(till_id))[0]

    async def _last_head(self, till_id: str) -> tuple[tuple[int, str] | None, int]:
        kept = await self._link.newest(HEADS, f"head.{till_id}")
        if kept is None:
            return None, 0
        value = json.loads(kept.data)
        return (value["position"], value["digest"]), kept.seq

    async def _is_paired(self, lease: Record) -> bool:
        record = (await self._facts.read(TILL + lease["slot"])).value
        return record is not None and record["id"] == lease["till"]


def _digest(text: str) -> str:
    return digest_of(text).hex()


def _lease_key(till: Till, invoice: str) -> str:
    return hashlib.sha256(f"{till.shop}\n{invoice}".encode()).hexdigest()
