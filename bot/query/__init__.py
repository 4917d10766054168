"""The query language: what an entry must satisfy, and why it did; pure."""
