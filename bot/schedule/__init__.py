"""Schedule: when things run."""
