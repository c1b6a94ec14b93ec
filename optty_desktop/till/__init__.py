"""The verbs of the shop floor, one module a verb. They speak to the world through the ports of ``core`` only."""
