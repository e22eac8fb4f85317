"""`stins publish` and `stins assess`: files in, files out, clear errors."""

import json

import pytest
from click.testing import CliRunner, Result
from world import FACTS, question_ids

from questionnaires.model import Role
from stins.cli import main


def document(**changes) -> dict:
    """Give a ballots.json where everybody agrees."""
    numbers = {Role.ST_LAKARE: 6, Role.HANDLEDARE: 7, Role.STUDIEREKTOR: 1}
    ballots = [
        {"role": role, "answers": dict.fromkeys(question_ids(role), 3)}
        for role, number in numbers.items()
        for _ in range(number)
    ]
    return {
        "catalogue": "2026", "k": 5, "mode": "anonymous", "comments": "off", "closes_on": "2026-11-22",
        "areas": None, "facts": FACTS, "ballots": ballots,
    } | changes  # fmt: skip


def run(*words: str, text: str = "") -> Result:
    return CliRunner().invoke(main, list(words), input=text)


def test_ballots_become_a_release_and_a_release_a_verdict():
    published = run("publish", "-", text=json.dumps(document()))
    assessed = run("assess", "-", text=published.stdout)
    assert json.loads(published.stdout)["closed_on"] == "2026-11-22"
    assert {area["grade"] for area in json.loads(assessed.stdout)["areas"].values()} <= {"A", "B", "C"}


def test_a_wrong_answer_is_named_by_ballot_and_question_in_one_line():
    wrong = document()
    wrong["ballots"][2]["answers"]["B1"] = "kanske"
    result = run("publish", "-", text=json.dumps(wrong))
    assert result.exit_code == 1
    assert result.stdout == ""
    expected = "ballot 3: B1 is 'kanske'; allowed: 3, 2, 1, 0, vet_ej, ej_aktuellt"
    assert result.stderr.strip() == f"Error: {expected}"


def test_lines_are_answered_in_order_and_a_faulty_one_in_its_place():
    lines = [json.dumps(document()), "{", json.dumps(document(k=4))]
    result = run("publish", "--lines", "-", text="\n".join(lines) + "\n")
    answers = [json.loads(line) for line in result.stdout.splitlines()]
    assert result.exit_code == 1
    assert answers[0]["k"] == 5
    assert answers[1]["error"].startswith("line 2: this is not JSON")
    assert answers[2]["k"] == 4


def test_lines_without_a_fault_end_well():
    release = run("publish", "--lines", "-", text=json.dumps(document()))
    assert release.exit_code == 0
    assert run("assess", "--lines", "-", text=release.stdout).exit_code == 0


@pytest.mark.parametrize("command", ["publish", "assess"])
@pytest.mark.parametrize("text", ["", "[]", "null", "nej", '{"catalogue": "1999"}', "\x00"])
def test_what_is_no_document_at_all_is_one_line_on_stderr(command: str, text: str):
    result = run(command, "-", text=text)
    assert result.exit_code == 1
    assert len(result.stderr.strip().splitlines()) == 1
    assert "Traceback" not in result.stderr


def test_a_file_that_is_not_there_is_wrong_usage():
    assert run("publish", "finns-inte.json").exit_code == 2


@pytest.mark.parametrize("command", ["publish", "assess", "init", "serve", "close-due", "doctor", "demo"])
def test_every_command_explains_itself(command: str):
    assert run(command, "--help").exit_code == 0
