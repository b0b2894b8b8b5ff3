"""Changing a plan: its rows as a whole, checked, with a version, and what they were before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from flask_babel import gettext, lazy_gettext
from sqlalchemy import select

from app.core import audit, clock
from app.core.db import db
from app.core.errors import Conflict, Denied, Invalid, Missing
from app.core.names import clean_block, clean_line
from app.core.transaction import writing
from app.school.classes import Teaching
from app.school.mark_sheets import Reader, Sheet
from app.school.planning import (
    MAX_HOMEWORK,
    MAX_HOURS,
    MAX_ROWS,
    MAX_SECTION,
    MAX_TOPIC,
    Plan,
    PlanDraft,
    PlanRow,
)
from app.school.planning_laying import Row

KEPT_DRAFTS = 10


class PlanOvertaken(Conflict):
    """The plan has changed since this person saw it."""

    def __init__(self) -> None:
        super().__init__(
            lazy_gettext(
                "План тем временем изменили в другом окне. Откройте его заново: ваши правки"
                " не сохранены."
            )
        )


@dataclass(frozen=True)
class Seen:
    """A plan as it stands. `version` 0: there is none yet."""

    version: int
    rows: list[Row]

    @property
    def hours(self) -> int:
        return sum(row.hours for row in self.rows)


def plan_of(teaching_id: int) -> Seen:
    """The plan of a line of load."""
    plan = _plan(teaching_id)
    if plan is None:
        return Seen(0, [])
    return Seen(plan.version, _rows(plan))


def fault_of(row: Row) -> tuple[str, str] | None:
    """What is wrong with a row: the name of its field and a sentence. None: nothing."""
    if not row.topic:
        return "topic", gettext("Нет темы.")
    if len(row.topic) > MAX_TOPIC:
        return "topic", gettext("Тема не длиннее %(max)s знаков.", max=MAX_TOPIC)
    if len(row.section) > MAX_SECTION:
        return "section", gettext("Раздел не длиннее %(max)s знаков.", max=MAX_SECTION)
    if not 1 <= row.hours <= MAX_HOURS:
        return "hours", gettext("Часов — от 1 до %(max)s.", max=MAX_HOURS)
    if len(row.homework) > MAX_HOMEWORK:
        return "homework", gettext("Задание не длиннее %(max)s знаков.", max=MAX_HOMEWORK)
    return None


def cleaned(row: Row) -> Row:
    """The row without invisible characters and blanks around."""
    return replace(
        row,
        topic=clean_line(row.topic),
        section=clean_line(row.section),
        homework=clean_block(row.homework),
    )


def require_own(sheet: Sheet) -> None:
    """Only the teacher of the subject changes its plan.

    Raises:
        Denied: it is not this person's own.
    """
    if not sheet.is_own:
        raise Denied(lazy_gettext("План меняет только преподаватель предмета."))


def save_rows(sheet: Sheet, rows: Sequence[Row], version: int, reader: Reader) -> int:
    """Let the plan be these rows; returns its new version. The same again changes nothing.

    Raises:
        Denied: the sheet is not this person's own. Invalid: a row is faulty, or there are too many.
        PlanOvertaken: the plan has changed since `version`.
    """
    require_own(sheet)
    rows = [cleaned(row) for row in rows]
    _check(rows)
    with writing():
        return _put(sheet, rows, version, reader)


def make_draft(sheet: Sheet, reader: Reader, source: str, rows: Sequence[Row]) -> str:
    """Keep rows that may become the plan; returns the draft's public id.

    The person's older drafts of this plan go, all but the last ten.
    """
    require_own(sheet)
    with writing() as session:
        for old in session.scalars(_drafts(sheet, reader).offset(KEPT_DRAFTS - 1)).all():
            session.delete(old)
        draft = PlanDraft(
            teaching_id=sheet.teaching_id,
            by_id=reader.person_id,
            source=source[:200],
            rows=[asdict(row) for row in rows],
        )
        session.add(draft)
        session.flush()
        return draft.public_id


def open_draft(sheet: Sheet, reader: Reader, key: str) -> tuple[str, list[Row]]:
    """The source and the rows of one's own draft of this plan.

    Raises:
        Missing: there is none such.
    """
    draft = db.session.scalar(_drafts(sheet, reader).where(PlanDraft.public_id == key))
    if draft is None:
        raise Missing(lazy_gettext("Такого черновика плана нет: возможно, он уже устарел."))
    return draft.source, [Row(**row) for row in draft.rows]


def apply_draft(
    sheet: Sheet, reader: Reader, key: str, *, version: int, is_appended: bool
) -> str | None:
    """Let the draft be the plan, or be added to its end. Returns a draft of what was there before.

    Raises:
        Missing, Denied, Invalid, PlanOvertaken: as above.
    """
    require_own(sheet)
    with writing():
        _, rows = open_draft(sheet, reader, key)
        before = plan_of(sheet.teaching_id)
        wanted = [*before.rows, *rows] if is_appended else rows
        _check(wanted)
        _put(sheet, wanted, version, reader)
        if not before.rows:
            return None
        return make_draft(sheet, reader, gettext("Прежний план"), before.rows)


def _put(sheet: Sheet, rows: Sequence[Row], version: int, reader: Reader) -> int:
    db.session.execute(
        select(Teaching.id).where(Teaching.id == sheet.teaching_id).with_for_update()
    )
    plan = _plan(sheet.teaching_id) or Plan(teaching_id=sheet.teaching_id, version=0)
    now = _rows(plan)
    if list(rows) == now:
        return plan.version
    if plan.version != version:
        raise PlanOvertaken
    plan.version += 1
    plan.changed_at = clock.now()
    plan.rows = [PlanRow(position=index, **asdict(row)) for index, row in enumerate(rows)]
    db.session.add(plan)
    audit.note(
        actor=f"person:{reader.person_id}",
        action="plan.changed",
        subject=f"teaching:{sheet.public_id}",
        rows=len(rows),
        rows_before=len(now),
    )
    return plan.version


def _check(rows: Sequence[Row]) -> None:
    if len(rows) > MAX_ROWS:
        raise Invalid(lazy_gettext("В плане может быть не больше %(max)s строк.", max=MAX_ROWS))
    for number, row in enumerate(rows, 1):
        fault = fault_of(row)
        if fault is not None:
            raise Invalid(gettext("Строка %(number)s: %(reason)s", number=number, reason=fault[1]))


def _plan(teaching_id: int) -> Plan | None:
    return db.session.scalar(select(Plan).where(Plan.teaching_id == teaching_id))


def _rows(plan: Plan) -> list[Row]:
    return [Row(row.topic, row.section, row.hours, row.homework) for row in plan.rows]


def _drafts(sheet: Sheet, reader: Reader) -> Any:
    return (
        select(PlanDraft)
        .where(PlanDraft.teaching_id == sheet.teaching_id, PlanDraft.by_id == reader.person_id)
        .order_by(PlanDraft.id.desc())
    )
