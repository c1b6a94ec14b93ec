"""The webhook relay of a shop or a chain: takes notices in, keeps them, and hands them to paired tills as hints."""
