"""Reports of marks and attendance as tables and charts, in the person's language."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from typing import Any

from flask import url_for
from flask_babel import format_date, gettext

from app.core.dates import short_date
from app.journal.mark_words import shown_average
from app.journal.tables import Bar, Bars, Cell, Report, Table, average_cell, share_cell
from app.school import averages, mark_reports
from app.school.averages import rounded
from app.school.calendar import Period
from app.school.mark_diary import DiarySubject
from app.school.mark_grid import Grid
from app.school.mark_reports import Attendance, ClassMarks, ClassMeans, ClassRow
from app.school.mark_sheets import Sheet


def class_marks(chosen: ClassRow, found: ClassMarks, period: Period) -> Report:
    """Pupils × subjects: averages, and the marks the period ended with."""
    columns = [gettext("Обучающийся"), *found.subjects, gettext("Средний")]
    rows = []
    for row in found.pupils:
        link = url_for("journal.pupil_report", pupil_id=row.pupil.public_id, period=period.since)
        cells = [_subject_cell(row, subject) for subject in found.subjects]
        rows.append([Cell(row.pupil.name, link), *cells, average_cell(row.overall)])
    totals = [
        [
            Cell(gettext("Средний балл")),
            *(average_cell(_mean(found.of_subject(s))) for s in found.subjects),
            average_cell(_mean([r.overall for r in found.pupils if r.overall])),
        ],
        [
            Cell(gettext("Качество")),
            *(share_cell(averages.quality(_nearest(found, s))) for s in found.subjects),
            Cell(None),
        ],
        [
            Cell(gettext("Успеваемость")),
            *(share_cell(averages.success(_nearest(found, s))) for s in found.subjects),
            Cell(None),
        ],
    ]
    charts = (
        _average_bars(
            gettext("Средний балл по предметам"),
            [(s, _mean(found.of_subject(s))) for s in found.subjects],
        ),
        _spread_bars([row.overall for row in found.pupils if row.overall is not None]),
    )
    name = gettext("Успеваемость %(name)s", name=chosen.name)
    return Report(Table(name, name, _dates(period), columns, rows, totals if rows else ()), charts)


def school_marks(classes: list[ClassMeans], period: Period) -> Report:
    """A line a class, for the administrator."""
    columns = [
        gettext("Класс"),
        gettext("Обучающиеся"),
        gettext("Средний балл"),
        gettext("Качество"),
        gettext("Успеваемость"),
    ]
    lines, means = [], []
    for found in classes:
        mean = _mean(found.means)
        means.append((found.row.name, mean))
        nearest = [averages.nearest_mark(value) for value in found.means]
        lines.append(
            [
                Cell(found.row.name, _class_url(found.row, period)),
                Cell(found.pupils),
                average_cell(mean),
                share_cell(averages.quality(nearest)),
                share_cell(averages.success(nearest)),
            ]
        )
    name = gettext("Успеваемость школы")
    chart = _average_bars(gettext("Средний балл по классам"), means)
    return Report(Table(name, name, _dates(period), columns, lines), (chart,))


def attendance(
    chosen: ClassRow, found: list[Attendance], weeks: list[tuple[dt.date, int]], period: Period
) -> Report:
    """Missed lessons of a class."""
    columns = [
        gettext("Обучающийся"),
        gettext("Пропущено уроков"),
        gettext("из них по болезни"),
        gettext("без причины"),
        gettext("Дней с пропусками"),
        gettext("Опозданий"),
    ]
    rows = []
    for row in found:
        link = url_for("journal.pupil_report", pupil_id=row.pupil.public_id, period=period.since)
        numbers = (row.missed, row.sick, row.absent, row.days, row.late)
        rows.append([Cell(row.pupil.name, link), *(Cell(number) for number in numbers)])
    sums = [
        sum(column)
        for column in zip(
            *((r.missed, r.sick, r.absent, r.days, r.late) for r in found), strict=True
        )
    ]
    most = max((count for _, count in weeks), default=0)
    chart = Bars(
        gettext("Пропущено уроков по неделям"),
        [
            Bar(gettext("с %(date)s", date=short_date(monday)), count, str(count))
            for monday, count in weeks
        ],
        most=max(most, 1),
    )
    name = gettext("Посещаемость %(name)s", name=chosen.name)
    totals = [[Cell(gettext("Всего")), *(Cell(number) for number in sums)]] if found else ()
    return Report(
        Table(name, name, _dates(period), columns, rows, totals), (chart,) if weeks else ()
    )


def pupil(name: str, class_name: str, subjects: list[DiarySubject], period: Period) -> Report:
    """One pupil's subjects."""
    columns = [
        gettext("Предмет"),
        gettext("Отметки"),
        gettext("Пропуски"),
        gettext("Средний"),
        gettext("Итог"),
    ]
    rows = [
        [
            Cell(subject.name),
            Cell(" ".join(mark.text for mark in subject.marks if mark.text)),
            Cell(subject.numbers.missed),
            average_cell(subject.numbers.average),
            _mark(subject.totals.get(period.since, "")),
        ]
        for subject in subjects
    ]
    chart = _average_bars(
        gettext("Средний балл по предметам"), [(s.name, s.numbers.average) for s in subjects]
    )
    title = f"{name}, {class_name}"
    return Report(Table(title, title, _dates(period), columns, rows), (chart,))


def subject(sheet: Sheet, grid: Grid, period: Period) -> Report:
    """One sheet: every pupil's marks in a line."""
    columns = [
        gettext("Обучающийся"),
        gettext("Отметки"),
        gettext("Пропуски"),
        gettext("Средний"),
        gettext("Итог"),
    ]
    rows = [
        [
            Cell(row.name),
            Cell(" ".join(cell.text for cell in row.cells if cell and cell.text)),
            Cell(row.numbers.missed),
            average_cell(row.numbers.average),
            _mark(row.period_mark),
        ]
        for row in grid.rows
    ]
    means = [row.numbers.average for row in grid.rows if row.numbers.average is not None]
    nearest = [averages.nearest_mark(mean) for mean in means]
    title = f"{sheet.subject}, {sheet.class_name}"
    note = gettext(
        "%(dates)s. %(teacher)s. Качество %(quality)s, успеваемость %(success)s",
        dates=_dates(period),
        teacher=sheet.teacher,
        quality=share_cell(averages.quality(nearest)).text or "—",
        success=share_cell(averages.success(nearest)).text or "—",
    )
    return Report(Table(title, title, note, columns, rows), (_spread_bars(means),))


def _subject_cell(row: mark_reports.PupilMarks, name: str) -> Cell:
    return average_cell(row.averages.get(name))


def _class_url(chosen: ClassRow, period: Period) -> str:
    asked: dict[str, Any] = {"class": chosen.public_id, "period": period.since}
    return url_for("journal.reports", **asked)


def _mark(text: str) -> Cell:
    return Cell(int(text) if text.isdigit() else text, mark=text[:1])


def _average_bars(title: str, means: list[tuple[str, Fraction | None]]) -> Bars:
    bars = [
        Bar(label, float(rounded(mean)), shown_average(mean), str(averages.nearest_mark(mean)))
        for label, mean in means
        if mean is not None
    ]
    return Bars(title, bars, most=5)


def _spread_bars(means: list[Fraction]) -> Bars:
    """How many pupils are at which mark."""
    spread = mark_reports.spread_of(means)
    names = {
        5: gettext("отлично"),
        4: gettext("хорошо"),
        3: gettext("удовл."),
        2: gettext("неудовл."),
    }
    bars = [Bar(f"{mark} · {names[mark]}", n, str(n), str(mark)) for mark, n in spread.items()]
    return Bars(
        gettext("Сколько обучающихся с каким средним баллом"), bars, most=max(1, *spread.values())
    )


def _nearest(found: ClassMarks, name: str) -> list[int]:
    return [averages.nearest_mark(mean) for mean in found.of_subject(name)]


def _mean(values: list[Fraction]) -> Fraction | None:
    return sum(values, Fraction(0)) / len(values) if values else None


def _dates(period: Period) -> str:
    first, last = format_date(period.since, "dd.MM.y"), format_date(period.until, "dd.MM.y")
    return f"{period.name}, {first} – {last}"
