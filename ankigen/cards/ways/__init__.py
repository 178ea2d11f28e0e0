"""The ways to write a card."""
