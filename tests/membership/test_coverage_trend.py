"""The trend of linking is read from the links' own history."""

import datetime as dt

from app.core import clock
from app.core.transaction import writing
from app.membership.coverage_trend import WEEKS, trend_of

NOW = dt.datetime(2026, 11, 24, 9, 0, tzinfo=dt.UTC)


def test_shares_rise_with_links_and_fall_with_their_end(world, queries):
    c7a = world.school_class("7А")
    misha, vera = world.pupil("Орлов Миша", in_=c7a), world.pupil("Яшина Вера", in_=c7a)
    world.guardian("Орлова Ольга", of=[misha, vera])
    first, second = world.link(misha), world.link(vera)
    with writing():
        first.linked_at = NOW - dt.timedelta(weeks=8)
        second.linked_at = NOW - dt.timedelta(weeks=3)
        second.ended_at = NOW - dt.timedelta(days=3)
    with clock.frozen(NOW), queries() as seen:
        trend = trend_of(misha.school_id, None, NOW)
    assert trend.pupils.shares == [0] * 3 + [50] * 5 + [100] * 3 + [50]
    assert len(trend.moments) == WEEKS
    assert (trend.parents.total, trend.parents.shares[-1]) == (1, 0)
    assert trend.staff.total == 0
    assert len(seen) == 4


def test_only_the_asked_classes_count(world):
    c7a, c8b = world.school_class("7А"), world.school_class("8Б")
    world.link(world.pupil("Орлов Миша", in_=c7a))
    world.pupil("Быков Пётр", in_=c8b)
    school = c7a.school_id
    now = clock.now() + dt.timedelta(minutes=1)
    assert trend_of(school, [c7a.id], now).pupils.shares[-1] == 100
    assert trend_of(school, [c8b.id], now).pupils.shares[-1] == 0
    assert trend_of(school, None, now).pupils.shares[-1] == 50
