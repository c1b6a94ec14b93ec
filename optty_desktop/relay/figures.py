"""What the relay counts, in the text form that Prometheus reads. Names no merchant, shop or till."""

from collections import Counter
from enum import StrEnum
from typing import Final

MEDIA_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"


class Notices(StrEnum):
    """What may become of a notice."""

    STORED = "stored"
    REPEATED = "repeated"
    UNROUTED = "unrouted"
    UNREADABLE = "unreadable"
    WRONG_ADDRESS = "wrong_address"
    TOO_LARGE = "too_large"
    TOO_MANY = "too_many"
    CUT = "cut"
    NOT_STORED = "not_stored"


class Figures:
    """The counters and gauges of one run."""

    def __init__(self) -> None:
        self.notices: Counter[Notices] = Counter()
        self.hints_delivered = 0
        self.tills_refused = 0
        self.codes_refused = 0
        self.streams = 0
        self.new_epochs = 0
        self.is_store_failing = False
        self.last_notice_at = 0

    def text(self) -> str:
        """Return all figures."""
        lines = _family("notices_total", "counter", "Notices by what became of them")
        lines += [f'optty_relay_notices_total{{result="{kind}"}} {self.notices[kind]}' for kind in Notices]
        for name, kind, meaning, value in (
            ("hints_delivered_total", "counter", "Hints sent to tills", self.hints_delivered),
            ("tills_refused_total", "counter", "Requests of tills with a token that opens nothing", self.tills_refused),
            ("codes_refused_total", "counter", "Pairing codes that were wrong, used or too old", self.codes_refused),
            ("new_epochs_total", "counter", "Times an older store was found put back", self.new_epochs),
            ("streams", "gauge", "Tills that are being told now", self.streams),
            ("store_failing", "gauge", "Whether the last use of the store failed", int(self.is_store_failing)),
            ("last_notice_timestamp_seconds", "gauge", "When the last notice came", self.last_notice_at),
        ):
            lines += [*_family(name, kind, meaning), f"optty_relay_{name} {value}"]
        return "\n".join(lines) + "\n"


def _family(name: str, kind: str, meaning: str) -> list[str]:
    return [f"# HELP optty_relay_{name} {meaning}.", f"# TYPE optty_relay_{name} {kind}"]
