"""How each state of a link looks: word, icon and colours. Never colour alone, never icon alone."""

from dataclasses import dataclass
from enum import StrEnum

from optty_desktop.core.links import LinkState
from optty_desktop.ui.words import tr


class ChipStyle(StrEnum):
    """FILLED has a tint, OUTLINE a thin border and no fill, WARNING a tint and a strong border."""

    FILLED = "filled"
    OUTLINE = "outline"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class StateLook:
    """Icon and colour tokens of one state. A final state keeps its fill when the screen is stale."""

    icon: str
    color: str
    tint: str
    style: ChipStyle
    is_final: bool


STATE_LOOKS: dict[LinkState, StateLook] = {
    LinkState.PENDING: StateLook("clock", "neutral", "neutral_tint", ChipStyle.FILLED, is_final=False),
    LinkState.IN_PROGRESS: StateLook("circle-ellipsis", "info", "info_tint", ChipStyle.FILLED, is_final=False),
    LinkState.PAID: StateLook("circle-check", "success", "success_tint", ChipStyle.FILLED, is_final=True),
    LinkState.DECLINED: StateLook("octagon-x", "danger", "danger_tint", ChipStyle.FILLED, is_final=False),
    LinkState.CANCELLED: StateLook("ban", "text_muted", "surface", ChipStyle.OUTLINE, is_final=True),
    LinkState.REFUNDED: StateLook("undo-2", "refund", "refund_tint", ChipStyle.FILLED, is_final=True),
    LinkState.EXPIRED: StateLook("timer-off", "text_muted", "surface", ChipStyle.OUTLINE, is_final=True),
    LinkState.UNKNOWN: StateLook("triangle-alert", "warning", "warning_tint", ChipStyle.WARNING, is_final=False),
}


def state_word(state: LinkState) -> str:
    """The word for `state`."""
    match state:
        case LinkState.PENDING:
            return tr("Pending")
        case LinkState.IN_PROGRESS:
            return tr("In progress")
        case LinkState.PAID:
            return tr("Paid")
        case LinkState.DECLINED:
            return tr("Declined")
        case LinkState.CANCELLED:
            return tr("Cancelled")
        case LinkState.REFUNDED:
            return tr("Refunded")
        case LinkState.EXPIRED:
            return tr("Expired")
        case LinkState.UNKNOWN:
            return tr("Needs check")
