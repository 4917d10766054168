"""Day: newsbot's whole work over simulated hours, with the truth kept beside it.

The plan says what is published, edited and broken when; outlets act it out over HTTP on loopback;
newsbot, its clock a fake one, fetches, parses, stores, matches and sends; the ledger compares what
chat platforms accepted with what had to come.
"""
