"""Period marks («итоговые отметки») and closed periods opened again."""

from __future__ import annotations

import datetime as dt

from flask_babel import lazy_gettext
from sqlalchemy import select

from app.core import audit
from app.core.errors import Denied, Invalid, Missing
from app.core.transaction import writing
from app.school import mark_grid
from app.school.averages import UNATTESTED
from app.school.calendar import Period
from app.school.mark_history import Overtaken, Snapshot, Wish, bump, lock, remember
from app.school.mark_sheets import Reader, Sheet
from app.school.marks import PeriodMark, ReopenedSheet

PERIOD_MARKS = ("", "2", "3", "4", "5", UNATTESTED)
REOPENED_FOR = dt.timedelta(days=7)


def write_period_mark(
    sheet: Sheet, period: Period, reader: Reader, pupil: str, wish: Wish
) -> Snapshot:
    """Put the period mark of a pupil. Decision: only the subject's own teacher, not a substitute.

    Raises:
        Denied, Missing, Invalid, Overtaken: as `write_mark`.
    """
    if not sheet.is_own:
        raise Denied(lazy_gettext("Итоговые отметки ставит учитель предмета."))
    if mark_grid.is_closed(sheet, period, reader.today) or period.since > reader.today:
        raise Denied(lazy_gettext("Период закрыт для исправлений."))
    rows = {row.public_id: row for row in mark_grid.pupils_of(sheet.class_id, period)}
    if pupil not in rows:
        raise Missing(lazy_gettext("Такого обучающегося в классе нет."))
    text = {"н": UNATTESTED, "Н": UNATTESTED}.get(wish.text.strip(), wish.text.strip())
    if text not in PERIOD_MARKS:
        raise Invalid(
            lazy_gettext("Итоговая отметка: %(marks)s.", marks=", ".join(PERIOD_MARKS[1:]))
        )
    pupil_id = rows[pupil].pupil_id
    with writing() as session:
        lock(sheet)
        mark = session.scalar(
            select(PeriodMark).where(
                PeriodMark.pupil_id == pupil_id,
                PeriodMark.subject_id == sheet.subject_id,
                PeriodMark.period_since == period.since,
            )
        ) or PeriodMark(
            pupil_id=pupil_id,
            subject_id=sheet.subject_id,
            period_since=period.since,
            value="",
            version=0,
        )
        before = {"text": mark.value, "version": mark.version}
        if text == mark.value:
            return before
        if mark.version != wish.version:
            raise Overtaken(before)
        mark.value = text
        bump(mark)
        session.add(mark)
        after = {"text": text, "version": mark.version}
        key = period.since.isoformat()
        remember(sheet, pupil_id, key, by=reader, before=before, after=after)
    return after


def reopen(sheet: Sheet, period: Period, reader: Reader) -> dt.date:
    """Let the teacher correct a closed period for a week; the last day of it.

    Raises:
        Denied: only an administrator may.
    """
    if not reader.is_administrator:
        raise Denied(lazy_gettext("Закрытый период открывает администратор школы."))
    until = reader.today + REOPENED_FOR
    with writing() as session:
        where = {"teaching_id": sheet.teaching_id, "period_since": period.since}
        row = session.scalar(select(ReopenedSheet).filter_by(**where)) or ReopenedSheet(**where)
        row.until = until
        session.add(row)
        audit.note(
            actor=f"person:{reader.person_id}",
            action="marks.reopened",
            subject=f"teaching:{sheet.public_id}",
            period=period.since.isoformat(),
            until=until.isoformat(),
        )
    return until
