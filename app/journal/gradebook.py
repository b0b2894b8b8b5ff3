"""«Журнал»: class lists; for pupils and parents, the diary's subjects."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Response, make_response, render_template, request
from flask_babel import lazy_gettext
from flask_login import current_user, login_required

from app.core.errors import Missing
from app.journal import me
from app.journal.blueprint import bp
from app.school import lessons, load
from app.school.descriptions import led_classes


@dataclass(frozen=True)
class ClassTab:
    """A class that the teacher may open."""

    id: int
    public_id: str
    name: str


@bp.get("/gradebook")
@login_required  # type: ignore[untyped-decorator]  # flask_login has no types
def gradebook() -> Response:
    """The teacher's classes with their lists; for pupils and parents, subjects and teachers."""
    person = current_user.person
    if me.described().is_diary:
        return _diary()
    classes = _classes_of_teacher(person.id)
    asked = request.args.get("class")
    chosen = next((row for row in classes if row.public_id == asked), None)
    if asked and chosen is None:
        raise Missing(lazy_gettext("Такого класса среди ваших нет."))
    chosen = chosen or (classes[0] if classes else None)
    return make_response(
        render_template(
            "journal/gradebook.html",
            classes=classes,
            chosen=chosen,
            pupils=load.pupils_of(chosen.id) if chosen else [],
            subjects=[
                line.subject
                for line in load.load_of_teacher(person.id)
                if chosen and line.class_id == chosen.id
            ],
        )
    )


def _classes_of_teacher(person_id: int) -> list[ClassTab]:
    """Classes led or taught, without repeats."""
    tabs = {row.id: ClassTab(row.id, row.public_id, row.name) for row in led_classes(person_id)}
    for line in load.load_of_teacher(person_id):
        tabs.setdefault(
            line.class_id, ClassTab(line.class_id, line.class_public_id, line.class_name)
        )
    return list(tabs.values())


def _diary() -> Response:
    person = current_user.person
    children = lessons.children_of(person.id)
    asked = request.args.get("child")
    child = next((row for row in children if row.public_id == asked), None)
    if asked and child is None:
        raise Missing(lazy_gettext("Такого ребёнка среди ваших нет."))
    child = child or (children[0] if children else None)
    return make_response(
        render_template(
            "journal/diary.html",
            children=children,
            child=child,
            lines=load.load_of_pupil(child.id if child else person.id),
        )
    )
