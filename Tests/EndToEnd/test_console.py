"""The console in a browser: Debian's Chromium, driven by Playwright; axe-core looks at every page."""

from __future__ import annotations

import http.client
import re
import site
import threading
import time

from support import ROOT, EndToEnd, Record, Server

for packages in (ROOT / ".tools/venv/lib").glob("python3*/site-packages"):
    site.addsitedir(str(packages))

# Missing, the tests fail: `scripts/setup-browser` installs them.
from axe_playwright_python.sync_playwright import Axe  # noqa: E402
from playwright.sync_api import Browser, Page, expect, sync_playwright  # noqa: E402

PASSWORD = "correct horse battery"
OPERATION = "Spring action"
ADDRESSES = [f"https://chorus.example/choir-{number}" for number in range(8)] + [
    f"https://files.example/archive/{number}?x=<b>bold</b>" for number in range(8)
]

ACCOUNTS = (
    ("ana", "analyst"),
    ("rita", "reviewer"),
    ("otto", "deconfliction_officer"),
    ("cora", "coordinator"),
    ("aude", "auditor"),
    ("both", "analyst", "reviewer"),
    ("paul", "prosecutor"),
)


class Console(EndToEnd):
    """A served record with one account for each part of the work, and a browser."""

    base: Record
    browser: Browser

    @classmethod
    def prepare(cls) -> None:
        # Passwords are slow by intent: the accounts are made once, and each test works on a copy.
        cls.base = Record(cls.directory / "base")
        listing = cls.directory / "list.txt"
        listing.write_text("".join(address + "\n" for address in ADDRESSES))
        cls.base.imported(listing, "--operation", OPERATION)
        for name, *roles in ACCOUNTS:
            options = [part for role in roles for part in ("--role", role)]
            password = PASSWORD.encode() + b"\n"
            cls.base.done("user", "add", name, *options, "--password-stdin", stdin=password)
        driver = sync_playwright().start()
        cls.addClassCleanup(driver.stop)
        cls.browser = driver.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        cls.addClassCleanup(cls.browser.close)

    def setUp(self) -> None:
        self.book = self.base.copy(self.directory / self.id().split(".")[-1])
        self.server = Server(self.book)
        self.addCleanup(self.server.stop)

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.server.port}{path}"

    def visitor(self, name: str, **options) -> Page:
        """A browser of their own for somebody, signed in."""
        context = self.browser.new_context(**options)
        self.addCleanup(context.close)
        page = context.new_page()
        page.set_default_timeout(10_000)
        self.sign_in(page, name)
        return page

    def sign_in(self, page: Page, name: str) -> None:
        page.goto(self.url("/sign-in"))
        page.fill("#name", name)
        page.fill("#password", PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url("**/operations")

    def tab_to(self, page: Page, selector: str) -> None:
        """Presses Tab until the element has the focus, as somebody without a mouse does."""
        for _ in range(120):
            if page.evaluate("s => document.activeElement?.matches(s) ?? false", selector):
                return
            page.keyboard.press("Tab")
        self.fail(f"Tab never reaches {selector}")

    def operation_path(self, page: Page) -> str:
        page.goto(self.url("/operations"))
        path = page.get_by_role("link", name=OPERATION).get_attribute("href")
        assert path is not None
        return path

    def fill_assessment(self, page: Page) -> None:
        """The whole form by keys alone; each question is answered by itself."""
        self.tab_to(page, "#decision-refer")
        page.keyboard.press("Space")
        self.tab_to(page, "#categories-INCITE")
        page.keyboard.press("Space")
        self.tab_to(page, "fieldset.question input")
        for _ in range(10):
            page.keyboard.press("n")

    def assess_first(self, page: Page) -> str:
        """Assesses the first item of the queue by keys; its path."""
        page.goto(self.url("/queue?step=assess"))
        page.keyboard.press("j")
        page.keyboard.press("Enter")
        page.wait_for_url("**/items/*")
        path = page.url.removeprefix(self.url(""))
        self.fill_assessment(page)
        page.keyboard.press("Tab")
        self.tab_to(page, "#step-assess button.primary")
        page.keyboard.press("Enter")
        page.wait_for_url("**done=assess**")
        return path

    def act_on_all(self, page: Page, step: str, key: str) -> str:
        """Ticks everything in a queue and does its step, by keys; what the outcome says."""
        page.goto(self.url(f"/queue?step={step}"))
        page.keyboard.press("*")
        page.keyboard.press(key)
        page.wait_for_url("**/queue/outcomes/**")
        return page.inner_text("main")


class JourneyTests(Console):
    def test_from_sign_in_to_referral_by_keys(self) -> None:
        """an item goes from the queue to its referral by keys alone, and the board shows it within a second"""
        board = self.visitor("cora")
        board.goto(self.url(self.operation_path(board)))
        board.wait_for_selector("#live[data-state=live]")
        ana = self.visitor("ana")
        path = self.assess_first(ana)
        expect(board.locator('[data-key="assessed board"]')).to_have_text("1", timeout=1000)
        self.assertIn("1 item was recorded", self.act_on_all(self.visitor("rita"), "confirm", "c"))
        self.assertIn("1 item was recorded", self.act_on_all(self.visitor("otto"), "deconflict", "d"))
        self.assertIn("1 item was recorded", self.act_on_all(self.visitor("cora"), "refer", "r"))
        expect(board.locator('[data-key="referred board"]')).to_have_text("1", timeout=1000)
        ana.goto(self.url(path))
        history = ana.inner_text("ol.history")
        for event in ("Reported", "Assessed", "Assessment confirmed", "Deconflicted", "Cleared", "Referred"):
            self.assertIn(event, history)
        self.assertSound(self.book)

    def test_a_figure_leads_to_its_entries(self) -> None:
        """each figure of the board leads to as many entries as it says"""
        page = self.visitor("ana")
        page.goto(self.url(self.operation_path(page)))
        page.click('[data-key="reported board"]')
        page.wait_for_url("**/figures/reported")
        self.assertEqual(page.locator("tbody tr").count(), len(ADDRESSES))

    def test_a_stale_form_is_told_so(self) -> None:
        """a form that was open in a second tab is refused with what has changed, and keeps what was filled in"""
        first = self.visitor("ana")
        second = first.context.new_page()
        first.goto(self.url("/queue?step=assess"))
        path = first.locator("table.queue td.item a").first.get_attribute("href")
        for page in (first, second):
            page.goto(self.url(str(path)))
            self.fill_assessment(page)
            page.fill("#reasons", "As it was seen first.")
        first.click("#step-assess button.primary")
        first.wait_for_url("**done=assess**")
        with second.expect_navigation() as navigation:
            second.click("#step-assess button.primary")
        self.assertEqual(navigation.value.status, 409)
        self.assertIn("What you saw has changed", second.inner_text("#refusal"))
        self.assertEqual(second.input_value("#reasons"), "As it was seen first.")

    def test_nobody_confirms_their_own(self) -> None:
        """who assessed an item finds no button to confirm it, the reason instead, and a forged form is refused"""
        page = self.visitor("both")
        path = self.assess_first(page)
        self.assertEqual(page.locator("#step-confirm").count(), 0)
        self.assertIn("you assessed it yourself", page.inner_text(".obstacles"))
        token = page.locator("input[name=token]").first.get_attribute("value")
        stamp = page.locator("#step-assess input[name=stamp]").get_attribute("value")
        cookie = page.context.cookies()
        session = next(entry["value"] for entry in cookie if entry["name"] == "cordon_session")
        forged = post(self.server.port, path + "/confirm", f"token={token}&stamp={stamp}&agrees=yes", session)
        self.assertEqual(forged.status, 403)

    def test_a_form_names_what_is_missing(self) -> None:
        """an assessment with an open question comes back with the question named and the rest kept"""
        page = self.visitor("ana")
        page.goto(self.url("/queue?step=assess"))
        page.locator("table.queue td.item a").first.click()
        page.check("#decision-refer")
        page.fill("#reasons", "Kept.")
        page.click("#step-assess button.primary")
        said = page.inner_text("[role=alert]")
        self.assertIn("Choose at least one category", said)
        self.assertIn("Answer yes or no: Education", said)
        self.assertTrue(page.is_checked("#decision-refer"))
        self.assertEqual(page.input_value("#reasons"), "Kept.")

    def test_it_works_without_a_script(self) -> None:
        """without a script an item is assessed in the queue, together with others"""
        page = self.visitor("ana", java_script_enabled=False)
        page.goto(self.url("/queue?step=assess"))
        for box in page.locator("table.queue input[type=checkbox]").all()[:3]:
            box.check()
        page.get_by_role("button", name="Assess ticked").click()
        page.check("#decision-reject")
        for question in page.locator("fieldset.question").all():
            question.locator("input[value=no]").check()
        page.get_by_role("button", name="Record the assessment").click()
        self.assertIn("3 items were recorded", page.inner_text("main"))

    def test_keys_can_be_switched_off(self) -> None:
        """? shows the keys, and switched off they do nothing"""
        page = self.visitor("ana")
        page.goto(self.url("/queue?step=assess"))
        page.keyboard.press("?")
        page.wait_for_selector("dialog[open]")
        page.uncheck("#keys-on")
        page.keyboard.press("Escape")
        page.keyboard.press("j")
        self.assertEqual(page.locator("tr.current").count(), 0)


class BoardTests(Console):
    def test_fifty_viewers_see_a_change(self) -> None:
        """fifty viewers of a board see a change within a second, and a stop of the server does not wait for them"""
        page = self.visitor("ana")
        path = self.operation_path(page)
        session = next(c["value"] for c in page.context.cookies() if c["name"] == "cordon_session")
        seen: list[float] = []
        threads = [
            threading.Thread(target=self.watch, args=(path + "/events", session, seen), daemon=True)
            for _ in range(50)
        ]
        for thread in threads:
            thread.start()
        deadline = time.monotonic() + 10
        while len(seen) < 50 and time.monotonic() < deadline:
            time.sleep(0.02)
        self.assertEqual(len(seen), 50)
        seen.clear()
        token = self.book.token("api", "analyst")
        time.sleep(1)
        seen.clear()
        started = time.monotonic()
        self.server.report(token, "k", "https://chorus.example/one-more", operation=OPERATION)
        while len(seen) < 50 and time.monotonic() < started + 5:
            time.sleep(0.005)
        self.assertEqual(len(seen), 50)
        self.assertLess(max(seen) - started, 1)
        stopped = time.monotonic()
        self.assertEqual(self.server.stop(), 0)
        self.assertLess(time.monotonic() - stopped, 5)

    def watch(self, path: str, session: str, seen: list[float]) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=60)
        connection.request("GET", path, headers={"Cookie": f"cordon_session={session}"})
        response = connection.getresponse()
        while line := response.readline():
            if line.startswith(b"event: board"):
                seen.append(time.monotonic())


class PagesTests(Console):
    def test_axe_finds_nothing(self) -> None:
        """axe-core finds no violation on any page, light, dark and 320 pixels wide"""
        ana = self.visitor("ana")
        item = self.assess_first(ana)
        everything = self.visitor("cora")
        operation = self.operation_path(everything)
        everything.goto(self.url("/outlets"))
        everything.fill("#name", "Example outlet")
        everything.get_by_role("button", name="Watch").click()
        everything.goto(self.url("/cases"))
        everything.fill("#reference", "12 Js 34/26")
        everything.get_by_role("button", name="Open").click()
        visits = {
            "ana": ["/operations", operation, operation + "/figures/reported", "/queue", item, "/providers", "/outlets"]
            + [f"/report/{operation.split('/')[-1]}", item + "/proof/1", "/nothing", "/journal"],
            "rita": ["/queue?step=confirm", item],
            "cora": ["/cases", operation, "/queue?step=refer", "/outlets"],
            "paul": ["/interests", "/cases"],
            "aude": ["/journal", "/journal/3", self.proof_of(item)],
        }
        axe = Axe()
        found: list[str] = []
        for scheme, width in (("light", 1280), ("dark", 1280), ("light", 320)):
            page = self.browser.new_page(color_scheme=scheme, viewport={"width": width, "height": 900})
            page.goto(self.url("/sign-in"))
            found += self.violations(axe, page, f"/sign-in {scheme} {width}")
            page.close()
            for name, paths in visits.items():
                page = self.visitor(name, color_scheme=scheme, viewport={"width": width, "height": 900})
                for path in paths:
                    page.goto(self.url(path))
                    found += self.violations(axe, page, f"{path} {scheme} {width}")
                    wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
                    if wide > 0:
                        found.append(f"{path} {scheme} {width}: {wide} pixels too wide")
        self.assertEqual(found, [], "\n".join(found))

    def proof_of(self, item: str) -> str:
        index = self.book.query("SELECT max(idx) FROM journal WHERE hex(subject) = ?", identifier(item))[0][0]
        return f"{item}/proof/{index}"

    def violations(self, axe: Axe, page: Page, where: str) -> list[str]:
        answer = axe.run(page)
        return [
            f"{where}: {violation['id']} {[node['target'] for node in violation['nodes']][:3]}"
            for violation in answer.response["violations"]
        ]

    def test_every_page_is_ours_alone(self) -> None:
        """no page has an inline script or style, loads from elsewhere, or lacks a header; foreign markup is text"""
        page = self.visitor("ana")
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        problems: list[str] = []
        page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
        for path in ("/queue?step=assess&limit=200", self.operation_path(page), "/providers", "/outlets"):
            response = page.goto(self.url(path))
            assert response is not None
            page.wait_for_load_state("load")
            self.assertIn("default-src 'none'", response.headers["content-security-policy"])
            self.assertEqual(response.headers["cache-control"], "no-store")
            self.assertEqual(response.headers["referrer-policy"], "no-referrer")
            self.assertEqual(page.locator("[style], style, script:not([src])").count(), 0)
        page.goto(self.url("/queue?step=assess&limit=200"))
        self.assertIn("<b>bold</b>", page.inner_text("table.queue").replace("%3C", "<").replace("%3E", ">"))
        self.assertEqual(page.locator("table.queue b").count(), 0)
        self.assertEqual([url for url in asked if not url.startswith(self.url("/"))], [])
        self.assertEqual(problems, [])

    def test_forms_of_other_sites_are_refused(self) -> None:
        """a form without the token, with another one, or from another site is refused"""
        page = self.visitor("ana")
        session = next(c["value"] for c in page.context.cookies() if c["name"] == "cordon_session")
        page.goto(self.url("/operations"))
        token = page.locator("input[name=token]").first.get_attribute("value")
        for body, headers in (
            ("name=X", {}),
            (f"name=X&token={'0' * 64}", {}),
            (f"name=X&token={token}", {"Sec-Fetch-Site": "cross-site"}),
            (f"name=X&token={token}", {"Origin": "https://elsewhere.example"}),
        ):
            self.assertEqual(post(self.server.port, "/operations", body, session, headers).status, 403)
        self.assertEqual(post(self.server.port, "/operations", f"name=X&token={token}", session).status, 303)

    def test_signing_out_ends_the_session(self) -> None:
        """after signing out the session's cookie opens nothing"""
        page = self.visitor("ana")
        cookies = page.context.cookies()
        page.get_by_role("button", name="Sign out").click()
        page.wait_for_url("**/sign-in")
        page.context.add_cookies(cookies)
        page.goto(self.url("/queue"))
        self.assertIn("/sign-in", page.url)


def identifier(path: str) -> str:
    """The bytes of the identifier at the end of a path, as SQLite writes them."""
    return re.sub("-", "", path.split("/")[-1]).upper()


def post(
    port: int, path: str, body: str, session: str, headers: dict[str, str] | None = None
) -> http.client.HTTPResponse:
    """Sends a form as no page of ours would."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request(
        "POST",
        path,
        body=body,
        headers={
            "Content-Type": "application/x-www-form-urlencoded",
            "Cookie": f"cordon_session={session}",
            **(headers or {}),
        },
    )
    return connection.getresponse()
