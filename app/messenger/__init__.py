"""The messenger («Сферум»): chats, members, messages. Knows profiles, never the school."""
