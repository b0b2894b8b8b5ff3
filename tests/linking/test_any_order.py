"""Whatever people press, in whatever order and in whatever browser: nobody is linked to another's
record, no browser is let in to a profile whose phone it has not proved, no link is half made.

Two browsers, four accounts in two schools, three phones. The machine knows no page order: it sends
any request at any time, as tabs, back buttons and curious pupils do.
"""

import re
import shutil
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy import delete, select

from app import create_app
from app.core.db import db
from app.core.throttle import Attempt
from app.core.transaction import writing
from app.identity import sessions
from app.identity.profiles import Profile
from app.identity.sms import SmsMessage
from app.linking.links import Link, LinkAttempt
from app.membership.models import Seat
from app.messenger.chats.models import Member
from app.school.accounts import Account
from tests.browser import Web
from tests.conftest import make_settings
from tests.linking.conftest import PASSWORD, password_hash
from tests.world import World

BROWSERS = st.integers(0, 1)
LOGINS = st.sampled_from(["anna", "anna-too", "misha", "olga"])
PHONES = st.sampled_from(["+79161111111", "+79162222222", "+79163333333"])
NAMES = {"family_name": "Тестова", "given_name": "Вера"}


class Tab:
    """A browser, and what the test has seen it prove and agree to."""

    def __init__(self, app):
        self.web = Web(app)
        self.login = None
        self.phone = None
        self.proved = set()
        self.consent = None  # (address, login at its beginning)
        self.agreed = set()  # (login, subject)
        self.callback = None

    def profile(self):
        """The profile this browser is signed in to, by its cookie."""
        cookie = self.web.client.get_cookie(sessions.COOKIE)
        session = sessions.find_session(cookie.value if cookie else None)
        return session.profile if session else None


class Walkers(RuleBasedStateMachine):
    """The rules are what a browser can send; the invariants are the promises."""

    new_database = None
    made_in_all = 0

    def __init__(self):
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        url = Walkers.new_database(self.folder)
        app = create_app(make_settings(self.folder, database_url=url))
        app.config["WTF_CSRF_ENABLED"] = False
        self.context = app.app_context()
        self.context.push()
        world = World()
        anna, misha = world.teacher("Иванова Анна"), None
        c7a = world.school_class("7А", teacher=anna)
        misha = world.pupil("Орлов Миша", in_=c7a)
        olga = world.guardian("Орлова Ольга", of=[misha])
        too = world.teacher("Иванова Анна", school=world.school("Школа № 2"))
        people = {"anna": anna, "misha": misha, "olga": olga, "anna-too": too}
        for login, person in people.items():
            world.account(person, login=login, password_hash=password_hash())
        self.tabs = [Tab(app), Tab(app)]
        self.made = {}

    def teardown(self):
        db.session.remove()
        db.engine.dispose()
        self.context.pop()
        shutil.rmtree(self.folder)

    # -- the journal ----------------------------------------------------------------------------
    @rule(number=BROWSERS, login=LOGINS)
    def signs_in(self, number, login):
        tab = self.tabs[number]
        tab.web.post("/sign-out")
        self._patiently()
        answer = tab.web.post("/sign-in", login=login, password=PASSWORD)
        assert answer.status_code == 303, answer.text
        tab.login = login

    @rule(number=BROWSERS)
    def signs_out(self, number):
        self.tabs[number].web.post("/sign-out")
        self.tabs[number].login = None

    @rule(number=BROWSERS)
    def starts(self, number):
        tab = self.tabs[number]
        answer = tab.web.get("/link/start")
        if "/id/authorize" in (answer.location or ""):
            tab.consent = (answer.location, tab.login)
            tab.web.get(answer.location)

    @rule(number=BROWSERS)
    def unlinks(self, number):
        tab = self.tabs[number]
        self._patiently()
        answer = tab.web.post("/link/unlink", password=PASSWORD)
        if answer.status_code == 303 and answer.location == "/link/unlink":
            self.made.pop(tab.login, None)

    @rule(number=BROWSERS)
    def restores(self, number):
        tab = self.tabs[number]
        before = self.made.get(tab.login)
        tab.web.post("/link/restore")
        found = self._stored().get(tab.login)
        if before is None and found is not None:
            ended = {
                (account.login, link.subject)
                for link, account in self._rows(Link.ended_at.is_not(None))
            }
            assert (tab.login, found) in ended, "only what was linked before comes back"
            self.made[tab.login] = found

    # -- the sign-in walk -----------------------------------------------------------------------
    @rule(number=BROWSERS, phone=PHONES)
    def types_a_phone(self, number, phone):
        tab = self.tabs[number]
        self._patiently()
        if tab.web.post("/id/phone", phone=phone).location == "/id/code":
            tab.phone = phone

    @rule(number=BROWSERS, phone=PHONES)
    def types_the_newest_code_of(self, number, phone):
        """Of the own phone, or one read over somebody's shoulder."""
        tab = self.tabs[number]
        text = db.session.scalar(
            select(SmsMessage.text).where(SmsMessage.phone == phone).order_by(SmsMessage.id.desc())
        )
        db.session.rollback()
        if text is None:
            return
        answer = tab.web.post("/id/code", code=re.search(r"\d{6}", text).group())
        if answer.status_code == 303 and tab.phone is not None and answer.location != "/id/phone":
            tab.proved.add(tab.phone)

    @rule(number=BROWSERS, phone=PHONES)
    def walks_to_the_consent(self, number, phone):
        """As the screens lead: without it random steps would seldom get this far."""
        self.starts(number)
        self.types_a_phone(number, phone)
        self.types_the_newest_code_of(number, phone)
        for page in ("about", "create", "profile"):
            self.fills_a_page(number, page)

    @rule(number=BROWSERS, login=LOGINS, phone=PHONES)
    def links(self, number, login, phone):
        """The whole walk."""
        self.signs_in(number, login)
        self.leaves_the_messenger(number)
        self.walks_to_the_consent(number, phone)
        self.answers(number, "link")
        self.comes_back(number, number)

    @rule(number=BROWSERS)
    def guesses_a_code(self, number):
        self._patiently()
        self.tabs[number].web.post("/id/code", code="000000")

    @rule(number=BROWSERS, page=st.sampled_from(["about", "create", "profile"]))
    def fills_a_page(self, number, page):
        self.tabs[number].web.post(f"/id/{page}", **NAMES)

    @rule(number=BROWSERS)
    def takes_another_number(self, number):
        self.tabs[number].web.post("/id/phone/other", resume="/im/")

    @rule(number=BROWSERS)
    def leaves_the_messenger(self, number):
        self.tabs[number].web.post("/id/sign-out")

    # -- consent and the way back ---------------------------------------------------------------
    @rule(number=BROWSERS, answer=st.sampled_from(["link", "link", "cancel"]))
    def answers(self, number, answer):
        tab = self.tabs[number]
        if tab.consent is None:
            return
        url, login = tab.consent
        profile = tab.profile()
        subject = profile.public_id if profile else None
        db.session.rollback()
        location = tab.web.post(url, answer=answer).location or ""
        if "/link/callback" in location:
            tab.callback = location
            if "code=" in location:
                assert subject is not None, "a code for nobody"
                tab.agreed.add((login, subject))

    @rule(number=BROWSERS, whose=BROWSERS)
    def comes_back(self, number, whose):
        """With the own answer, or with the address of the other browser's."""
        tab, callback = self.tabs[number], self.tabs[whose].callback
        if callback is None:
            return
        before = self._stored()
        tab.web.get(callback)
        new = set(self._stored().items()) - set(before.items())
        Walkers.made_in_all += len(new)
        for login, subject in new:
            assert login == tab.login, "somebody else's record was linked"
            assert (login, subject) in tab.agreed, "linked without consent in this browser"
            assert login not in before, "a link was replaced"
            self.made[login] = subject

    # -- the promises ---------------------------------------------------------------------------
    @invariant()
    def the_links_are_those_that_people_made(self):
        assert self._stored() == self.made

    @invariant()
    def a_profile_is_one_person_of_a_school(self):
        held = [(link.school_id, link.subject) for link, _ in self._rows(Link.ended_at.is_(None))]
        assert len(held) == len(set(held))

    @invariant()
    def a_browser_is_in_a_profile_only_with_its_phone_proved(self):
        for tab in self.tabs:
            profile = tab.profile()
            assert profile is None or profile.vk_id.phone in tab.proved
        db.session.rollback()

    @invariant()
    def nothing_is_half_done(self):
        for attempt in db.session.scalars(
            select(LinkAttempt).where(LinkAttempt.link_id.is_not(None))
        ):
            assert attempt.finished_at is not None
        linked = set(self._stored().values())
        members = set(
            db.session.scalars(
                select(Profile.public_id)
                .join(Member, Member.profile_id == Profile.id)
                .where(Member.left_at.is_(None))
            )
        )
        assert members <= linked, "an unlinked person is in a chat"
        seated = set(
            db.session.scalars(
                select(Link.subject)
                .join(Account, Account.id == Link.account_id)
                .join(Seat, Seat.person_id == Account.person_id)
                .where(Link.ended_at.is_(None))
            )
        )
        assert seated <= members, "a linked person's chat is not open"
        db.session.rollback()

    def _rows(self, condition):
        rows = db.session.execute(
            select(Link, Account).join(Account, Account.id == Link.account_id).where(condition)
        ).all()
        return [(row.Link, row.Account) for row in rows]

    def _stored(self):
        found = {
            account.login: link.subject for link, account in self._rows(Link.ended_at.is_(None))
        }
        db.session.rollback()
        return found

    def _patiently(self):
        """As if the pauses between tries had passed."""
        with writing() as session:
            session.execute(delete(Attempt))


def test_no_order_of_steps_breaks_a_promise(new_database):
    Walkers.new_database = new_database
    run_state_machine_as_test(
        Walkers,
        settings=settings(
            max_examples=10,
            stateful_step_count=45,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert Walkers.made_in_all > 2, "the steps must lead somewhere for the promises to be tried"
