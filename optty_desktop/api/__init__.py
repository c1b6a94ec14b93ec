"""Optty over HTTP: environments, transport, tokens, the wire format, and the gateway that joins them."""
