"""The console: alerts as cards in a terminal."""
