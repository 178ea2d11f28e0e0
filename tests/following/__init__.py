"""Notes that one process reads again and again, as `ankigen watch` does."""
