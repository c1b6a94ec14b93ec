"""How news of payments reach this till now."""

from enum import StrEnum


class HintWay(StrEnum):
    """By which way; reads go on in every case."""

    ASKED = "asked"
    """This till has no relay: it asks the payment service itself."""
    LIVE = "live"
    """The relay tells within a moment, so links are read less often without it."""
    HELD_BACK = "held_back"
    """The relay is asked again and again, since something on the way holds its stream back."""
    AWAY = "away"
    """The relay cannot be reached, or it is not the relay that answers."""
    LOCKED = "locked"
    """The keychain does not say whether this till has a relay; it is asked again."""
    UNPAIRED = "unpaired"
    """The relay does not know this till any more."""
