"""Why a linking could not be finished: a closed list, each with its words and its way on."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from flask_babel import LazyString, lazy_gettext

from app.core.errors import Problem


class Refusal(StrEnum):
    """Every way a walk through the provider can end without a link."""

    CANCELLED = "cancelled"
    EXPIRED = "expired"
    SPENT = "spent"
    UNKNOWN = "unknown"
    OTHER_BROWSER = "other_browser"
    OTHER_ACCOUNT = "other_account"
    ACCOUNT_TAKEN = "account_taken"
    PROFILE_TAKEN = "profile_taken"
    CODE_REFUSED = "code_refused"
    UNTRUSTED = "untrusted"


class WayOn(StrEnum):
    """What the main button of a refusal's page does."""

    START = "start"
    CHECK = "check"
    RETRY = "retry"
    UNLINK = "unlink"
    OTHER_ACCOUNT = "other_account"


@dataclass(frozen=True)
class Words:
    """What the person reads: what happened, what is kept, what to do next."""

    title: LazyString
    text: LazyString
    way_on: WayOn = WayOn.START
    status: int = 409


WORDS = {
    Refusal.CANCELLED: Words(
        lazy_gettext("Привязка отменена"),
        lazy_gettext(
            "Вы отменили привязку, ничего не изменилось. Начать её снова можно когда угодно. "
            "Открыт чужой журнал? Войдите в другую учетную запись."
        ),
        way_on=WayOn.OTHER_ACCOUNT,
        status=200,
    ),
    Refusal.EXPIRED: Words(
        lazy_gettext("Время на привязку вышло"),
        lazy_gettext(
            "На привязку отводится один час. Учебный профиль, если вы его создали, сохранился. "
            "Начните привязку заново: пройденные шаги система пропустит."
        ),
    ),
    Refusal.SPENT: Words(
        lazy_gettext("Эта попытка уже использована"),
        lazy_gettext(
            "Если вы нажали кнопку дважды, привязка могла уже завершиться. "
            "Проверьте: если профиль не привязан, привязка начнётся заново."
        ),
        way_on=WayOn.CHECK,
    ),
    Refusal.UNKNOWN: Words(
        lazy_gettext("Такой попытки привязки нет"),
        lazy_gettext(
            "Возможно, адрес страницы скопирован не полностью или она сохранена давно. "
            "Ничего не изменилось. Начните привязку заново."
        ),
    ),
    Refusal.OTHER_BROWSER: Words(
        lazy_gettext("Привязку начали в другом месте"),
        lazy_gettext(
            "Её начали в другом браузере или до повторного входа в журнал. Ради вашей "
            "безопасности мы её не завершили, ничего не изменилось. Начните привязку заново здесь."
        ),
    ),
    Refusal.OTHER_ACCOUNT: Words(
        lazy_gettext("В журнал вошли под другой учетной записью"),
        lazy_gettext(
            "Привязку начали под другой учетной записью, поэтому мы её не завершили. "
            "Ничего не изменилось. Проверьте, под чьим именем вы вошли, и начните заново."
        ),
    ),
    Refusal.ACCOUNT_TAKEN: Words(
        lazy_gettext("Учетная запись уже связана с другим профилем"),
        lazy_gettext(
            "У одной учетной записи может быть только один учебный профиль. Прежняя привязка "
            "осталась. Чтобы сменить профиль, сначала отмените её."
        ),
        way_on=WayOn.UNLINK,
    ),
    Refusal.PROFILE_TAKEN: Words(
        lazy_gettext("Этот профиль уже связан с другим человеком вашей школы"),
        lazy_gettext(
            "Один учебный профиль нельзя привязать к двум людям одной школы. Ничего не "
            "изменилось. Начните заново и на последнем шаге нажмите «Войти с другим номером». "
            "Если номер ваш, а профиль занят, обратитесь к администратору школы."
        ),
    ),
    Refusal.CODE_REFUSED: Words(
        lazy_gettext("Вход в учебный профиль не подтвердился"),
        lazy_gettext(
            "Подтверждение действует одну минуту и только один раз. Ничего не изменилось. "
            "Начните привязку заново: пройденные шаги система пропустит."
        ),
    ),
    Refusal.UNTRUSTED: Words(
        lazy_gettext("Ответ сервиса входа не прошёл проверку"),
        lazy_gettext(
            "Ради вашей безопасности мы не завершили привязку, ничего не изменилось. "
            "Начните заново, а если ошибка повторится, сообщите администратору школы."
        ),
        status=502,
    ),
}


class Refused(Problem):
    """The linking ended without a link; `reason` chooses its page."""

    def __init__(self, reason: Refusal) -> None:
        super().__init__(WORDS[reason].text)
        self.reason = reason
