"""What the till needs from the world. Adapters in ``api``, ``hints``, ``journal`` and ``system`` fill it."""

from optty_desktop.core.ports.clock import Clock
from optty_desktop.core.ports.gateway import (
    CreatedLink,
    GatewayOpener,
    LineProbe,
    LinkOrder,
    MoneyAnswer,
    OrderReading,
    PaymentGateway,
    refunds_through_order,
)
from optty_desktop.core.ports.journal import Journal, JournalOpener, Record, RecordRescuer, Withdrawn
from optty_desktop.core.ports.news_sources import HintDesk, NoticeReader, OutsideRead, PairingStore, RelayDesk
from optty_desktop.core.ports.people import (
    ContactRules,
    EnvironmentMemory,
    Notifier,
    Shown,
    SoundChoices,
    SoundPlayer,
    ThemeMemory,
)
from optty_desktop.core.ports.profiles import Keychain, ProfileStore, RouteExport, RouteExports
from optty_desktop.core.ports.versions import PackageStore, UpdateChannel, UpdateMemory, VersionMemory

__all__ = [
    "Clock",
    "ContactRules",
    "CreatedLink",
    "EnvironmentMemory",
    "GatewayOpener",
    "HintDesk",
    "Journal",
    "JournalOpener",
    "Keychain",
    "LineProbe",
    "LinkOrder",
    "MoneyAnswer",
    "NoticeReader",
    "Notifier",
    "OrderReading",
    "OutsideRead",
    "PackageStore",
    "PairingStore",
    "PaymentGateway",
    "ProfileStore",
    "Record",
    "RecordRescuer",
    "RelayDesk",
    "RouteExport",
    "RouteExports",
    "Shown",
    "SoundChoices",
    "SoundPlayer",
    "ThemeMemory",
    "UpdateChannel",
    "UpdateMemory",
    "VersionMemory",
    "Withdrawn",
    "refunds_through_order",
]
