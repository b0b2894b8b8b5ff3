"""Asking an OpenID provider who somebody is: the client side, for any room that needs it."""
