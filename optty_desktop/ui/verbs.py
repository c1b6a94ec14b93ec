"""The verbs of one session, as the desk needs them."""

from dataclasses import dataclass

from optty_desktop.till.cancel_or_refund import CancelOrRefund
from optty_desktop.till.change_connection import ChangeConnection
from optty_desktop.till.create_link import CreateLink
from optty_desktop.till.follow_status import FollowStatus
from optty_desktop.till.session import Session
from optty_desktop.till.test_connection import ConnectionTest


@dataclass(frozen=True, slots=True)
class Verbs:
    """What can be done once somebody is signed in."""

    session: Session
    create_link: CreateLink
    cancel_or_refund: CancelOrRefund
    follow_status: FollowStatus
    change_connection: ChangeConnection
    test_connection: ConnectionTest
