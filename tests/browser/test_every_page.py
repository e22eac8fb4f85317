"""Every page in every state, in the demo region, at 320 pixels; whatever has a colour in the dark as well.

``docs/pages.md`` is this list for people, with the name of each screenshot.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from demo_region import Region, region
from playwright.sync_api import Browser, BrowserContext, Page, expect
from sizes import NARROW
from sqlalchemy import select
from watched import QUICK, Watched
from world import StillClock

from questionnaires.model import Role
from stins.services import answer
from stins.store.tables import Action, ExternalReview, FollowUp, FollowUpReport, Inspection, Release

ROOT = Path(__file__).parents[2]
LIST = ROOT / "docs" / "pages.md"
NOBODY = ""


@dataclass(frozen=True)
class State:
    """A page in a state: who sees it, what it shows, where it is, and what is done there first."""

    who: str
    what: str
    where: str | Callable[[Region], str]
    act: Callable[[Page, Region], None] | None = None


def of(table, place: str, path: str, *which, order=()) -> Callable[[Region], str]:
    """Give the address of the first thing of a table at a place."""
    return lambda region: path.format(region.one(table, place, *which, order=order))


def closed(place: str, path: str) -> Callable[[Region], str]:
    """Give an address of a place's latest closed inspection."""
    return lambda region: path.format(region.closed(place))


def own(name: str, path: str) -> Callable[[Region], str]:
    """Give an address of something made here."""
    return lambda region: path.format(region.own[name])


def extra(region: Region) -> str:
    """Give the address of an extra internal review's result."""
    done = select(Release.inspection_id)
    found = select(Inspection.id).where(Inspection.parent_id.is_not(None), Inspection.id.in_(done))
    return RESULT.format(region.first(found))


def sent(page: Page, _region: Region) -> None:
    """Send the page's form as it stands."""
    page.locator("main form").last.locator(".button").last.click()


def emptied(label: str) -> Callable[[Page, Region], None]:
    """Empty a field and send."""

    def act(page: Page, region: Region) -> None:
        page.get_by_label(label).first.fill("")
        sent(page, region)

    return act


def with_code(name: str) -> Callable[[Page, Region], None]:
    """Type a code and open what it opens."""

    def act(page: Page, region: Region) -> None:
        page.get_by_role("textbox").fill(region.own[name])
        page.locator("main .button").first.click()

    return act


def posted(page: Page, action: str, fields: Mapping[str, str]) -> None:
    """Send a whole form from the page that is open."""
    page.evaluate(
        """([action, fields]) => {
            const form = document.createElement("form");
            Object.assign(form, {method: "post", action});
            for (const [name, value] of Object.entries(fields)) {
                const field = document.createElement("input");
                Object.assign(field, {type: "hidden", name, value});
                form.append(field);
            }
            document.body.append(form);
            form.submit();
        }""",
        [action, fields],
    )
    page.wait_for_url(f"**{action}")


def handed_in(name: str) -> Callable[[Page, Region], None]:
    """Send a whole form as a browser without scripts would."""

    def act(page: Page, region: Region) -> None:
        fields = {"code": region.own[name], "lang": "sv"} | dict.fromkeys(region.own["asked"].split(), "3")
        posted(page, "/svara/lamna-in", fields)

    return act


def too_late(page: Page, _region: Region) -> None:
    """Send a text from a page whose token no longer holds."""
    text = "Alla handledare har gått kursen.\n\nRutinen är känd på hela kliniken, också av vikarier."
    posted(page, "/granskningar/ny", {"reviewer": "Två granskare", "report": text})
    expect(page.get_by_text("Det du skrev är kvar").first).to_be_visible()


def spoilt(page: Page, region: Region) -> None:
    """Open an inspection whose terms are no longer those that were promised."""
    region.spoil(region.own["lent"])
    with_code("unspent")(page, region)


RESULT, INSPECTION = "/inspektioner/{}/resultat", "/inspektioner/{}"
CHANGE, REMOVE = "/granskningar/{}/andra", "/granskningar/{}/ta-bort"
CASE, REPORT, REVIEW = "/uppfoljning/{}", "/uppfoljning/rapport/{}", "/granskningar/{}"
OPEN = (Inspection, "Öppna", INSPECTION, Inspection.state == "open")
OPEN_CASE, CLOSED = FollowUp.state == "open", FollowUp.state == "closed"

STATES: Mapping[str, State] = {
    "code": State(NOBODY, "Koden skrivs in", "/svara"),
    "code-wrong": State(NOBODY, "Koden öppnar ingen enkät", "/svara", with_code("wrong")),
    "receipt": State(NOBODY, "Svaret är mottaget", "/svara", handed_in("unspent")),
    "already": State(NOBODY, "Svaret är redan mottaget", "/svara", handed_in("spent")),
    "ended": State(NOBODY, "Inspektionen är avslutad", "/svara", handed_in("wrong")),
    "stopped": State(NOBODY, "Enkäten är stoppad", "/svara", spoilt),
    "protection": State(NOBODY, "Så skyddas ditt svar, i allmänhet", "/sa-skyddas-ditt-svar"),
    "protection-own": State(
        NOBODY,
        "Så skyddas ditt svar, i en inspektion",
        lambda region: f"/sa-skyddas-ditt-svar?inspektion={region.own['open']}",
    ),
    "accessibility": State(NOBODY, "Tillgänglighetsredogörelse", "/tillganglighet"),
    "sign-in": State(NOBODY, "Logga in", "/logga-in"),
    "sign-in-wrong": State(NOBODY, "Logga in: fel", "/logga-in", sent),
    "sign-in-kept": State(NOBODY, "Logga in: det som skrevs väntar", "/logga-in", too_late),
    "missing": State(NOBODY, "Sidan finns inte", "/finns-inte"),
    "home": State("sr.mellankliniken", "Hem: försenade brister och mycket annat", "/"),
    "home-little": State("sr.skargardsmottagningen", "Hem: lite som väntar", "/"),
    "home-chief": State("vc.lilla", "Hem: en rapport att skriva under", "/"),
    "home-oversight": State("ovs.nord", "Hem: övergripande studierektor", "/"),
    "home-council": State("rad", "Hem: regionens råd", "/"),
    "home-admin": State("admin", "Hem: administratör", "/"),
    "inspections": State("ovs.nord", "Inspektioner: flera enheters", "/inspektioner"),
    "plan": State("sr.stora", "Planera: ifyllt från förra gången", "/inspektioner/ny"),
    "plan-errors": State("sr.stora", "Planera: fel", "/inspektioner/ny", emptied("Sista dag att svara")),
    "draft-early": State("sr.stora", "Utkast som inte får öppnas än", own("early", INSPECTION)),
    "draft": State("sr.lilla", "Utkast som får öppnas", own("draft", INSPECTION)),
    "draft-change": State("sr.lilla", "Ändra ett utkast", own("draft", "/inspektioner/{}/andra")),
    "draft-codes": State("sr.lilla", "Innan koderna skapas", own("draft", "/inspektioner/{}/koder")),
    "open": State("sr.oppna", "Öppen inspektion", of(*OPEN)),
    "open-codes": State("sr.oppna", "Fler koder, eller alla på nytt", own("open", "/inspektioner/{}/koder")),
    "close": State("sr.oppna", "Avsluta i förtid", own("open", "/inspektioner/{}/stang")),
    "void": State("sr.oppna", "Begära att den blir ogiltig", own("open", "/inspektioner/{}/ogiltig")),
    "closed": State("sr.stora", "Avslutad inspektion", closed("Stora", INSPECTION)),
    "workbook": State("sr.stora", "Arbetsboken: hämta och lämna", "/inspektioner/arbetsbok"),
    "workbook-errors": State("sr.stora", "Arbetsboken: ingen fil", "/inspektioner/arbetsbok", sent),
    "result": State("sr.stora", "Resultat: två grupper och kommentarer", closed("Stora", RESULT)),
    "result-withheld": State("sr.mellankliniken", "Resultat: frågor utan siffror", closed("Mellan", RESULT)),
    "result-one-group": State("sr.lilla", "Resultat: en grupp med alla", closed("Lilla", RESULT)),
    "result-poor": State("sr.kustkliniken", "Resultat: många brister", closed("Kust", RESULT)),
    "result-none": State("sr.skargardsmottagningen", "Resultat: för få svarade", closed("Skärgård", RESULT)),
    "result-dialogue": State("sr.bergets", "Resultat: underlag för samtal", closed("Bergets", RESULT)),
    "result-group": State("sr.dalens", "Resultat: enheter tillsammans", closed("Dalens", RESULT)),
    "result-extra": State("sr.mellankliniken", "Resultat: extra intern granskning", extra),
    "comments": State("ovs.nord", "Kommentarer att läsa", closed("Mellan", "/inspektioner/{}/kommentarer")),
    "extra-plan": State("ovs.syd", "Planera en extra granskning", closed("Kust", "/inspektioner/{}/extra")),
    "follow-ups": State("sr.mellankliniken", "Uppföljning: försenade och pågående", "/uppfoljning"),
    "follow-ups-none": State("sr.skargardsmottagningen", "Uppföljning: inget", "/uppfoljning"),
    "case-late": State("sr.mellankliniken", "En brist, försenad", of(FollowUp, "Mellan", CASE, OPEN_CASE)),
    "case": State("sr.kustkliniken", "En brist med tid kvar", of(FollowUp, "Kust", CASE, OPEN_CASE)),
    "case-errors": State("sr.kustkliniken", "En åtgärd: fel", of(FollowUp, "Kust", CASE, OPEN_CASE), sent),
    "case-closed": State("sr.stora", "En avslutad brist", of(FollowUp, "Stora", CASE, CLOSED)),
    "case-decide": State("ovs.syd", "Beslut om en brist", of(FollowUp, "Kust", CASE + "/beslut", OPEN_CASE)),
    "case-decide-errors": State(
        "ovs.syd", "Beslut om en brist: fel", of(FollowUp, "Kust", CASE + "/beslut", OPEN_CASE), sent
    ),
    "action": State("sr.mellankliniken", "En åtgärd", of(Action, "Mellan", "/uppfoljning/atgard/{}")),
    "action-new": State(
        "sr.stora",
        "En åtgärd utan brist",
        closed("Stora", "/uppfoljning/ny?inspektion={}&kriterium=A1"),
    ),
    "report-signing": State(
        "sr.lilla", "Rapport som väntar på underskrift", of(FollowUpReport, "Lilla", REPORT)
    ),
    "report-sign": State(
        "vc.lilla", "Skriva under en rapport", of(FollowUpReport, "Lilla", REPORT + "/underskrift")
    ),
    "report-approved": State("sr.stora", "Rapport som är godkänd", of(FollowUpReport, "Stora", REPORT)),
    "report-version": State(
        "sr.stora", "En tidigare version", of(FollowUpReport, "Stora", REPORT + "/version/1")
    ),
    "reviews": State("ovs.syd", "Externa granskningar och klockan", "/granskningar"),
    "review": State("sr.lilla", "En granskning", of(ExternalReview, "Lilla", REVIEW)),
    "review-new": State("sr.stora", "Registrera en granskning", "/granskningar/ny"),
    "review-errors": State("sr.stora", "Registrera en granskning: fel", "/granskningar/ny", sent),
    "review-change": State("sr.lilla", "Rätta en granskning", of(ExternalReview, "Lilla", CHANGE)),
    "review-remove": State("sr.lilla", "Ta bort en granskning", of(ExternalReview, "Lilla", REMOVE)),
    "review-import": State("ovs.syd", "Läsa in granskningar", "/granskningar/las-in"),
    "review-import-errors": State("ovs.syd", "Läsa in: ingen fil", "/granskningar/las-in", sent),
    "overview": State("ovs.nord", "Översikt: en förvaltning", "/oversikt"),
    "overview-region": State("rad", "Översikt: hela regionen", "/oversikt"),
    "year": State("rad", "Årets siffror", lambda region: f"/oversikt/ar/{region.clock.today().year}"),
    "year-empty": State("rad", "Ett år då inget hände", lambda r: f"/oversikt/ar/{r.clock.today().year - 6}"),
    "calibration": State("rad", "Hur STINS och granskningarna stämmer överens", "/oversikt/kalibrering"),
    "settings": State("sr.stora", "Mina inställningar", "/installningar"),
    "admin": State("admin", "Enheter, konton och regionens tal", "/admin"),
    "admin-errors": State("admin", "Enheter och konton: fel", "/admin", sent),
    "kept": State("rad", "Det du skrev är kvar", "/", too_late),
    "missing-staff": State("sr.stora", "Sidan finns inte, inloggad", "/inspektioner/finns-inte"),
}

TONES = {
    "code", "code-wrong", "protection-own", "result", "result-dialogue", "overview", "plan-errors", "open",
    "case-late", "report-sign", "reviews", "year", "settings",
}  # fmt: skip
"""Pages that between them have every part with a colour: looked at in the dark and in forced colours too."""


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Region]:
    """The demo region with what it lacks."""
    with region(tmp_path_factory.mktemp("demo"), StillClock()) as found:
        found.own["early"] = found.draft("sr.stora")
        found.own["open"] = found.one(Inspection, "Öppna", Inspection.state == "open")
        chief = Role.VERKSAMHETSCHEF
        found.own["draft"] = found.draft("sr.lilla")
        found.own["lent"] = found.draft("sr.dalens")
        fresh = found.opened("sr.dalens", found.own["lent"])[chief]
        with found.found.store.reading() as session:
            asked = answer.form(session, found.found.box, fresh[0]).questions
        with found.found.store.writing() as session:
            answers = dict.fromkeys((question.id for question in asked), 3)
            answer.hand_in(session, found.found.box, fresh[1], answers, {})
        found.own |= {"unspent": fresh[0], "spent": fresh[1], "asked": " ".join(q.id for q in asked)}
        found.own |= {"wrong": "0" * 24}
        yield found


WHO = sorted({state.who for state in STATES.values()})


@pytest.mark.slow
@pytest.mark.parametrize("who", WHO, ids=lambda who: who or "nobody")
def test_every_page_is_accessible_however_it_is_shown(demo: Region, browser: Browser, who: str):
    context = visitor(demo, browser, who)
    for name, state in STATES.items():
        if state.who == who:
            page = context.new_page()
            seen = Watched(page, demo.address)
            seen.go(state.where if isinstance(state.where, str) else state.where(demo))
            if state.act:
                state.act(page, demo)
            seen.look(f"320-{name}")
            if name in TONES:
                page.emulate_media(color_scheme="dark")
                legible(page, name)
                page.emulate_media(forced_colors="active")
                page.screenshot(path=f"screenshots/320-{name}-forced.png", full_page=True)
            page.close()
    context.close()


def visitor(demo: Region, browser: Browser, who: str) -> BrowserContext:
    """Give a browser of somebody's own."""
    if who:
        return demo.sign_in(browser, who, viewport=NARROW)
    return browser.new_context(viewport=NARROW, locale="sv-SE")


def legible(page: Page, name: str) -> None:
    """Hold the page's colours as they now are to WCAG's contrast."""
    rules = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}} | QUICK
    found = Axe().run(page, options=rules).response["violations"]
    assert not found, f"{name} in the dark: {found[0]['nodes'][0]['html'][:120]}"


def test_the_list_of_pages_is_that_of_docs():
    listed = "".join(f"| {each.what} | {each.who or '–'} | `320-{name}` |\n" for name, each in STATES.items())
    assert listed in LIST.read_text(encoding="utf-8")


def test_nothing_moves():
    css = (ROOT / "stins" / "static" / "css" / "stins.css").read_text(encoding="utf-8")
    assert not {"animation", "transition", "scroll-behavior"} & set(css.replace(":", " ").split())


def test_every_screenshot_is_in_the_list():
    listed = LIST.read_text(encoding="utf-8")
    for file in sorted(Path(__file__).parent.glob("test_*_clicked.py")):
        for name in re.findall(r'look\(f?"([^"]+)"\)', file.read_text(encoding="utf-8")):
            shown = re.sub(r"\{(?:size\['width'\]|width)\}", "N", name).replace("{", "").replace("}", "")
            assert f"`{shown}`" in listed, f"{file.name}: {shown}"
