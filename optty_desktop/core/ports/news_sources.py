"""Where hints come from: the relay this till is paired with, addresses that catch notices, and people."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Protocol

from optty_desktop.core.environments import Environment
from optty_desktop.core.hints import Hint, HintSource, Pasted, Taken
from optty_desktop.core.pairing import RelayHead, RelayPairing


class PairingStore(Protocol):
    """Where a till keeps its pairing with the relay: the keychain. Every call raises KeychainProblem."""

    async def load_pairing(self, environment_id: str) -> RelayPairing | None: ...
    async def store_pairing(self, pairing: RelayPairing) -> None: ...
    async def erase_pairing(self, environment_id: str) -> None: ...


class RelayDesk(Protocol):
    """What a till asks of a relay beside hints. Every call raises a RelayFailure of ``core.relay_failures``."""

    async def pair(self, url: str, code: str, environment: Environment) -> tuple[RelayPairing, str]:
        """Use a code up; return the pairing and the place where the stream begins.

        Raises CodeRefused, and OtherEnvironment for a code of a shop in another environment, which stays good.
        """
        ...

    async def head(self, pairing: RelayPairing) -> RelayHead:
        """Where the stream ends now. Raises NotPaired when the relay does not know the till any more."""
        ...


class HintDesk(Protocol):
    """Where sources bring their hints; the till's side of it. Raises JournalProblem."""

    async def cursor(self, source: HintSource) -> str | None:
        """How far ``source`` has come; None before its first hint."""
        ...

    async def take(self, hints: Sequence[Hint], *, source: HintSource, cursor: str | None = None) -> Taken:
        """Keep the hints and the place behind them, durably. When it raises, nothing was taken."""
        ...

    async def report(self, hint: Hint) -> None:
        """The relay vouches that the notice behind this hint calls its link paid."""
        ...

    def missed(self) -> None:
        """Hints may be missing: have every open link read."""


class NoticeReader(Protocol):
    """Reads notices as people have them. Every call raises NoticeProblem where there is none that can be read."""

    async def read_text(self, text: str, at: datetime) -> Pasted:
        """What is in a pasted text; ``at`` is when it was pasted."""
        ...

    async def read_file(self, path: Path, at: datetime) -> Pasted:
        """What is in a file on this computer."""
        ...


class OutsideRead(Protocol):
    """Reads a page that is not the payment service's, without any credentials."""

    async def __call__(self, url: str, *, template: str) -> Mapping[str, object]:
        """The JSON object at ``url``; ``template`` is the path without values, for logs.

        Raises NotSent, OutcomeUnknown or a Refused.
        """
        ...
