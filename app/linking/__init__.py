"""Joining a journal account to a learning profile: the journal as an OpenID client.

Never imports `identity` or `messenger`: the link is made by OpenID Connect only.
"""
