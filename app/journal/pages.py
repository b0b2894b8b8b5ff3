"""All page modules: importing them registers their routes on the blueprint."""

from __future__ import annotations

from flask import Flask

from app.journal import (
    announcements,
    calendar_feed,
    cases,
    chats,
    connect,
    diary,
    diary_requests,
    gradebook,
    gradebook_cells,
    gradebook_lessons,
    guide,
    home,
    homework,
    invitations,
    lesson_calls,
    lessons,
    own_export,
    people,
    personal,
    planning,
    planning_files,
    planning_lesson,
    planning_plan,
    report_coverage,
    reports,
    safety,
    school_year,
    shell,
    sign_in,
    substitutions,
    taste,
    timetable,
    timetable_editor,
)

PAGES = (
    announcements,
    calendar_feed,
    cases,
    chats,
    connect,
    diary,
    diary_requests,
    gradebook,
    gradebook_cells,
    gradebook_lessons,
    guide,
    home,
    homework,
    invitations,
    lesson_calls,
    lessons,
    own_export,
    people,
    personal,
    planning,
    planning_files,
    planning_lesson,
    planning_plan,
    report_coverage,
    reports,
    safety,
    school_year,
    substitutions,
    timetable,
    timetable_editor,
)


def install(app: Flask) -> None:
    """Sign-in, the frame, and (by this module's imports) the pages."""
    sign_in.install(app)
    shell.install(app)
    taste.install(app)
