"""Slips to draw: what stands on them, what their square opens, and who may print which."""

import io
import re
from contextlib import closing

import pypdfium2
import pytest
import segno
from flask import Flask
from flask.testing import FlaskClient
from pages import Staff, page
from world import World, people

from questionnaires.model import Role
from scoring.rounds import Mode
from stins.reports import slips

CODE = re.compile(r"(?:[0-9A-Z]{4}-){5}[0-9A-Z]{4}")
ADDRESS = "http://127.0.0.1:8000/svara"


def texts(pdf: bytes) -> list[str]:
    """Give the text of each page."""
    with closing(pypdfium2.PdfDocument(pdf)) as document:
        found = []
        for number in range(len(document)):
            with closing(document[number]) as sheet, closing(sheet.get_textpage()) as text:
                found.append(re.sub(r"\s+", " ", text.get_text_bounded()))
        return found


def lead(app: Flask, who: str = "studierektor") -> Staff:
    return Staff(app, f"{who}@prov.example")


def shown(world: World, app: Flask, **how) -> tuple[str, Staff, dict[str, list[str]]]:
    """Open an inspection on the page; give its id, who did it, and the codes that the page would print."""
    id = world.plan(**how)
    who = lead(app)
    answer = who.send(f"/inspektioner/{id}/koder", act="open")
    fields = [
        (field.get("name"), field.get("value"))
        for field in page(answer).all("input", type="hidden")
        if field.get("name") in set(Role)
    ]
    by_role: dict[str, list[str]] = {}
    for role, code in fields:
        by_role.setdefault(role, []).append(code)
    return id, who, by_role


def printed(who: Staff, id: str, codes: dict[str, list[str]]):
    token = page(who.client.get("/")).form("/logga-ut")["csrf_token"]
    return who.client.post(f"/inspektioner/{id}/koder/lappar.pdf", data={"csrf_token": token} | codes)


def test_every_code_stands_on_a_slip_of_its_role_and_no_sheet_mixes_roles(world: World, app: Flask):
    id, who, codes = shown(world, app)
    answer = printed(who, id, codes)
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    assert answer.headers["Cache-Control"] == "no-store"
    sheets = texts(answer.data)
    assert len(sheets) == 1 + 2 + 1 + 1  # 7, 9, 1 and 1 slips
    plain = {code: role for role, all_ in codes.items() for code in all_}
    for text in sheets:
        found = [code.replace("-", "") for code in CODE.findall(text)]
        assert 1 <= len(found) <= 8
        assert len({plain.pop(code) for code in found}) == 1
    assert plain == {}


def test_a_slip_says_what_it_is_for_whom_until_when_and_what_is_promised(world: World, app: Flask):
    id, who, codes = shown(world, app)
    text = texts(printed(who, id, codes).data)[0]
    for word in (
        "Kliniken", "ST-läkare", "13 december 2026", "127.0.0.1:8000/svara", "Dra en lapp",
        "Ingen på enheten kan läsa ditt svar", "förstörs", "In English",
    ):  # fmt: skip
        assert word in text


def test_slips_of_a_role_are_alike_but_for_the_code(world: World, app: Flask):
    id, who, codes = shown(world, app)
    text = texts(printed(who, id, {"st_lakare": codes["st_lakare"]}).data)[0]
    assert len(set(CODE.split(text)[1:-1])) == 1


def test_a_dialogues_slips_promise_no_anonymity(world: World, app: Flask):
    id, who, codes = shown(world, app, mode=Mode.DIALOGUE, eligible=people(1, 2, 0, 1))
    text = " ".join(texts(printed(who, id, codes).data))
    assert "inte anonym" in text
    assert "Ingen på enheten" not in text


def test_the_paper_can_be_read_aloud(world: World, app: Flask):
    id, who, codes = shown(world, app)
    content = printed(who, id, codes).data
    with closing(pypdfium2.PdfDocument(content)) as document:
        assert document.get_metadata_dict()["Title"] == "Lappar att dra"
        assert pypdfium2.raw.FPDFCatalog_IsTagged(document)
    assert b"<pdfuaid:part>1</pdfuaid:part>" in content or b"pdfuaid" in content


def test_the_square_on_the_paper_is_the_one_that_opens_the_code():
    """The printed square, looked at where it stands, is module for module the QR code of the address."""
    address = f"{ADDRESS}#0123456789ABCDEFGHJKMNPQ"
    words = slips.Words("R", "E", "x", "x", "x", ("x",), "x", "x", "x")
    content = slips.pdf("Lappar", [(words, {"0000-AAAA-AAAA-AAAA-AAAA-AAAA": address})])
    right = segno.make_qr(address, error="m").matrix
    with closing(pypdfium2.PdfDocument(content)) as document, closing(document[0]) as sheet:
        picture = sheet.render(scale=8, grayscale=True).to_pil().crop((1300, 0, 2381, 1680))
    dark = picture.point(lambda value: 255 * (value < 128))
    left, top, right_edge, bottom = dark.crop((0, 0, 1000, 900)).getbbox()
    side = len(right)
    assert abs((right_edge - left) - (bottom - top)) <= 2
    step = (right_edge - left) / side
    seen = [
        [
            bool(dark.getpixel((int(left + (x + 0.5) * step), int(top + (y + 0.5) * step))))
            for x in range(side)
        ]
        for y in range(side)
    ]
    assert seen == [[bool(module) for module in row] for row in right]


def test_the_square_opens_the_code_in_the_fragment_and_nowhere_else():
    code = "0123456789ABCDEFGHJKMNPQ"
    address = f"{ADDRESS}#{code}"
    drawn = slips.qr(address)
    right = io.BytesIO()
    segno.make_qr(address, error="m").save(right, kind="svg", border=4, xmldecl=False, svgns=True)
    assert drawn == right.getvalue().decode()
    assert segno.make_qr(address, error="m").error == "M"
    assert code not in drawn


@pytest.mark.parametrize("count", [1, 8, 9, 200])
def test_a_sheet_holds_eight(count: int):
    words = slips.Words(
        "Handledare", "Åbrovallens mottagning för långvariga och ovanliga sjukdomar, Östra enheten " * 2,
        "Enkät.", "Svara senast 13 december 2026.", "Gå till svara.example.", ("Ett.", "Två."),
        "Dra en lapp.",
        "QR-kod", "In English.",
    )  # fmt: skip
    codes = {f"{number:04}-AAAA-AAAA-AAAA-AAAA-AAAA": f"{ADDRESS}#{number:024}" for number in range(count)}
    sheets = texts(slips.pdf("Lappar", [(words, codes)]))
    assert len(sheets) == -(-count // 8)
    assert [len(CODE.findall(text)) for text in sheets[:-1]] == [8] * (len(sheets) - 1)
    assert sum(len(CODE.findall(text)) for text in sheets) == count


def test_a_code_that_is_not_the_inspections_is_not_printed(world: World, app: Flask):
    id, who, codes = shown(world, app)
    for wrong in (
        {"st_lakare": ["0" * 24]},
        {"st_lakare": ["hej"]},
        {"handledare": codes["st_lakare"]},
        {"st_lakare": codes["st_lakare"][:1] * 2},
        {},
    ):
        answer = printed(who, id, wrong)
        assert "Koderna gäller inte längre" in page(answer, 422).text
    who.send(f"/inspektioner/{id}/koder", act="anew")
    assert printed(who, id, codes).status_code == 422


def test_printing_does_not_tell_whether_a_code_is_spent(world: World, app: Flask):
    id, who, codes = shown(world, app)
    before = printed(who, id, codes).data
    world.hand_in(codes["st_lakare"][0])
    assert printed(who, id, codes).data == before


@pytest.mark.parametrize("who", ["verksamhetschef", "ovs", "other", "admin", "region"])
def test_nobody_else_prints_them(world: World, app: Flask, who: str):
    id, _lead, codes = shown(world, app)
    assert printed(lead(app, who), id, codes).status_code == 404


def test_who_has_not_signed_in_prints_nothing(world: World, app: Flask, client: FlaskClient):
    id, _lead, codes = shown(world, app)
    assert client.post(f"/inspektioner/{id}/koder/lappar.pdf", data=codes).status_code in (302, 400)


def test_the_page_says_why_slips_cannot_be_printed_again_and_gives_a_list(world: World, app: Flask):
    id = world.plan()
    found = page(lead(app).send(f"/inspektioner/{id}/koder", act="open"))
    assert "kan inte skrivas ut en gång till" in found.text
    listed = found.by_id("list-st_lakare").text or ""
    assert len(CODE.findall(listed)) == 7
    assert listed.split() == CODE.findall(listed)
