"""The verbs of one session, as the desk needs them."""

from dataclasses import dataclass
from typing import Self

from optty_desktop.core.policy import Policy
from optty_desktop.core.ports import LineProbe, NoticeReader, ProfileStore
from optty_desktop.till.cancel_or_refund import CancelOrRefund
from optty_desktop.till.change_connection import ChangeConnection
from optty_desktop.till.confirm_host import ConfirmHost
from optty_desktop.till.confirm_rebuilt import ConfirmRebuilt
from optty_desktop.till.create_link import CreateLink
from optty_desktop.till.export_record import ExportRecord
from optty_desktop.till.follow_status import FollowStatus
from optty_desktop.till.pair_relay import PairRelay
from optty_desktop.till.paste_notices import PasteNotices
from optty_desktop.till.session import Session
from optty_desktop.till.set_by_hand import SetByHand
from optty_desktop.till.settle_by_hand import SettleByHand
from optty_desktop.till.take_hints import TakeHints
from optty_desktop.till.test_connection import ConnectionTest


@dataclass(frozen=True, slots=True)
class Verbs:
    """What can be done once somebody is signed in."""

    session: Session
    create_link: CreateLink
    cancel_or_refund: CancelOrRefund
    follow_status: FollowStatus
    settle_by_hand: SettleByHand
    set_by_hand: SetByHand
    confirm_rebuilt: ConfirmRebuilt
    export_record: ExportRecord
    change_connection: ChangeConnection
    test_connection: ConnectionTest
    pair_relay: PairRelay
    confirm_host: ConfirmHost
    take_hints: TakeHints
    paste_notices: PasteNotices

    @classmethod
    def of(
        cls,
        session: Session,
        create: CreateLink,
        follow: FollowStatus,
        profiles: ProfileStore,
        probe: LineProbe,
        pair_relay: PairRelay,
        notices: NoticeReader,
        policy: Policy | None = None,
    ) -> Self:
        """The verbs of a session; those given need more than it."""
        take = TakeHints(session, follow)
        return cls(
            session,
            create,
            CancelOrRefund(session, profiles),
            follow,
            SettleByHand(session),
            SetByHand(session),
            ConfirmRebuilt(session),
            ExportRecord(session),
            ChangeConnection(session, profiles),
            ConnectionTest(session, probe),
            pair_relay,
            ConfirmHost(session, profiles, policy or Policy()),
            take,
            PasteNotices(session, notices, take, follow),
        )
