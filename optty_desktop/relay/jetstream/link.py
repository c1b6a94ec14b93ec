"""The line to the NATS servers: every request ends within seconds, and every failure is the relay's own.

What cannot be known to be durable is StoreUnavailable: the relay then answers 503, and Optty sends again.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeVar

import nats.errors
import nats.js.errors
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.js.api import AckPolicy, ConsumerConfig, DeliverPolicy, PubAck, RawStreamMsg, StreamConfig, StreamInfo

from optty_desktop.relay import event_log
from optty_desktop.relay.config import JetStream
from optty_desktop.relay.jetstream.credentials import key_of, trust_of
from optty_desktop.relay.problems import StoreUnavailable

if TYPE_CHECKING:
    from optty_desktop.relay.jetstream.nkey import NKey

T = TypeVar("T")

REQUEST_SECONDS: Final = 4.0
"""A cluster may take longer to choose a new leader: then the answer is 503, and Optty sends again."""

CONNECT_SECONDS: Final = 4.0
_TRY_SECONDS: Final = 2
_WAIT_SECONDS: Final = 0.25
_PING_SECONDS: Final = 2
_WRONG_LAST: Final = (10071, 10164)
_OTHER_SETTINGS: Final = 10058
_NOT_FOUND: Final = 404


class Conflict(Exception):
    """Somebody else has written there since it was read."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A stored message, as far as the relay needs it."""

    seq: int
    subject: str
    headers: dict[str, str]
    data: bytes


class _SigningClient(Client):
    """A client that signs with the relay's own NKey."""

    def __init__(self, key: "NKey | None") -> None:
        super().__init__()
        self._relay_key = key

    def _setup_nkeys_connect(self) -> None:
        if self._relay_key is not None:
            self._public_nkey = self._relay_key.public
            self._signature_cb = self._relay_key.sign


class Link:
    """One connection. Belongs to the event loop that opened it. Raises StoreUnavailable from every request."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._stream = client.jetstream(timeout=REQUEST_SECONDS)
        self._last_error: Exception | None = None
        self.reconnected: list[Callable[[], None]] = []
        """Called when a line that was lost is there again."""

    @classmethod
    async def open(cls, settings: JetStream) -> "Link":
        """Connect to one of the servers. Raises StoreUnavailable with the reason, and without any secret."""
        client = _SigningClient(key_of(settings))
        link = cls(client)
        try:
            async with asyncio.timeout(CONNECT_SECONDS):
                await client.connect(
                    servers=list(settings.servers),
                    name="optty-relay",
                    error_cb=link._on_error,
                    disconnected_cb=link._on_lost,
                    reconnected_cb=link._on_found,
                    connect_timeout=_TRY_SECONDS,
                    reconnect_time_wait=_WAIT_SECONDS,  # type: ignore[arg-type]
                    max_reconnect_attempts=-1,
                    ping_interval=_PING_SECONDS,
                    max_outstanding_pings=1,
                    pending_size=0,  # what cannot be sent now fails now, instead of being sent by surprise later
                    tls=trust_of(settings),
                    nkeys_seed_str="of the relay" if settings.credentials else None,
                )
        except (nats.errors.Error, OSError, TimeoutError) as error:
            await client.close()
            raise StoreUnavailable(_sentence(settings, link._last_error or error)) from error
        return link

    @property
    def is_up(self) -> bool:
        """Whether there is a connection to a server now."""
        return bool(self._client.is_connected)

    async def try_another(self) -> None:
        """Go to the next of the servers: this one answers and can do nothing, as when it is cut off from the others."""
        await _answered(self._client.force_reconnect)

    async def close(self) -> None:
        """End the connection."""
        await self._client.close()

    async def ensure(self, config: StreamConfig) -> StreamInfo:
        """Have a stream of these settings, and return what is known of it."""

        async def made() -> StreamInfo:
            try:
                return await self._stream.add_stream(config)
            except nats.js.errors.BadRequestError as error:
                if error.err_code != _OTHER_SETTINGS:
                    raise
                return await self._stream.update_stream(config)

        return await _answered(made)

    async def info(self, stream: str) -> StreamInfo:
        """Return what the leader of a stream knows of it."""
        return await _answered(lambda: self._stream.stream_info(stream))

    async def put(self, subject: str, data: bytes, headers: dict[str, str], last: int | None = None) -> PubAck:
        """Store a message and return once a majority has it.

        With ``last``, only if that is the newest message of the subject (0: there is none). Raises Conflict.
        """
        if last is not None:
            headers = {**headers, "Nats-Expected-Last-Subject-Sequence": str(last)}
        return await _answered(lambda: self._stream.publish(subject, data, headers=headers))

    async def at(self, stream: str, seq: int) -> Kept | None:
        """Return the message of this number, or None where it is not kept."""
        return await self._found(lambda: self._stream.get_msg(stream, seq))

    async def newest(self, stream: str, subject: str) -> Kept | None:
        """Return the newest message of a subject."""
        return await self._found(lambda: self._stream.get_msg(stream, subject=subject))

    async def next_from(self, stream: str, subject: str, seq: int) -> Kept | None:
        """Return the first message of a subject from a number on."""
        return await self._found(lambda: self._stream.get_msg(stream, max(seq, 1), subject=subject, next=True))

    async def page(self, stream: str, subject: str, first: int, most: int, *, is_thin: bool) -> list[Kept]:
        """Return messages of a subject from a number on, oldest first; fewer than ``most`` means that was all."""
        config = ConsumerConfig(
            deliver_policy=DeliverPolicy.BY_START_SEQUENCE,
            opt_start_seq=max(first, 1),
            ack_policy=AckPolicy.NONE,
            headers_only=is_thin,
            mem_storage=True,
            num_replicas=1,
            inactive_threshold=REQUEST_SECONDS,
        )

        async def read() -> list[Msg]:
            reader = await self._stream.pull_subscribe(subject, stream=stream, config=config)
            try:
                info = await reader.consumer_info()
                count = min(most, info.num_pending or 0)
                messages: list[Msg] = []
                while len(messages) < count:
                    messages += await reader.fetch(count - len(messages), timeout=REQUEST_SECONDS)
                await self._stream.delete_consumer(stream, info.name)
            finally:
                await reader.unsubscribe()
            return messages

        found = await _answered(read)
        return [Kept(one.metadata.sequence.stream, one.subject, one.headers or {}, one.data) for one in found]

    async def delete(self, stream: str, seq: int) -> bool:
        """Overwrite one message, and forget it; say whether it was there."""
        try:
            return await _answered(lambda: self._stream.delete_msg(stream, seq))
        except StoreUnavailable:
            if await self.at(stream, seq) is not None:
                raise
            return False  # somebody else was faster

    async def purge(self, stream: str, before: int) -> None:
        """Forget every message before a number."""
        await _answered(lambda: self._stream.purge_stream(stream, seq=before))

    async def listen(self, hear: Callable[[Msg], Awaitable[None]]) -> tuple[str, Callable[[], Awaitable[None]]]:
        """Subscribe to an address of its own; return it, and what ends that."""
        inbox = self._client.new_inbox()
        subscription = await _answered(lambda: self._client.subscribe(inbox, cb=hear))

        async def end() -> None:
            if not self._client.is_closed:
                await subscription.unsubscribe()

        return inbox, end

    async def consume(self, stream: str, config: dict[str, Any]) -> tuple[int, int]:
        """Have messages delivered as ``config`` says; return how many wait already, and the number before the first."""
        request = json.dumps({"stream_name": stream, "config": config}).encode()
        subject = f"$JS.API.CONSUMER.CREATE.{stream}"
        answer = await _answered(lambda: self._client.request(subject, request, timeout=REQUEST_SECONDS))
        document = json.loads(answer.data)
        if "error" in document:
            raise StoreUnavailable("The relay cannot read its store.")
        return int(document["num_pending"]), int(document["delivered"]["stream_seq"])

    async def _found(self, ask: Callable[[], Awaitable[RawStreamMsg]]) -> Kept | None:
        async def asked() -> RawStreamMsg | None:
            try:
                return await ask()
            except nats.js.errors.NotFoundError:
                return None

        found = await _answered(asked)
        if found is None:
            return None
        return Kept(found.seq or 0, found.subject or "", dict(found.headers or {}), found.data or b"")

    async def _on_error(self, error: Exception) -> None:
        """Keep it for the one sentence of a start in vain; whoever asked for something is told by its request."""
        self._last_error = error

    async def _on_lost(self) -> None:
        if not self._client.is_closed:
            event_log.alarm("line lost")

    async def _on_found(self) -> None:
        event_log.note("line found")
        for call in self.reconnected:
            call()


async def _answered(ask: Callable[[], Awaitable[T]]) -> T:
    """Await a request; put what goes wrong into the relay's words."""
    try:
        return await ask()
    except nats.js.errors.APIError as error:
        if error.err_code in _WRONG_LAST:
            raise Conflict from error
        raise StoreUnavailable("The relay cannot write its store.") from error
    except (nats.errors.Error, OSError, ValueError) as error:
        raise StoreUnavailable("The relay cannot reach its store.") from error


def _sentence(settings: JetStream, error: Exception) -> str:
    reason = str(error) or type(error).__name__
    return f"The relay cannot reach NATS at {', '.join(settings.servers)}: {reason.removeprefix('nats: ')}."
