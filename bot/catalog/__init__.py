"""The catalog: feeds.yaml, the rule files and OPML, read into the domain and written back."""
