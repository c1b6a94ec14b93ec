"""Where news come from: adapters that bring hints to the till. A hint changes nothing; it says which order to read."""
