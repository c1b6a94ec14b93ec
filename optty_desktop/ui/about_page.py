"""Settings, section About: the version, the licences, and where this till keeps its files."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from optty_desktop.core.change_log import Release
from optty_desktop.ui.about import About, Folders
from optty_desktop.ui.assets import resource
from optty_desktop.ui.buttons import Button
from optty_desktop.ui.card_columns import CardColumns
from optty_desktop.ui.clipboard import put_on_clipboard
from optty_desktop.ui.link_button import LinkButton
from optty_desktop.ui.passage import Passage
from optty_desktop.ui.theme import Look
from optty_desktop.ui.titled_card import TitledCard
from optty_desktop.ui.tokens import Space, Type
from optty_desktop.ui.update_line import UpdateLine
from optty_desktop.ui.words import tr


class AboutPage(QWidget):
    """`licence_wanted` carries the title of a licence and the file of its text below the resources, `news_wanted` what
    came with each version.
    """

    licence_wanted = Signal(str, object)
    news_wanted = Signal(object)

    def __init__(self, look: Look, about: About, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        cards = CardColumns(
            look, tr("About"), (self._version_card(about), self._folder_card(about.folders)), (self._licences(),), self
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(cards)

    def _version_card(self, about: About) -> TitledCard:
        card = TitledCard(self._look, tr("Payment Links"))
        version = Passage(self._look, Type.SMALL, ink="text_muted", figures=False, parent=card)
        version.setObjectName("versionText")
        version.setText(tr("Version {version}", version=about.version))
        said = QVBoxLayout()
        said.setSpacing(Space.TIGHT)
        said.addWidget(version)
        if about.updates is not None:
            said.addWidget(UpdateLine(self._look, about.updates, card))
        row = QHBoxLayout()
        row.setSpacing(Space.ROW)
        row.addLayout(said, 1)
        if history := about.history():
            row.addWidget(self._news(history), 0, Qt.AlignmentFlag.AlignVCenter)
        card.column.addLayout(row)
        return card

    def _news(self, history: Sequence[Release]) -> QWidget:
        button = LinkButton(self._look, tr("What’s new"))
        button.setObjectName("newsButton")
        button.clicked.connect(partial(self.news_wanted.emit, history))
        return button

    def _folder_card(self, folders: Folders) -> TitledCard:
        card = TitledCard(self._look, tr("Folders of this till"))
        rows = (
            (tr("Settings"), folders.settings, "copySettingsFolderButton"),
            (tr("Record of links"), folders.records, "copyRecordsFolderButton"),
            (tr("Logs"), folders.logs, "copyLogsFolderButton"),
        )
        for title, path, name in rows:
            copy = Button(self._look, tr("Copy"), icon="copy")
            copy.setObjectName(name)
            copy.setAccessibleName(tr("Copy the folder: {title}", title=title))
            copy.clicked.connect(partial(put_on_clipboard, path))
            card.add_row(title, path, copy)
        return card

    def _licences(self) -> TitledCard:
        card = TitledCard(self._look, tr("Licences"))
        rows: Sequence[tuple[str, str, tuple[str, ...]]] = (
            (tr("Payment Links"), tr("Used under the MIT licence."), ()),
            (
                tr("Qt and PySide6"),
                tr(
                    "Used under the GNU Lesser General Public License, version 3 (LGPL), as separate libraries that "
                    "you may replace by your own."
                ),
                (),
            ),
            (tr("Lucide icons"), tr("Used under the ISC and MIT licences."), ("icons", "LICENSE")),
            (tr("Inter"), tr("The typeface, used under the SIL Open Font License 1.1."), ("fonts", "OFL.txt")),
        )
        for title, words, file in rows:
            card.add_row(title, words, self._reading(title, file))
        return card

    def _reading(self, title: str, file: tuple[str, ...]) -> QWidget | None:
        """What opens the text of a licence, where its file is with the program."""
        if not file or not resource(*file).is_file():
            return None
        button = LinkButton(self._look, tr("Read the licence"))
        button.setAccessibleName(tr("Read the licence: {title}", title=title))
        button.setObjectName(f"licence{file[0].title()}Button")
        button.clicked.connect(partial(self.licence_wanted.emit, title, resource(*file)))
        return button
