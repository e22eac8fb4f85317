"""`stins workbook`: a blank or an export written, the verdict of a filled-in one, a layout tried."""

import io
import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

import libreoffice
import pytest
from click.testing import CliRunner, Result
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter
from typed_rounds import CATALOGUE, RULES, STATED, USUAL, filled, round_of, spot
from world import TODAY, World, people

from questionnaires.model import Fact, Role
from scoring.documents.write import digest, release_document, verdict_document
from scoring.release import Bands, publish
from scoring.rounds import Comments, Mode
from scoring.verdict import assess
from stins.cli import main
from stins.config import NAMES
from stins.services import workbooks
from stins.workbook import places
from tests.workbook.filling import Place, answer_place, fill, names, put
from tests.workbook.inspections import SEED, Sample, releases
from tests.workbook.read.sheets import part, repacked

LARGE = round_of(people(14, 19, 1, 1))
RELEASE = publish(replace(LARGE, terms=replace(LARGE.terms, mode=Mode.ANONYMOUS)))
VERDICT = verdict_document(assess(RELEASE, CATALOGUE, RULES))


@pytest.fixture(autouse=True)
def _nowhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Stand in an empty folder, with settings that no command could open an installation by."""
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("STINS_DATABASE", "ingen databas")
    monkeypatch.chdir(tmp_path)


def run(*words: object) -> Result:
    return CliRunner().invoke(main, ["workbook", *map(str, words)])


def wrong(result: Result, code: int = 1) -> list[str]:
    """Give the lines of an error; nothing may then stand on stdout."""
    assert result.exit_code == code, result.output
    assert result.stdout == ""
    assert "Traceback" not in result.stderr
    lines = result.stderr.strip().splitlines()
    return [lines[0].removeprefix("Error: "), *lines[1:]]


def saved(file: bytes, name: str = "arbetsbok.xlsx") -> Path:
    """Save a file in the folder that the command stands in."""
    path = Path.cwd() / name
    path.write_bytes(file)
    return path


def values(file: bytes, *wanted: str) -> list[object]:
    """Give what stands in the cells of defined names."""
    sheets = libreoffice.values(file)
    spots = [names(file)[name].corner for name in wanted]
    return [sheets[sheet].get(cell) for sheet, cell in spots]


def texts(file: bytes) -> set[str]:
    """Give every text of a workbook."""
    sheets = libreoffice.values(file).values()
    return {value for sheet in sheets for value in sheet.values() if isinstance(value, str)}


def room(file: bytes) -> dict[Role, int]:
    """Give how many people each answer tab has columns for."""
    areas = {role: names(file)[places.answers(role)] for role in Role}
    return {role: area.right - area.left + 1 for role, area in areas.items()}


# --- blank ----------------------------------------------------------------------------------------------


def test_a_blank_is_written_and_its_path_told():
    result = run("blank", "-o", "tom.xlsx")
    assert (result.exit_code, result.stdout, result.stderr) == (0, "tom.xlsx\n", "")
    file = Path("tom.xlsx").read_bytes()
    assert values(file, places.KIND, places.K, places.UNIT) == ["arbetsbok", 5, None]
    assert room(file) == dict(zip(Role, (30, 40, 3, 3), strict=True))


def test_a_blank_has_the_units_name_and_room_for_those_asked_for():
    result = run(
        "blank", "--unit", "Ögon, Åmål", "--columns", "st=60, handledare=80,", "--output", "tom.xlsx"
    )
    assert result.exit_code == 0
    file = Path("tom.xlsx").read_bytes()
    assert values(file, places.UNIT) == ["Ögon, Åmål"]
    assert room(file) == dict(zip(Role, (60, 80, 3, 3), strict=True))


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("number", [1, 200])
def test_each_role_is_given_room_by_its_name(role: Role, number: int):
    assert run("blank", "--columns", f"{role}={number}", "-o", "tom.xlsx").exit_code == 0
    assert room(Path("tom.xlsx").read_bytes())[role] == number


@pytest.mark.parametrize(
    "columns",
    ["st=0", "st=201", "st=-1", "st=många", "st=", "st", "läkare=3", "=3", "st=²", "st=60;handledare=80"],
)
def test_columns_written_wrongly_are_wrong_usage(columns: str):
    result = run("blank", "--columns", columns, "-o", "tom.xlsx")
    assert result.exit_code == 2
    assert "write such as st=60,handledare=80, each from 1 to 200" in result.stderr
    assert not Path("tom.xlsx").exists()


@pytest.mark.parametrize("lang", ["sv", "en"])
def test_a_blank_is_in_the_language_asked_for(lang: str):
    assert run("blank", "--lang", lang, "-o", "tom.xlsx").exit_code == 0
    question = CATALOGUE.questionnaires[Role.ST_LAKARE].questions[0].text
    found = texts(Path("tom.xlsx").read_bytes())
    assert {each: any(question.plain(each) in text for text in found) for each in ("sv", "en")} == {
        each: each == lang for each in ("sv", "en")
    }


@pytest.mark.parametrize(
    "words",
    [
        ["blank"],
        ["blank", "-o", "."],
        ["blank", "--lang", "de", "-o", "x.xlsx"],
        ["export", "-o", "x"],
        ["score"],
    ],
)
def test_what_is_left_out_or_unknown_is_wrong_usage(words: list[str]):
    assert run(*words).exit_code == 2


@pytest.mark.parametrize("command", ["blank", "export", "score", "layout-check"])
def test_every_command_explains_itself(command: str):
    assert run(command, "--help").exit_code == 0


def test_a_file_in_a_folder_that_is_not_there_is_one_line_with_what_to_do():
    (line,) = wrong(run("blank", "-o", "ingenstans/tom.xlsx"))
    assert line == "ingenstans/tom.xlsx: No such file or directory; choose another place"
    (line,) = wrong(run("export", released(), "-o", "ingenstans/ut.xlsx"))
    assert line.endswith("choose another place")


# --- export ---------------------------------------------------------------------------------------------


def released(release=RELEASE) -> Path:
    """Save a release.json."""
    path = Path.cwd() / "release.json"
    path.write_text(json.dumps(release_document(release)), encoding="utf-8")
    return path


def test_a_release_becomes_a_workbook_without_any_database():
    result = run("export", released(), "--unit", "Kliniken", "-o", "ut.xlsx")
    assert (result.exit_code, result.stdout, result.stderr) == (0, "ut.xlsx\n", "")
    found = values(Path("ut.xlsx").read_bytes(), places.KIND, places.UNIT, places.SHA256)
    assert found == ["resultat", "Kliniken", digest(RELEASE)]


def test_an_export_is_in_the_language_asked_for():
    statement = CATALOGUE.criteria["A1"].statement
    for lang in ("sv", "en"):
        assert run("export", released(), "--lang", lang, "-o", "ut.xlsx").exit_code == 0
        assert statement.plain(lang) in texts(Path("ut.xlsx").read_bytes())


@pytest.mark.parametrize("text", ["", "{", "[]", '{"catalogue": "1999"}', "\x00"])
def test_a_file_that_is_no_release_is_one_line(text: str):
    saved(text.encode(), "fel.json")
    assert len(wrong(run("export", "fel.json", "-o", "ut.xlsx"))) == 1
    assert not Path("ut.xlsx").exists()


def test_a_release_of_an_unknown_catalogue_is_named():
    document = release_document(RELEASE) | {"catalogue": "1999"}
    saved(json.dumps(document).encode(), "fel.json")
    assert wrong(run("export", "fel.json", "-o", "ut.xlsx")) == ["there is no catalogue '1999'; known: 2026"]


def test_a_file_that_may_not_be_read_is_one_line_with_what_to_do(monkeypatch: pytest.MonkeyPatch):
    def refuse(path: Path) -> bytes:
        raise PermissionError(13, "Permission denied", path)

    monkeypatch.setattr(Path, "read_bytes", refuse)
    assert wrong(run("export", "release.json", "-o", "ut.xlsx")) == [
        "release.json: Permission denied; see that you may read it"
    ]


@pytest.fixture
def home(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    """The world as an installation that commands find."""
    for name, secret in (("secret_key", world.installation.secret_key), ("pepper", world.box.pepper)):
        (tmp_path / name).write_text(secret.hex(), encoding="ascii")
        (tmp_path / name).chmod(0o600)
    monkeypatch.setenv("STINS_HOME", str(tmp_path))
    monkeypatch.setenv("STINS_DATABASE", world.installation.settings.database)
    return world


def test_a_closed_inspection_becomes_a_workbook_by_its_id(home: World):
    id, codes = home.open()
    home.all_hand_in(codes)
    home.close(id)
    result = run("export", id, "--unit", "hör inte hit", "-o", "ut.xlsx")
    assert (result.exit_code, result.stdout) == (0, "ut.xlsx\n")
    file = Path("ut.xlsx").read_bytes()
    assert values(file, places.UNIT, places.MODE) == ["Kliniken", "anonymous"]
    assert run("score", "ut.xlsx").exit_code == 0


def test_a_misspelt_file_is_told_without_asking_any_database(home: World):
    said = "finns-inte.json: there is no such file; see that its name is right"
    assert wrong(run("export", "finns-inte.json", "-o", "ut.xlsx")) == [said]


@pytest.mark.parametrize("what", ["open", "draft", "nonsense", "a folder", "a long text", "nothing"])
def test_what_is_neither_a_file_nor_a_closed_inspection_is_one_line_with_what_to_do(home: World, what: str):
    Path("mapp").mkdir()
    release = {
        "open": lambda: home.open()[0],
        "draft": home.plan,
        "nonsense": lambda: "finns-inte",
        "a folder": lambda: "mapp",
        "a long text": lambda: "x" * 5000,
        "nothing": lambda: "",
    }[what]()
    assert wrong(run("export", release, "-o", "ut.xlsx")) == [
        f"{release!r} is neither a file nor the id of a closed inspection; give one of them"
    ]
    assert not Path("ut.xlsx").exists()


def test_a_database_that_does_not_answer_is_one_line_with_what_to_do(
    home: World, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("STINS_DATABASE", "sqlite:////ingenstans/stins.sqlite")
    (line,) = wrong(run("export", "en-inspektion", "-o", "ut.xlsx"))
    assert line.startswith("the database does not answer")
    assert line.endswith("run `stins doctor`")


def test_without_an_installation_an_id_is_one_line_with_what_to_do():
    assert "STINS_DATABASE must begin with" in wrong(run("export", "en-inspektion", "-o", "ut.xlsx"))[0]


# --- score ----------------------------------------------------------------------------------------------


def test_the_verdict_of_a_filled_in_workbook_is_that_of_publish_and_assess():
    result = run("score", saved(filled()), "--json")
    expected = assess(publish(USUAL), CATALOGUE, RULES)
    assert result.exit_code == 0
    assert json.loads(result.stdout) == verdict_document(expected)


@pytest.mark.parametrize("lang", ["sv", "en"])
def test_a_verdict_is_told_in_lines(lang: str):
    result = run("score", saved(filled()), "--lang", lang)
    lines = result.stdout.splitlines()
    assert lines[0] == "Kliniken, 2026-11-22"
    verdict = assess(publish(USUAL), CATALOGUE, RULES)
    for id, area in verdict.areas.items():
        name = CATALOGUE.areas[id].name.plain(lang)
        assert any(line.startswith(f"{id}  {area.grade or '–'}  {name}") for line in lines)
    for id in (*verdict.breaches, *verdict.weaknesses, *verdict.strengths, *verdict.gaps):
        assert any(line.startswith(f"  {id} ") for line in lines)
    statement = CATALOGUE.criteria[verdict.weaknesses[0]].statement.plain(lang)
    assert any(statement in line for line in lines)


def test_typed_answers_are_never_called_anonymous():
    text = run("score", saved(filled())).stdout
    assert "Svaren är inskrivna för hand och har lästs av den som skrev in dem." in text
    assert "Resultatet kallas därför inte anonymt." in text
    assert "ST-läkare: 7 svar." in text


def test_too_few_answers_have_no_verdict_and_it_says_so():
    result = run("score", saved(filled(round_of(people(2, 2)))))
    assert result.exit_code == 0
    assert "minst 5 ST-läkare och handledare behövs" in result.stdout
    assert "Det här är starkt" not in result.stdout


@pytest.mark.parametrize("sample", releases(12, SEED), ids=lambda sample: sample.name.partition(";")[0])
def test_the_verdict_of_an_export_is_that_of_its_release(sample: Sample):
    file = workbooks.export_file(released(sample.release).read_bytes(), "Kliniken", "sv")
    found = workbooks.scored(file, "resultat.xlsx", None)
    assert found.release == replace(sample.release, comments={}, redacted=0)
    assert found.document() == verdict_document(sample.verdict)
    for lang in ("sv", "en"):
        lines = "\n".join(found.lines(lang))
        assert all(f"\n{id}  {area.grade or '–'}  " in lines for id, area in sample.verdict.areas.items())


def test_a_talk_between_few_is_told_as_one_and_not_as_an_anonymous_inspection():
    terms = replace(USUAL.terms, mode=Mode.DIALOGUE, comments=Comments.OFF)
    enough, few = (replace(round_of(people(number, 1)), terms=terms) for number in (2, 1))
    for round_ in (enough, few):
        run("export", released(publish(round_)), "-o", "ut.xlsx")
        text = run("score", "ut.xlsx").stdout
        assert "Det här är ett underlag för samtal, inte en anonym enkät." in text
    assert "minst tre behövs" in text


@cache
def exported() -> bytes:
    return workbooks.export_file(json.dumps(release_document(RELEASE)).encode(), "Kliniken", "sv")


def cell(name: str, id: str = "") -> Place:
    """Give a named cell of the export, or in a named rectangle the first cell of a criterion or area."""
    area = names(exported())[name]
    if not id:
        return area.corner
    cells = libreoffice.values(exported())[area.sheet]
    first = get_column_letter(places.ID_COLUMN)
    ids = {cells.get(f"{first}{row}"): row for row in range(area.top, area.bottom + 1)}
    return area.at(area.left, ids[id])


def shown(side: str) -> str:
    """Give a criterion whose numbers and four steps are shown for a side."""
    tables = {id: each.get(side) for id, each in RELEASE.results.items()}
    return next(id for id, table in tables.items() if isinstance(table, Bands) and table.scale)


def checksum_fault() -> str:
    message = "kontrollsumman stämmer inte med siffrorna i Underlag; de har ändrats efter exporten"
    return f"{'!'.join(cell(places.SHA256))}: {message}"


CHANGES: Mapping[str, tuple[Callable[[], Place], str | int | date]] = {
    "a count": (lambda: cell(places.counts("st"), shown("st")), 77),
    "how many answered": (lambda: cell(places.people("st")), 8),
    "a step of the distribution": (lambda: cell(places.scale("utbildare"), shown("utbildare")), 99),
    "k": (lambda: cell(places.K), 4),
    "the day": (lambda: cell(places.LAST_DAY), date(2025, 1, 1)),
    "a fact": (lambda: cell(places.fact("B9")), "Ja"),
    "the mode": (lambda: cell(places.MODE), "typed"),
    "the checksum": (lambda: cell(places.SHA256), "0" * 64),
}


@pytest.mark.parametrize("what", CHANGES)
def test_a_changed_number_is_noticed_by_the_checksum(what: str):
    place, value = CHANGES[what]
    path = saved(put(exported(), {place(): value}))
    assert checksum_fault() in wrong(run("score", path))
    assert checksum_fault() in wrong(run("score", path, "--json"))


def test_a_changed_count_is_named_wherever_the_verdict_no_longer_follows():
    asked = next(
        id for id, each in VERDICT["criteria"].items() if each["status"] == "met" and "st" in each["cells"]
    )
    lines = wrong(run("score", saved(put(exported(), {cell(places.counts("st"), asked): 0}))))
    assert lines[0] == checksum_fault()
    place = "!".join(cell(places.STATUSES, asked))
    assert any(line.startswith(f"{place}: det står Uppfyllt, men siffrorna ger ") for line in lines)


@pytest.mark.parametrize("area", CATALOGUE.areas)
def test_a_changed_grade_is_named_by_its_cell(area: str):
    grade = VERDICT["areas"][area]["grade"] or "–"
    other = "A" if grade != "A" else "D"
    place = cell(places.GRADES, area)
    lines = wrong(run("score", saved(put(exported(), {place: other}))))
    assert lines == [f"{'!'.join(place)}: det står {other}, men siffrorna ger {grade}"]


@pytest.mark.parametrize("id", ["A1", "A4", "D5", "H1"])
def test_a_changed_status_is_named_by_its_cell(id: str):
    place = cell(places.STATUSES, id)
    lines = wrong(run("score", saved(put(exported(), {place: "Nästan uppfyllt"}))))
    assert len(lines) == 1
    assert lines[0].startswith(f"{'!'.join(place)}: det står Nästan uppfyllt, men siffrorna ger ")


@pytest.mark.parametrize("name", [places.GRADES, places.STATUSES])
def test_a_row_that_has_become_anothers_is_noticed(name: str):
    sheet, reference = cell(name, "A" if name == places.GRADES else "A1")
    place = (sheet, f"A{reference.lstrip('ABCDEFGHIJKLMNOPQRSTUVWXYZ')}")
    lines = wrong(run("score", saved(put(exported(), {place: "Å"}))))
    area = names(exported())[name]
    assert lines[0].startswith(f"{'!'.join(area.corner)}: raden för A")
    assert any(line.startswith(f"{sheet}!{reference}: det står ") for line in lines)


def test_an_export_that_can_no_longer_be_read_is_one_line_with_what_to_do():
    lines = wrong(run("score", saved(put(exported(), {cell(places.MODE): "hemligt"}))))
    assert len(lines) == 1
    assert lines[0].endswith("Hämta resultatet på nytt.")


@pytest.mark.parametrize("name", [places.counts("st"), places.scale("alla"), places.GRADES, places.STATUSES])
def test_an_export_whose_names_are_gone_is_one_line_that_tells_which(name: str):
    book = "xl/workbook.xml"
    without = part(exported(), book).replace(f'name="{name}"', 'name="borta"').encode()
    (line,) = wrong(run("score", saved(repacked(exported(), {book: without}))))
    assert line.startswith("Det här är inte en export från STINS")
    assert f"({name.replace('skala', 'underlag')})" in line


def test_an_export_without_its_checksum_is_refused():
    book = "xl/workbook.xml"
    without = part(exported(), book).replace(f'name="{places.SHA256}"', 'name="borta"').encode()
    (line,) = wrong(run("score", saved(repacked(exported(), {book: without}))))
    assert line.startswith("kontrollsumman stämmer inte")


def test_a_blank_scored_before_the_last_day_is_typed_is_told_which_cell():
    run("blank", "-o", "tom.xlsx")
    sheet, reference = spot(places.LAST_DAY)
    assert wrong(run("score", "tom.xlsx")) == [
        f"{sheet}!{reference}: sista dagen saknas; skriv den som 2026-05-31"
    ]


def test_every_fault_is_a_line_of_its_own():
    first, second = (answer_place(filled(), Role.HANDLEDARE, "A1", person) for person in (0, 4))
    path = saved(put(filled(), {first: "kanske", second: 7, spot(places.fact("A2")): "delvis"}))
    lines = wrong(run("score", path))
    assert [line.partition(": ")[0] for line in lines] == [
        "!".join(place) for place in (first, second, spot(places.fact("A2")))
    ]
    assert lines[0].endswith("'kanske' är inget av svaren; välj i listan")
    assert wrong(run("score", path, "--json")) == lines


def test_faults_are_told_in_the_language_asked_for():
    assert len(wrong(run("score", saved(b"%PDF-1.7"), "--lang", "en"))) == 1


@pytest.mark.parametrize("name", ["arbetsbok.xlsx", "arbetsbok.xlsm", "svar.csv"])
@pytest.mark.parametrize("content", [b"", b"a;b", b"PK\x03\x04"])
def test_what_is_no_workbook_is_one_line(name: str, content: bytes):
    assert len(wrong(run("score", saved(content, name)))) == 1


@pytest.mark.parametrize("command", ["score", "layout-check"])
def test_a_file_that_is_not_there_is_wrong_usage(command: str):
    assert run(command, "finns-inte.xlsx", "finns-inte.xlsx").exit_code == 2


def test_the_region_may_have_another_k():
    round_ = round_of(people(4, 4), k=4)
    result = run("score", saved(filled(round_)), "--json")
    assert json.loads(result.stdout) == verdict_document(assess(publish(round_), CATALOGUE, RULES))


def test_a_workbook_with_room_for_as_many_as_can_be_is_read():
    columns = ",".join(f"{role}=200" for role in Role)
    run("blank", "--columns", columns, "-o", "tom.xlsx")
    round_ = round_of(people(200, 200, 3, 3))
    saved(fill(Path("tom.xlsx").read_bytes(), round_, unit="Kliniken"))
    assert "ST-läkare: 200 svar." in run("score", "arbetsbok.xlsx").stdout


# --- Workbooks laid out otherwise -----------------------------------------------------------------------


def layout(**changes: str) -> str:
    """Describe our own blank as though it were somebody else's."""
    areas = {role: names(filled())[places.answers(role)] for role in Role}
    columns = {
        role: tuple(area.at(c, 1)[1][:-1] for c in (area.left, area.right)) for role, area in areas.items()
    }
    parts = {
        "head": f'catalogue = "2026"\nlast_day = {TODAY}',
        "facts": "[facts]\n" + "\n".join(f'{id} = "{fact}"' for id, fact in STATED.items()),
        "answers": '[answers]\n3 = 3\n2 = 2\n1 = 1\n0 = 0\nV = "vet_ej"\nE = "ej_aktuellt"',
    } | {
        role: f'[[block]]\nrole = "{role}"\ntab = "{area.sheet}"\nids = "A"\n'
        f'columns = "{":".join(columns[role])}"\nfirst_row = {area.top}\nlast_row = {area.bottom}'
        for role, area in areas.items()
    }
    return "\n".join((parts | changes).values())


def test_a_workbook_of_another_layout_is_scored_by_its_layout_file():
    described = saved(layout().encode(), "layout.toml")
    result = run("score", saved(filled()), "--layout", described, "--json")
    assert json.loads(result.stdout) == verdict_document(assess(publish(USUAL), CATALOGUE, RULES))


def test_a_layout_saved_by_notepad_is_read_too():
    described = saved(layout().encode("utf-8-sig"), "layout.toml")
    assert run("score", saved(filled()), "--layout", described).exit_code == 0


def test_a_layout_in_another_encoding_is_one_line_with_what_to_do():
    described = saved("# åäö".encode("latin-1"), "layout.toml")
    for words in (
        ["score", saved(filled()), "--layout", described],
        ["layout-check", described, saved(filled())],
    ):
        (line,) = wrong(run(*words))
        assert line.endswith("this is not text in UTF-8; save the layout as UTF-8")


def test_layout_check_tells_what_it_found_and_what_nothing_reads():
    result = run("layout-check", saved(layout().encode(), "layout.toml"), saved(filled()))
    assert result.exit_code == 1
    assert any(
        "handledare" in line and "svar från 9 av 40 platser" in line for line in result.stdout.splitlines()
    )
    assert "Resultat: fliken läses inte av layouten" in result.stdout
    assert result.stderr == ""


def test_layout_check_ends_well_where_everything_is_matched():
    book = load_workbook(io.BytesIO(filled()))
    for sheet in book.worksheets:
        if not sheet.title.startswith("Svar "):
            book.remove(sheet)
    for name in list(book.defined_names):
        del book.defined_names[name]
    book.save("bara_svar.xlsx")
    book.close()
    result = run("layout-check", saved(layout().encode(), "layout.toml"), "bara_svar.xlsx")
    assert "Allt i layouten stämmer med arbetsboken." in result.stdout
    assert result.exit_code == 0


def test_a_layout_that_cannot_be_used_is_told_with_all_its_faults():
    described = saved(
        layout(head='catalogue = "1999"', facts='[facts]\nA2 = "kanske"').encode(), "layout.toml"
    )
    lines = wrong(run("layout-check", described, saved(filled())))
    assert [line.partition(" ")[0].rstrip(":") for line in lines] == ["catalogue", "last_day", "facts.A2"]


def test_what_a_workbook_of_another_layout_lacks_is_told_by_score():
    described = saved(layout(answers="[answers]\n3 = 3\n2 = 2").encode(), "layout.toml")
    lines = wrong(run("score", saved(filled()), "--layout", described))
    assert len(lines) > 5
    assert all("inget av svaren" in line for line in lines[:5])


def test_a_missing_fact_has_no_status_and_stops_nothing():
    some = {"A8": Fact.JA}
    result = run("score", saved(filled(round_of(people(6, 6), facts=some))), "--json")
    criteria = json.loads(result.stdout)["criteria"]
    assert (criteria["A8"]["status"], criteria["F6"]["status"]) == ("met", None)
