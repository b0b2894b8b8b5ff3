"""Every page and pane of the messenger on the smallest screen, at 200 % and at a desk: nothing that
axe finds, nothing beside the screen, no control under another. One browser opens them all.
"""

import datetime as dt
import io

import pytest
from playwright.sync_api import expect

from app.core import clock
from app.messenger.attachments.uploading import Measured, upload
from app.messenger.chats.rights import ChatKind, MemberRole
from app.messenger.invites import joining, making
from app.messenger.invites.making import Terms, living_invite
from app.messenger.messages.sending import send_message
from app.messenger.polls.creating import Question, create_poll
from app.messenger.polls.ending import close_poll
from app.messenger.polls.voting import vote
from tests.core import samples
from tests.messenger.looking import SIZES, faults_of

pytestmark = pytest.mark.browser
LONG = "Ассоциация родителей и преподавателей лицея № 1 имени Н. И. Лобачевского"
WORD = "Превысокомногорассмотрительствующий" * 3


@pytest.fixture
def full(school):
    """A chat with everything in it, seen by its creator."""
    anna = school.profile(f"Анна-Мария Константинопольская-Преображенская {'Вячеславовна'}")
    boris, vera, gleb = (
        school.profile(name) for name in (f"Борис {WORD[:90]}", "Вера Ёлкина", "Глеб Лис")
    )
    for profile in (anna, boris, vera, gleb):
        school.confirmed(profile, "teacher")
    chat = school.chat(LONG, kind=ChatKind.MANUAL)
    school.join(anna, chat, role=MemberRole.CREATOR)
    school.join(boris, chat, role=MemberRole.ADMINISTRATOR)
    school.join(vera, chat)
    says, where = school.says, chat.public_id
    says(
        boris, chat, "Собрание: https://school.example/" + "очень-длинный-адрес/" * 12, "by-boris-1"
    )
    says(anna, chat, WORD, "by-anna-1")
    for number, (name, content) in enumerate(
        [
            ("фото.jpg", samples.photo((800, 500))),
            (f"{WORD}.pdf", samples.PDF),
            ("песня.wav", samples.sound()),
        ]
    ):
        sent = upload(anna.id, where, io.BytesIO(content), name=name, measured=Measured())
        send_message(anna.id, where, f"file-{number:06}", LONG, attachments=[sent.id])
    voice = Measured(is_voice=True, duration=4000, peaks="0123456789abcdefghijklmnopqrstuv")
    sent = upload(anna.id, where, io.BytesIO(samples.WEBM), name="voice.webm", measured=voice)
    send_message(anna.id, where, "voice-000001", "", attachments=[sent.id])
    answers = ["Среда", WORD, LONG]
    soon = (clock.now() + dt.timedelta(days=3)).strftime("%Y-%m-%dT%H:%M")
    for name, asked in {
        "poll-open-01": Question(text=LONG, answers=answers, is_multiple=True, closes=soon),
        "poll-done-01": Question(text=WORD, answers=answers, is_anonymous=False),
    }.items():
        create_poll(anna.id, where, name, asked)
        vote(boris.id, where, name, [1])
    close_poll(anna.id, where, "poll-done-01")
    making.save_invite(anna.id, where, Terms(needs_approval=True))
    invite = living_invite(chat.id)
    joining.enter(invite.id, gleb.id)
    for number in range(12):
        school.chat(f"{LONG} {number}" if number % 2 else f"Чат {number}", anna, boris)
    gone = school.chat("Бывший", anna, boris)
    says(boris, gone, "До свидания")
    school.leave(anna, gone)
    school.newcomer = school.profile("Дина Новенькая")
    school.confirmed(school.newcomer, "teacher")
    school.anna, school.gone = anna, gone
    school.full = f"/im/chats/{where}"
    school.member = f"{school.full}/members/{boris.public_id}"
    return school


def pages_of(full):
    """Addresses, each a state of its own."""
    chat = full.full
    return [
        "/im/", "/im/?q=собрание", f"{chat}", f"{chat}/search?q=собрание", f"{chat}/members",
        full.member, f"{chat}/add", f"{chat}/settings", f"{chat}/invite", f"{chat}/leave",
        f"{chat}/archive", f"{chat}/polls", f"{chat}/polls/poll-open-01", f"{chat}/polls/poll-done-01",
        f"{chat}/messages/by-boris-1", f"{chat}/messages/by-boris-1/forward",
        f"{chat}/messages/by-boris-1/readers", f"{chat}/messages/by-boris-1/delete",
        f"{chat}/place", f"/im/chats/{full.gone.public_id}", "/im/new", "/im/direct", "/im/keys",
        "/im/notifications", "/im/safety", f"{chat}/m/by-boris-1",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "size",
    ["small phone", *(pytest.param(size, marks=pytest.mark.slow) for size in ("200 %", "desk"))],
)
def test_every_page_of_the_messenger_holds(full, window_of, size):
    page = window_of(full.anna, full.full, **SIZES[size], reduced_motion="reduce")
    faults = []

    def look(where):
        faults.extend(f"{where}: {fault}" for fault in faults_of(page))

    for address in pages_of(full):
        answer = page.goto(address)
        assert answer.status == 200, address
        page.wait_for_load_state()
        look(address)

    # What opens over a page: the menus, the search pane, the keys, the tray, the recorder, the viewer.
    page.goto(full.full)
    expect(page.locator(".history")).to_have_attribute("data-ready", "yes")
    page.get_by_label("Прикрепить").click()
    look("the menu of files")
    page.get_by_label("Прикрепить").click()
    page.locator("[data-attach-input]").set_input_files(
        [
            {"name": f"{WORD}.svg", "mimeType": "image/svg+xml", "buffer": samples.SVG},
            {"name": "фото.jpg", "mimeType": "image/jpeg", "buffer": samples.photo()},
            {"name": f"{LONG}.pdf", "mimeType": "application/pdf", "buffer": samples.PDF},
        ]
    )
    expect(page.locator(".tile[data-state=ready]")).to_have_count(2)
    look("the tray")
    page.locator("[data-photo]").first.click()
    expect(page.locator("dialog[data-viewer]")).to_be_visible()
    look("the viewer")
    page.keyboard.press("Escape")
    page.get_by_role("link", name="Поиск в чате").click()
    page.locator("#info input[type=search]").fill("собрание")
    expect(page.locator("#info mark").first).to_be_visible()
    look("the search pane")
    page.goto("/im/")
    page.locator(".chat-row-link").nth(1).focus()
    page.keyboard.press("ContextMenu")
    expect(page.locator("[data-row-menu]")).to_be_visible()
    look("the menu of a row")

    # The door, for one who may ask and for a stranger.
    page.goto(f"{full.full}/invite")
    door = page.locator("#invite-address").input_value()
    guest = window_of(full.newcomer, door, **SIZES[size])
    expect(guest.get_by_role("button", name="Отправить заявку")).to_be_visible()
    faults.extend(f"the door: {fault}" for fault in faults_of(guest))
    guest.context.clear_cookies()
    guest.goto(door)
    faults.extend(f"the door, not signed in: {fault}" for fault in faults_of(guest))
    assert not faults, "\n".join(faults)
