"""Feeds: calling publishers and reading what they answer."""
