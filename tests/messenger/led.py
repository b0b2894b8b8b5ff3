"""A chat made by hand and everybody who may come near it: its leaders, who has left, who never was."""

from app.messenger.chats.rights import ChatKind, MemberRole

NAMES = {
    "creator": "Анна Иванова",
    "administrator": "Борис Петров",
    "member": "Вера Ёлкина",
    "ex": "Егор Чиж",
    "newcomer": "Глеб Котов",
    "outsider": "Дина Лис",
}


def staff(world):
    """A teacher for every name."""
    people = {key: world.profile(name) for key, name in NAMES.items()}
    for profile in people.values():
        world.confirmed(profile, "teacher")
    return people


def newspaper(world, people):
    """«Стенгазета» with the first three in it; the ex-member has left."""
    chat = world.chat("Стенгазета", kind=ChatKind.MANUAL)
    world.join(people["creator"], chat, role=MemberRole.CREATOR)
    world.join(people["administrator"], chat, role=MemberRole.ADMINISTRATOR)
    world.join(people["member"], chat)
    world.join(people["ex"], chat)
    world.leave(people["ex"], chat)
    return chat
