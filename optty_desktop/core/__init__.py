"""What a payment link is and what may happen to it: pure Python, no input or output, no clock of its own."""
