"""Kill: newsbot as real processes that are killed or stopped while they post, and the account.

Outlets publish over HTTP on loopback; a fake Slack and a fake Discord accept, refuse and break off;
`newsbot run` is ended at random moments and started again. The ledger compares what the two
accepted with what was published.
"""
