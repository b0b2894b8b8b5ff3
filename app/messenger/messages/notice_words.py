"""The sentences of notices. Russian verbs have a gender: one sentence for «она», one for «он», and
one without it for several people and for names that do not show it.
"""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import LazyString, lazy_gettext, ngettext

from app.messenger.messages.notices import Named, Notice, NoticeEvent

Forms = tuple[LazyString, LazyString, LazyString]

SENTENCES: Mapping[NoticeEvent, Forms] = {
    NoticeEvent.CREATED: (
        lazy_gettext("%(by)s создала чат"),
        lazy_gettext("%(by)s создал чат"),
        lazy_gettext("Чат создан"),
    ),
    NoticeEvent.JOINED: (
        lazy_gettext("%(whom)s присоединилась к чату"),
        lazy_gettext("%(whom)s присоединился к чату"),
        lazy_gettext("Теперь в чате: %(whom)s"),
    ),
    NoticeEvent.CAME_BY_LINK: (
        lazy_gettext("%(whom)s присоединилась по ссылке"),
        lazy_gettext("%(whom)s присоединился по ссылке"),
        lazy_gettext("По ссылке в чат вошли: %(whom)s"),
    ),
    NoticeEvent.INVITED: (
        lazy_gettext("%(by)s пригласила в чат: %(whom)s"),
        lazy_gettext("%(by)s пригласил в чат: %(whom)s"),
        lazy_gettext("Теперь в чате: %(whom)s. Приглашение: %(by)s"),
    ),
    NoticeEvent.LEFT: (
        lazy_gettext("%(whom)s вышла из чата"),
        lazy_gettext("%(whom)s вышел из чата"),
        lazy_gettext("Больше не в чате: %(whom)s"),
    ),
    NoticeEvent.GONE: (
        lazy_gettext("%(whom)s больше не состоит в чате"),
        lazy_gettext("%(whom)s больше не состоит в чате"),
        lazy_gettext("Больше не в чате: %(whom)s"),
    ),
    NoticeEvent.REMOVED: (
        lazy_gettext("%(by)s исключила из чата: %(whom)s"),
        lazy_gettext("%(by)s исключил из чата: %(whom)s"),
        lazy_gettext("Больше не в чате: %(whom)s"),
    ),
    NoticeEvent.RENAMED: (
        lazy_gettext("%(by)s изменила название чата на «%(title)s»"),
        lazy_gettext("%(by)s изменил название чата на «%(title)s»"),
        lazy_gettext("Новое название чата: «%(title)s»"),
    ),
    NoticeEvent.PHOTO_CHANGED: (
        lazy_gettext("%(by)s обновила фотографию чата"),
        lazy_gettext("%(by)s обновил фотографию чата"),
        lazy_gettext("У чата новая фотография"),
    ),
    NoticeEvent.INFO_CHANGED: (
        lazy_gettext("%(by)s изменила описание чата"),
        lazy_gettext("%(by)s изменил описание чата"),
        lazy_gettext("У чата новое описание"),
    ),
    NoticeEvent.APPEARANCE_CHANGED: (
        lazy_gettext("%(by)s сменила оформление чата"),
        lazy_gettext("%(by)s сменил оформление чата"),
        lazy_gettext("У чата новое оформление"),
    ),
    NoticeEvent.RIGHTS_CHANGED: (
        lazy_gettext("%(by)s изменила настройки чата"),
        lazy_gettext("%(by)s изменил настройки чата"),
        lazy_gettext("Настройки чата изменены"),
    ),
    NoticeEvent.PINNED: (
        lazy_gettext("%(by)s закрепила сообщение"),
        lazy_gettext("%(by)s закрепил сообщение"),
        lazy_gettext("Сообщение закреплено"),
    ),
    NoticeEvent.UNPINNED: (
        lazy_gettext("%(by)s открепила сообщение"),
        lazy_gettext("%(by)s открепил сообщение"),
        lazy_gettext("Сообщение откреплено"),
    ),
    NoticeEvent.APPOINTED: (
        lazy_gettext("%(by)s назначила администратором: %(whom)s"),
        lazy_gettext("%(by)s назначил администратором: %(whom)s"),
        lazy_gettext("Теперь администратор чата: %(whom)s"),
    ),
    NoticeEvent.DISMISSED: (
        lazy_gettext("%(by)s сняла права администратора: %(whom)s"),
        lazy_gettext("%(by)s снял права администратора: %(whom)s"),
        lazy_gettext("Больше не администратор чата: %(whom)s"),
    ),
    NoticeEvent.HANDED_OVER: (
        lazy_gettext("%(by)s передала чат: теперь его ведёт %(whom)s"),
        lazy_gettext("%(by)s передал чат: теперь его ведёт %(whom)s"),
        lazy_gettext("Теперь чат ведёт %(whom)s"),
    ),
    NoticeEvent.ARCHIVED: (
        lazy_gettext("%(by)s отправила чат в архив"),
        lazy_gettext("%(by)s отправил чат в архив"),
        lazy_gettext("Чат отправлен в архив"),
    ),
    NoticeEvent.RESTORED: (
        lazy_gettext("%(by)s вернула чат из архива"),
        lazy_gettext("%(by)s вернул чат из архива"),
        lazy_gettext("Чат возвращён из архива"),
    ),
    NoticeEvent.CALL_STARTED: (
        lazy_gettext("%(by)s начала звонок"),
        lazy_gettext("%(by)s начал звонок"),
        lazy_gettext("Начался звонок"),
    ),
    NoticeEvent.CALL_ENDED: (
        lazy_gettext("Звонок завершён, длился %(length)s"),
        lazy_gettext("Звонок завершён, длился %(length)s"),
        lazy_gettext("Звонок завершён, длился %(length)s"),
    ),
    NoticeEvent.POLL_CLOSED: (
        lazy_gettext("%(by)s завершила опрос. Голосов: %(votes)s"),
        lazy_gettext("%(by)s завершил опрос. Голосов: %(votes)s"),
        lazy_gettext("Опрос завершён. Голосов: %(votes)s"),
    ),
}


def notice_sentence(notice: Notice) -> str:
    """«Иванова А. присоединилась к чату», in the current language; plain text, not HTML."""
    female, male, neither = SENTENCES[notice.event]
    form = {"f": female, "m": male}.get(_gender(notice), neither)
    words = {name: f"\u2068{word}\u2069" for name, word in notice.words}
    by = _isolated(notice.by) if notice.by else ""
    return str(form) % (words | {"by": by, "whom": _listed(notice)})


def _gender(notice: Notice) -> str:
    """Of whom the sentence tells: the one who did it, else the only one whom it is about."""
    if notice.by is not None:
        return notice.by.gender
    return notice.whom[0].gender if notice.count == 1 and notice.whom else ""


def _listed(notice: Notice) -> str:
    names = ", ".join(_isolated(one) for one in notice.whom)
    others = notice.count - len(notice.whom)
    if others <= 0:
        return names
    return names + " " + ngettext("и ещё %(num)d", "и ещё %(num)d", others)


def _isolated(one: Named) -> str:
    """A name of any script cannot turn the sentence around (FSI … PDI)."""
    return f"\u2068{one.name}\u2069"
