"""The journal's pages: a file is a menu item, with its routes and its query."""
