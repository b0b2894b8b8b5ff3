"""Loading the demo: the school, who has linked already, and what they wrote. One transaction."""

from __future__ import annotations

from sqlalchemy import select

from app.core.db import db
from app.core.transaction import writing
from app.demo.announcements_story import tell_announcements
from app.demo.chats_story import open_subject_chats, tell_chats
from app.demo.complaints_story import tell_complaints
from app.demo.lessons_story import renew_calls, tell_lessons
from app.demo.links_story import link_some
from app.demo.marks_loading import load_marks
from app.demo.planning_story import tell_planning
from app.demo.school_story import SCHOOL_CODE, SEED, Story
from app.demo.staff_story import tell
from app.membership.reconcile import reconcile
from app.school.people import School
from app.school.signing_in import hash_password

PASSWORD = "demo-svyazka"


def is_loaded() -> bool:
    """Whether the demo school is there."""
    return db.session.scalar(select(School.id).where(School.external_id == SCHOOL_CODE)) is not None


def load() -> Story:
    """Write the school, links, chats and their history. Deterministic but for moments and ids."""
    with writing() as session:
        story = tell(session(), hash_password(PASSWORD))
        link_some(session(), story)
        tell_announcements(session(), story)
        tell_lessons(session(), story)
        tell_planning(session(), story)
        load_marks(session(), story.school, SEED + 3)
        open_subject_chats(session(), story)
        reconcile([story.school.id])
        tell_chats(session(), story)
        tell_complaints(session(), story)
    return story


def renew() -> None:
    """In a demo loaded earlier: lessons by call soon after now, if those of then are over."""
    with writing() as session:
        renew_calls(session())
