"""Foundations every room stands on: configuration, database, transactions, pages, errors, time.

No school word is allowed in here; the list of files is closed (docs/architecture.md).
"""
