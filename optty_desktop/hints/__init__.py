"""Where news come from that name an order to read: the shop's relay."""
