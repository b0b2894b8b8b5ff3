"""The school of `gradebook_world` with plans, notes and homework in it."""

import datetime as dt
from io import BytesIO

from app.core import clock, files
from app.core.db import db
from app.core.transaction import writing
from app.school.planning import HomeworkFile, LessonNote, Plan, PlanRow
from tests.journal.gradebook_world import NOW, TODAY, School

__all__ = ["FRIDAY", "NOW", "THURSDAY", "TODAY", "WEDNESDAY", "Planned"]
WEDNESDAY, THURSDAY, FRIDAY = (TODAY + dt.timedelta(days=n) for n in (1, 2, 3))


class Planned(School):
    """What teachers write, put straight into the tables."""

    def note(self, date, *, number=1, topic="", homework="", line=None, given=True):
        return self.world._add(
            LessonNote(
                teaching_id=(line or self.line).id,
                date=date,
                number=number,
                topic=topic,
                homework=homework,
                version=1,
                given_at=clock.now() if given and homework else None,
            )
        )

    def file(self, note, text="условие задачи", name="Задача.txt"):
        stored = files.save(BytesIO(text.encode()), limit=10_000)
        return self.world._add(
            HomeworkFile(
                note_id=note.id,
                key=stored.key,
                name=name,
                content_type="text/plain; charset=utf-8",
                size=stored.size,
            )
        )

    def plan(self, *topics, line=None, hours=1):
        return self.world._add(
            Plan(
                teaching_id=(line or self.line).id,
                version=1,
                rows=[
                    PlanRow(position=n, topic=topic, hours=hours) for n, topic in enumerate(topics)
                ],
            )
        )

    def changes(self):
        return writing()

    def notes(self):
        db.session.rollback()
        return self.rows(LessonNote)
