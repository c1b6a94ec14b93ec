"""The durable record of one environment, in an SQLite file that one process owns."""
