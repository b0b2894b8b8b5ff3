"""Opening and closing the school's staff chat; the chat itself is membership's."""

from __future__ import annotations

from app.core import audit
from app.core.transaction import publish, writing
from app.school.facts import StaffChatSwitched
from app.school.people import School


def switch_staff_chat(school: School, *, is_open: bool) -> None:
    """Open or close the staff chat of `school`; saying the same again changes nothing."""
    with writing():
        if school.has_staff_chat == is_open:
            return
        school.has_staff_chat = is_open
        audit.note(
            actor="system:command",
            action="school.staff_chat_opened" if is_open else "school.staff_chat_closed",
            subject=f"school:{school.public_id}",
        )
        publish(StaffChatSwitched(school.id))
