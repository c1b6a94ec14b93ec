"""Where news come from that are no reads: notices that say which link to read. They change nothing by themselves."""
