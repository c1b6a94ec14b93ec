"""The pretend Optty: a strict payment service on this computer, for practice and tests. No money moves."""
