"""A photo, a document and a voice message between two real browsers; the viewer; a cut network."""

import pytest
from playwright.sync_api import expect

from tests.core import samples
from tests.messenger.looking import looks_right
from tests.messenger.serving import CHROMIUM
from tests.messenger.test_browsers import chat as chat  # noqa: PLC0414

pytestmark = pytest.mark.browser

FAKE_MICROPHONE = [
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
    "--autoplay-policy=no-user-gesture-required",
]


@pytest.fixture(scope="module")
def chromium(chromium):
    """Another one, with a microphone that beeps."""
    options = CHROMIUM | {"args": CHROMIUM["args"] + FAKE_MICROPHONE}
    browser = chromium.browser_type.launch(**options)
    yield browser
    browser.close()


@pytest.fixture
def anna(school):
    profile = school.profile("Анна Иванова")
    school.confirmed(profile, "teacher")
    return profile


@pytest.fixture
def boris(school):
    profile = school.profile("Борис Петров")
    school.confirmed(profile, "pupil")
    return profile


def files(*named):
    return [{"name": name, "mimeType": kind, "buffer": content} for name, kind, content in named]


def attach(page, *named):
    page.locator("[data-attach-input]").set_input_files(files(*named))


def photo(name="фото.jpg", size=(800, 500)):
    return name, "image/jpeg", samples.photo(size, gps=True)


def test_a_photo_a_document_and_a_voice_reach_the_other(window_of, anna, boris, chat):
    path = f"/im/chats/{chat.public_id}"
    first, second = window_of(anna, path), window_of(boris, path)
    expect(second.locator(".history")).to_have_attribute("data-ready", "yes")

    # Two photos and a document with a caption.
    first.get_by_label("Прикрепить").click()
    with first.expect_file_chooser() as chooser:
        first.get_by_text("Фото или видео").click()
    chooser.value.set_files(files(photo(), photo("вторая.jpg", (500, 800))))
    attach(first, ("Работа.pdf", "application/pdf", samples.PDF))
    expect(first.locator(".tile[data-state=ready]")).to_have_count(3)
    first.get_by_label("Сообщение", exact=True).fill("С экскурсии")
    first.keyboard.press("Enter")
    message = second.locator(".message[data-seq='1']")
    expect(message.locator(".album-photo")).to_have_count(2)
    expect(message).to_contain_text("С экскурсии")
    expect(first.locator(".message[data-seq='1'] .album-photo")).to_have_count(2)
    expect(first.locator(".tile")).to_have_count(0)
    assert message.locator(".album-photo").first.evaluate(
        "image => image.decode().then(() => image.naturalWidth > 0)"
    )
    with second.expect_download() as download:
        message.get_by_text("Работа.pdf").click()
    assert download.value.suggested_filename == "Работа.pdf"

    # The viewer: by keyboard there and back, and the focus returns.
    message.get_by_label("Фото 1 из 2").click()
    viewer = second.locator("dialog[data-viewer]")
    expect(viewer.get_by_text("1 / 2")).to_be_visible()
    second.keyboard.press("ArrowRight")
    expect(viewer.get_by_text("2 / 2")).to_be_visible()
    second.keyboard.press("Escape")
    expect(viewer).to_be_hidden()
    expect(message.get_by_label("Фото 1 из 2")).to_be_focused()

    # A voice by a click: it goes on without the finger, until Esc throws it away.
    record, recorder = (
        first.get_by_label("Записать голосовое сообщение"),
        first.locator("[data-recorder]"),
    )
    time, heard = first.locator("[data-recorder-time]"), first.locator(".recorder-heard")
    record.click()
    expect(time).to_have_text("0:01")
    first.keyboard.press("Escape")
    expect(recorder).to_be_hidden()
    # Held, and drawn to the left: gone too.
    place = record.bounding_box()
    middle = (place["x"] + place["width"] / 2, place["y"] + place["height"] / 2)
    first.mouse.move(*middle)
    first.mouse.down()
    expect(recorder).to_have_attribute("data-state", "recording")
    first.mouse.move(middle[0] - 60, middle[1])
    expect(recorder).to_be_visible()
    first.mouse.move(middle[0] - 100, middle[1], steps=3)
    expect(recorder).to_be_hidden()
    first.mouse.up()
    # Held and let go: it is heard first, and nothing has been sent.
    first.mouse.move(*middle)
    first.mouse.down()
    expect(time).to_have_text("0:01")
    expect(first.locator("[data-recorder-live] rect")).to_have_count(48)
    first.mouse.up()
    expect(recorder).to_have_attribute("data-state", "preview")
    expect(heard.locator(".sound-bars rect")).to_have_count(48)
    heard.locator("[data-sound-play]").click()
    expect(heard).to_have_attribute("data-playing", "")
    looks_right(first)
    expect(first.locator(".message[data-seq='2']")).to_have_count(0)
    first.get_by_label("Отправить голосовое сообщение").click()
    voice = second.locator(".message[data-seq='2'] [data-sound]")
    expect(voice).to_be_visible()
    assert int(voice.get_attribute("data-duration")) >= 400
    expect(voice.locator("rect")).to_have_count(48)
    voice.locator("[data-sound-play]").click()
    expect(voice).to_have_attribute("data-playing", "")
    expect(voice.locator("rect[data-played]").first).to_be_attached()
    voice.locator("[data-sound-speed]").click()
    expect(voice.locator("[data-sound-speed]")).to_have_text("1,5×")
    assert voice.locator("audio").evaluate("audio => audio.playbackRate") == 1.5


def test_files_on_their_way_wait_go_again_are_taken_back_or_refused(window_of, anna, boris, chat):
    page = window_of(anna, f"/im/chats/{chat.public_id}")
    expect(page.locator(".history")).to_have_attribute("data-ready", "yes")
    for event in ("paste", "drop"):
        page.evaluate(
            """([event, bytes]) => {
              const data = new DataTransfer();
              data.items.add(new File([new Uint8Array(bytes)], `${event}.jpg`, {type: "image/jpeg"}));
              const init = {bubbles: true, cancelable: true, clipboardData: data, dataTransfer: data};
              const target = document.querySelector("[data-composer-text]");
              target.dispatchEvent(event === "paste" ? new ClipboardEvent(event, init) : new DragEvent(event, init));
            }""",
            [event, list(samples.photo())],
        )
    tiles = page.locator(".tile")
    expect(page.locator(".tile[data-state=ready]")).to_have_count(2)

    # A lost network: the file waits for a second try.
    page.context.set_offline(True)
    attach(page, ("Работа.pdf", "application/pdf", samples.PDF))
    expect(page.locator(".tile[data-state=failed]")).to_have_count(1)
    page.context.set_offline(False)
    page.locator(".tile[data-state=failed] [data-tile-retry]").click()
    expect(page.locator(".tile[data-state=ready]")).to_have_count(3)
    tiles.nth(1).get_by_label("Убрать файл").click()
    expect(tiles).to_have_count(2)

    # A slow network: how far it is, and away with it in the middle.
    wire = page.context.new_cdp_session(page)
    wire.send("Network.enable")
    slow = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": 400_000}
    wire.send("Network.emulateNetworkConditions", slow)
    attach(page, ("большой.txt", "text/plain", b"words " * 700_000))
    progress = page.locator(".tile[data-state=uploading] progress")
    page.wait_for_function(
        "() => { const bar = document.querySelector('.tile[data-state=uploading] progress');"
        " return bar && bar.value > 0.02 && bar.value < 1; }"
    )
    expect(progress).to_be_visible()
    page.locator(".tile[data-state=uploading]").get_by_label("Убрать файл").click()
    expect(tiles).to_have_count(2)
    wire.send("Network.emulateNetworkConditions", slow | {"uploadThroughput": -1})

    # What is not sent says so at once; a name is only a name.
    attach(page, ("рисунок.svg", "image/svg+xml", samples.SVG))
    attach(page, ("игра.exe", "application/x-msdownload", samples.EXE))
    refused = page.locator(".tile[data-state=refused]")
    expect(refused).to_have_count(2)
    expect(refused.first.locator("[data-tile-retry]")).to_be_hidden()
    for number in (0, 1):
        assert len(refused.nth(number).locator(".tile-note").inner_text()) > 20, "it says why"
    script = "<img src=x onerror=alert(1)>.pdf"
    attach(page, (script, "application/pdf", samples.PDF))
    expect(page.locator(".tile[data-state=ready]")).to_have_count(3)
    looks_right(page)
    page.keyboard.press("Enter")
    message = page.locator(".message[data-seq='1']")
    expect(message.locator(".album-photo")).to_have_count(1)
    expect(message.get_by_text("Работа.pdf")).to_be_visible()
    expect(message.locator(".file-name").last).to_contain_text("onerror=alert(1)")
    expect(message.locator("img[src=x]")).to_have_count(0)
    expect(refused).to_have_count(2)  # they stay before the eyes
    with page.expect_download() as download:
        message.locator("a.file").last.click()
    assert "/" not in download.value.suggested_filename
    assert download.value.suggested_filename.endswith(".pdf")
