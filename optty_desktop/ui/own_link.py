"""The link somebody at this till has just asked for: it is in the list at once, whatever the list was showing."""

from optty_desktop.ui.link_filter import LinkFilter
from optty_desktop.ui.links_pane import LinksPane
from optty_desktop.ui.words import tr


def show_own_link(pane: LinksPane, number: str) -> None:
    """Make it a row and select it, where search or view would hide it in the list of all links; that is said."""
    pane.model.let_in(number)
    if pane.select(number):
        return
    pane.clear_search()
    pane.set_filter(LinkFilter.ALL)
    if pane.select(number):
        pane.show_toast(tr("All links are shown again, so that the new one is in the list."))
