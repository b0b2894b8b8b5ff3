"""Signing in at somebody else's provider (VK ID, any OpenID provider) instead of by phone and SMS.

Decision: our own provider stays between: it asks the other one who somebody is, keeps the learning
profile and its sessions, and the journal links to it as ever. Neither the journal nor the messenger
needs to know where people prove who they are.
"""
