"""Newer versions over HTTP: the announcement at the shop's address, and packages that lie beside it."""

import asyncio
from collections.abc import Callable
from typing import Final

from optty_desktop.api.exchange import CallKind
from optty_desktop.api.transport import HttpTransport
from optty_desktop.api.update_manifest import read_manifest
from optty_desktop.core.errors import OutcomeUnknown, Trouble
from optty_desktop.core.updates import Manifest, Package, UpdateFlaw, UpdateRefused, Updates

_SECONDS: Final = 20.0
_PACKAGE_SECONDS: Final = 1800.0
_OK: Final = 200


class HttpUpdateChannel:
    """``updates`` is switched on. Only its host is ever asked: what is announced are names of files there."""

    def __init__(self, transport: HttpTransport, updates: Updates) -> None:
        self._transport, self._updates = transport, updates

    async def newest(self) -> Manifest:
        """Fetch the announcement. Raises UpdateRefused, and NotSent or OutcomeUnknown where it did not come."""
        try:
            answer = await self._transport.send(
                "GET",
                self._updates.manifest_url,
                template="/update-manifest",
                headers={},
                kind=CallKind.READ,
                deadline=_SECONDS,
            )
        except OutcomeUnknown as error:
            raise _too_large(error) from error
        if answer.status != _OK:
            raise UpdateRefused(UpdateFlaw.NOT_THERE)
        return await asyncio.to_thread(read_manifest, answer.body, self._updates.public_key)

    async def fetch(self, package: Package, take: Callable[[bytes], None]) -> None:
        """Hand the bytes of a package to ``take``, as they come and no more than it should have.

        Raises UpdateRefused where the server has none or too many, NotSent or OutcomeUnknown where they did not all
        come. Whether they are the right ones is for the caller to look at; what ``take`` raises goes through.
        """
        folder = self._updates.manifest_url.rpartition("/")[0]
        try:
            status = await self._transport.download(
                f"{folder}/{package.file}",
                template="/update-package",
                most=package.size,
                take=take,
                deadline=_PACKAGE_SECONDS,
            )
        except OutcomeUnknown as error:
            raise _too_large(error, UpdateFlaw.WRONG_SIZE) from error
        if status != _OK:
            raise UpdateRefused(UpdateFlaw.NOT_THERE)


def _too_large(error: OutcomeUnknown, flaw: UpdateFlaw = UpdateFlaw.TOO_LARGE) -> OutcomeUnknown | UpdateRefused:
    return UpdateRefused(flaw) if error.trouble is Trouble.TOO_LARGE else error
