"""The demo school and its outbox. May import all rooms; nobody imports it."""
