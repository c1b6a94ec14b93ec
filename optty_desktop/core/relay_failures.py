"""What can go wrong between a till and the shop's relay.

    RelayFailure
    ├── CodeRefused       the pairing code is wrong, used or too old
    ├── TooManyCodes      the relay looks at no more codes for a moment
    ├── OtherEnvironment  the relay's shop belongs to another environment
    ├── NotPaired         the relay does not know this till, or not any more
    ├── NotARelay         something answers at this address, and it is no relay
    │   └── PlaceGone     hints are missing; in ``hints.relay_calls``, and only for who follows the stream
    ├── NotReached        surely nothing left this machine
    ├── NoRelayAnswer     no valid answer came back; with a code, that may be used up
    └── PairingNotKept    the relay has paired this till, but the keychain did not keep it

``str(error)`` is for support and logs; it never holds a code, a token or words of the other side.
"""

from optty_desktop.core.errors import AppError, Trouble


class RelayFailure(AppError):
    """Base of all. ``details["host"]`` is the relay's host, ``wait`` the seconds that it asks to be left alone."""

    wait: float = 0.0


class CodeRefused(RelayFailure):
    """A wrong, used or too old code; the relay does not say which, so that nothing is learned from it."""


class TooManyCodes(RelayFailure):
    """The relay has been shown too many codes at once."""


class OtherEnvironment(RelayFailure):
    """The code belongs to a shop in another environment, whose name is ``environment``."""

    def __init__(self, environment: str) -> None:
        super().__init__("the relay's shop belongs to another environment")
        self.environment = environment


class NotPaired(RelayFailure):
    """The till is not, or not any more, paired with the relay."""


class NotARelay(RelayFailure):
    """Whoever answers does not speak as a relay does: a redirect, a page, another shape."""


class NotReached(RelayFailure):
    """Nothing of the request left this machine."""

    def __init__(self, trouble: Trouble) -> None:
        super().__init__(f"not reached: {trouble}")
        self.trouble = trouble


class NoRelayAnswer(RelayFailure):
    """The relay failed, or was cut off in the middle: ``trouble`` is SERVER, TIMEOUT or CUT."""

    def __init__(self, trouble: Trouble) -> None:
        super().__init__(f"no answer: {trouble}")
        self.trouble = trouble


class PairingNotKept(RelayFailure):
    """The code is used up, and the pairing is lost: the keychain did not take it."""
