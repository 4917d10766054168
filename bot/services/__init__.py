"""Services: the use cases, each one module."""
