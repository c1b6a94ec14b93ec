"""The programs that are measured: each runs in a process of its own and says what it found on standard output."""
