"""What reasons and decisions are called."""

from __future__ import annotations

from flask_babel import LazyString, lazy_gettext

from app.messenger.reports.models import Decision, Reason

REASONS: dict[Reason, LazyString] = {
    Reason.BULLYING: lazy_gettext("Оскорбления, травля"),
    Reason.THREAT: lazy_gettext("Угрозы, призывы к насилию"),
    Reason.DANGER: lazy_gettext("Кому-то грозит опасность"),
    Reason.INDECENT: lazy_gettext("Неподходящее для детей"),
    Reason.PRIVACY: lazy_gettext("Личные данные без согласия"),
    Reason.FRAUD: lazy_gettext("Обман, реклама, рассылка"),
    Reason.OTHER: lazy_gettext("Другое"),
}
DECISIONS: dict[Decision, LazyString] = {
    Decision.LEFT: lazy_gettext("Рассмотрено, меры не понадобились"),
    Decision.DELETED: lazy_gettext("Сообщение удалено у всех"),
    Decision.REMOVED: lazy_gettext("Сообщение удалено, автор исключён из чата"),
}
