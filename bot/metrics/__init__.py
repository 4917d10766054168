"""Metrics: newsbot in figures, for Prometheus and for whoever asks whether it is well."""
