"""The relay's scale-out engine: any number of relay processes on one NATS JetStream, behind the same contract.

Imported only where the relay's file names it. Tills never speak NATS.
"""
