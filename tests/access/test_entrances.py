"""Every address of the site is in this table: what a stranger gets there.

A new route fails here until somebody has decided who may use it.
"""

import re

import pytest

from app import create_app
from app.core.config import Mode
from tests.conftest import make_settings

DOOR, WALK, OPEN, PROGRAM = "journal door", "messenger door", "open", "program"
ENTRANCES = {
    "static": OPEN,
    "core.set_language": OPEN,
    "core.set_theme": OPEN,
    "journal.sign_in": OPEN,
    "journal.sign_out": OPEN,
    "journal.home": DOOR,
    "journal.chats": DOOR,
    "journal.edit_chat": DOOR,
    "journal.chat_picture": DOOR,
    "journal.gradebook": DOOR,
    "journal.sheet": DOOR,
    "journal.reopen_sheet": DOOR,
    "journal.save_cell": DOOR,
    "journal.sheet_changes": DOOR,
    "journal.cell": DOOR,
    "journal.lesson_marks": DOOR,
    "journal.diary": DOOR,
    "journal.timetable": DOOR,
    "journal.lesson": DOOR,
    "journal.lesson_call": DOOR,
    "journal.cancel_lesson_on_date": DOOR,
    "journal.restore_lesson_on_date": DOOR,
    "journal.new_distance_lesson": DOOR,
    "journal.substitutions": DOOR,
    "journal.end_substitution": DOOR,
    "journal.edit_timetable": DOOR,
    "journal.add_slot": DOOR,
    "journal.change_slot": DOOR,
    "journal.end_slot": DOOR,
    "journal.add_load": DOOR,
    "journal.end_load": DOOR,
    "journal.school_year": DOOR,
    "journal.save_periods": DOOR,
    "journal.save_bells": DOOR,
    "journal.add_day_off": DOOR,
    "journal.remove_day_off": DOOR,
    "journal.calendar_feed": DOOR,
    "journal.make_calendar_feed": DOOR,
    "journal.revoke_calendar_feed": DOOR,
    "journal.read_calendar": OPEN,
    "journal.planning": DOOR,
    "journal.planning_sheet": DOOR,
    "journal.save_note": DOOR,
    "journal.planned_lesson": DOOR,
    "journal.plan": DOOR,
    "journal.copy_plan": DOOR,
    "journal.plan_draft": DOOR,
    "journal.plan_template": DOOR,
    "journal.export_plan": DOOR,
    "journal.import_plan": DOOR,
    "journal.homework_file": DOOR,
    "journal.tick_homework": DOOR,
    "journal.reports": DOOR,
    "journal.attendance_report": DOOR,
    "journal.pupil_report": DOOR,
    "journal.subject_report": DOOR,
    "journal.coverage_report": DOOR,
    "journal.invitations": DOOR,
    "journal.invited": OPEN,
    "journal.announcements": DOOR,
    "journal.announcement": DOOR,
    "journal.new_announcement": DOOR,
    "journal.edit_announcement": DOOR,
    "journal.delete_announcement": DOOR,
    "journal.answer_announcement": DOOR,
    "journal.announcement_file": DOOR,
    "journal.personal": DOOR,
    "journal.export_own": DOOR,
    "journal.end_session": DOOR,
    "journal.recognise_device": DOOR,
    "journal.password": DOOR,
    "journal.help_page": DOOR,
    "journal.connect": WALK,
    "journal.whose_account": WALK,
    "journal.diary_site": WALK,
    "journal.other_diary": WALK,
    "journal.request_left": WALK,
    "journal.safety": DOOR,
    "journal.cases": DOOR,
    "journal.case": DOOR,
    "journal.people": DOOR,
    "journal.person": DOOR,
    "journal.diary_requests": DOOR,
    "journal.close_diary_request": DOOR,
    "linking.start": DOOR,
    "linking.callback": DOOR,
    "linking.done": DOOR,
    "linking.unlink": DOOR,
    "linking.restore": DOOR,
    "linking.open_messenger": DOOR,
    "identity.elsewhere": OPEN,
    "identity.go_elsewhere": OPEN,
    "identity.elsewhere_callback": OPEN,
    "identity.phone": OPEN,
    "identity.code": OPEN,
    "identity.resend": OPEN,
    "identity.delivery": OPEN,
    "identity.call": OPEN,
    "identity.confirm": OPEN,
    "identity.disown": OPEN,
    "identity.change_phone": OPEN,
    "identity.about": OPEN,
    "identity.create": OPEN,
    "identity.profile": OPEN,
    "identity.sign_in": OPEN,
    "identity.sign_out": OPEN,
    "identity.about_vk_id": OPEN,
    "identity.ended": OPEN,
    "identity.own_profile": OPEN,
    "identity.disconnect_service": OPEN,
    "identity.logout": OPEN,
    "identity.own_sessions": OPEN,
    "identity.choose_profile": OPEN,
    "identity.add_profile": OPEN,
    "identity.end_session": OPEN,
    "identity.recognise_device": OPEN,
    "identity.authorize": OPEN,
    "provider.discovery": OPEN,
    "provider.jwks": OPEN,
    "provider.token": PROGRAM,
    "provider.revoke": PROGRAM,
    "provider.userinfo": PROGRAM,
    "messenger.chats": WALK,
    "messenger.rows": WALK,
    "messenger.row": WALK,
    "messenger.new_chat": WALK,
    "messenger.create": WALK,
    "messenger.people": WALK,
    "messenger.rights": WALK,
    "messenger.chat": WALK,
    "messenger.report": WALK,
    "messenger.reports": WALK,
    "messenger.report_answers": WALK,
    "messenger.permalink": WALK,
    "messenger.after": WALK,
    "messenger.search_chat": WALK,
    "messenger.found": WALK,
    "messenger.keys": WALK,
    "messenger.row_menu": WALK,
    "messenger.place": WALK,
    "messenger.members": WALK,
    "messenger.photo": WALK,
    "messenger.heading": WALK,
    "messenger.kept": WALK,
    "messenger.keep_later": WALK,
    "messenger.send_later_now": WALK,
    "messenger.cancel_later": WALK,
    "messenger.invite": WALK,
    "messenger.save_invite": WALK,
    "messenger.renew_invite": WALK,
    "messenger.annul_invite": WALK,
    "messenger.invite_qr": WALK,
    "messenger.print_invite": WALK,
    "messenger.answer_request": WALK,
    "join.door": OPEN,
    "join.enter": OPEN,
    "messenger.member": WALK,
    "messenger.add": WALK,
    "messenger.leave": WALK,
    "messenger.archive": WALK,
    "messenger.settings": WALK,
    "messenger.set_info": WALK,
    "messenger.remove_photo": WALK,
    "messenger.set_appearance": WALK,
    "messenger.set_rights": WALK,
    "messenger.before": WALK,
    "messenger.since": WALK,
    "messenger.send": WALK,
    "messenger.upload": WALK,
    "messenger.new_poll": WALK,
    "messenger.own_votes": WALK,
    "messenger.poll": WALK,
    "messenger.vote": WALK,
    "messenger.close_poll": WALK,
    "messenger.discard": WALK,
    "messenger.file": WALK,
    "messenger.thumb": WALK,
    "messenger.delete": WALK,
    "messenger.message": WALK,
    "messenger.edit": WALK,
    "messenger.reactions": WALK,
    "messenger.forward": WALK,
    "messenger.readers": WALK,
    "messenger.pin_message": WALK,
    "messenger.unpin_message": WALK,
    "messenger.pinned": WALK,
    "messenger.mentions": WALK,
    "messenger.presence": WALK,
    "messenger.start_call": WALK,
    "messenger.call_bar": WALK,
    "messenger.call": WALK,
    "messenger.end_call": WALK,
    "messenger.read": WALK,
    "messenger.direct": WALK,
    "messenger.start_direct": WALK,
    "messenger.safety": WALK,
    "messenger.notifications": WALK,
    "messenger.subscribe_push": WALK,
    "messenger.unsubscribe_push": WALK,
    "pwa.manifest": OPEN,
    "pwa.service_worker": OPEN,
    "pwa.offline": OPEN,
}


def address_of(rule):
    """The rule with made-up values in it."""
    return re.sub(r"<(?:\w+:)?\w+>", "1", rule.rule.replace("<path:filename>", "css/base.css"))


def test_every_route_is_in_the_table(app):
    assert {rule.endpoint for rule in app.url_map.iter_rules()} == set(ENTRANCES)


@pytest.mark.parametrize("endpoint", sorted(ENTRANCES))
def test_what_a_stranger_gets(app, web, endpoint):
    for rule in app.url_map.iter_rules(endpoint):
        url = address_of(rule)
        for method in rule.methods - {"HEAD", "OPTIONS"}:
            reply = web.send(method.lower(), url)
            where = reply.headers.get("Location", "")
            if ENTRANCES[endpoint] == DOOR:
                assert where.startswith("/sign-in"), (method, url)
            elif ENTRANCES[endpoint] == WALK:
                assert where.startswith("/id/sign-in"), (method, url)
            elif ENTRANCES[endpoint] == PROGRAM:
                assert reply.status_code in (400, 401), (method, url)
            else:
                assert reply.status_code < 500, (method, url)


def test_the_demo_is_absent_outside_the_demo(web):
    for url in ("/demo/", "/demo/sms", "/demo/enter"):
        assert web.get(url).status_code == 404


def test_the_demo_is_there_in_the_demo(tmp_path):
    app = create_app(make_settings(tmp_path, mode=Mode.DEMO))
    assert "demo.personas" in {rule.endpoint for rule in app.url_map.iter_rules()}


def test_every_form_needs_its_token(tmp_path):
    app = create_app(make_settings(tmp_path))
    for rule in app.url_map.iter_rules():
        if "POST" in rule.methods and not rule.endpoint.startswith("provider."):
            url = address_of(rule)
            reply = app.test_client().post(url)
            assert reply.status_code == 400, url
            assert "Страница устарела" in reply.text, url


def test_programs_do_not_need_the_forms_token(tmp_path, app):
    reply = app.test_client().post("/id/token", data={"grant_type": "authorization_code"})
    assert "invalid_client" in reply.text
