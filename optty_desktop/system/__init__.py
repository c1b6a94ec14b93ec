"""This computer and its installed libraries: the adapters that are neither network, storage nor window."""
