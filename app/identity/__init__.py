"""The learning profile («учебный профиль Сферум») and the OpenID provider that signs it in.

Knows nothing of schools, accounts or chats.
"""
