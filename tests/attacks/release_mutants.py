"""The release program with one thing wrong: each mutant is a way in which somebody might change it one day.

A mutant is put in the place of ``scoring.release``'s own parts by :func:`pytest.MonkeyPatch.setattr`, so that
whoever asks for a release gets the mutant's.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace

import pytest

from questionnaires.model import Role
from scoring import release
from scoring.ballots import Answer
from scoring.comments import pool
from scoring.release import ALLA, CELL_ROLES, COUNTED, ST, UTBILDARE, Bands, Cell, Release, Table
from scoring.rounds import Mode, Round, Terms
from tests.attacks.release_attacker import ANSWERS
from tests.attacks.release_rounds import counts

publish, partition = release.publish, release.partition
Mutant = Callable[[pytest.MonkeyPatch], None]
# What a mutant makes of a finished release, having seen the ballots.
After = Callable[[Round, Release], Release]
Tables = Mapping[str, Table]


# --- who counts ---


def k_less_one(patch: pytest.MonkeyPatch) -> None:
    """Let one fewer than k be enough, and say that it was k."""

    def mutant(round_: Round) -> Release:
        fewer = replace(round_, terms=replace(round_.terms, k=round_.terms.k - 1))
        return replace(publish(fewer), k=round_.terms.k)

    patch.setattr(release, "publish", mutant)


def boss_counted_for_a_table(patch: pytest.MonkeyPatch) -> None:
    """Let studierektor and verksamhetschef cover others in a table."""
    patch.setattr(release, "COUNTED", tuple(Role))


def boss_counted_for_a_cell(patch: pytest.MonkeyPatch) -> None:
    """Let studierektor and verksamhetschef cover others where the cells are decided."""

    def mutant(terms: Terms, ballots: Mapping[Role, int]) -> tuple[Cell, ...]:
        teachers = sum(ballots.get(role, 0) for role in CELL_ROLES[UTBILDARE])
        return partition(terms, {Role.ST_LAKARE: ballots.get(Role.ST_LAKARE, 0), Role.HANDLEDARE: teachers})

    patch.setattr(release, "partition", mutant)


def vet_ej_taken_for_no_answer(patch: pytest.MonkeyPatch) -> None:
    """Choose cells by value: only those who rated count as having answered."""
    silent = (Answer.EJ_AKTUELLT, Answer.VET_EJ)
    patch.setattr(release, "answered", lambda by_role, role: _answered_without(by_role, role, silent))


def ej_aktuellt_taken_for_an_answer(patch: pytest.MonkeyPatch) -> None:
    """Let those whom a question does not concern cover those whom it does."""
    patch.setattr(release, "answered", lambda by_role, role: _answered_without(by_role, role, ()))


def _answered_without(by_role: Mapping[Role, Counter[Answer]], role: Role, silent: tuple[Answer, ...]) -> int:
    found = by_role.get(role, Counter[Answer]())
    return found.total() - sum(found[answer] for answer in silent)


# --- which tables, and what is in them ---


def total_beside_the_parts(patch: pytest.MonkeyPatch) -> None:
    """Add a total of all to every question that has two tables."""

    def after(round_: Round, id: str, tables: Tables) -> Tables:
        return {**tables, ALLA: _table(round_, id, ALLA)} if len(tables) > 1 else tables

    _each_question(patch, after)


def parts_beside_the_pooled_table(patch: pytest.MonkeyPatch) -> None:
    """Show, beside a pooled table, the side of it that has k."""

    def after(round_: Round, id: str, tables: Tables) -> Tables:
        two = len(partition(round_.terms, Counter(each.role for each in round_.ballots))) > 1
        if not two or list(tables) != [ALLA]:
            return tables
        sides = {cell: _table(round_, id, cell) for cell in (ST, UTBILDARE)}
        return {**tables, **{c: t for c, t in sides.items() if _behind(round_, id, c) >= round_.terms.k}}

    _each_question(patch, after)


def pooled_where_somebody_disagrees(patch: pytest.MonkeyPatch) -> None:
    """Choose cells by value: hide in one table which side a "disagree" came from."""

    def after(round_: Round, id: str, tables: Tables) -> Tables:
        told = any(isinstance(table, Bands) and table.disagree for table in tables.values())
        return {ALLA: _table(round_, id, ALLA)} if told and len(tables) > 1 else tables

    _each_question(patch, after)


def lone_disagree_kept(patch: pytest.MonkeyPatch) -> None:
    """Show the only one who disagrees as just that."""

    def after(round_: Round, id: str, tables: Tables) -> Tables:
        return {cell: _unmasked(round_, id, cell, table) for cell, table in tables.items()}

    _each_question(patch, after)


def scale_from_nine(patch: pytest.MonkeyPatch) -> None:
    """Show the four steps where nine rated."""
    _scale(patch, lambda round_, id, cell, bands: _rated(bands) - _bosses(round_, id, cell) >= 9)


def bosses_cover_a_scale(patch: pytest.MonkeyPatch) -> None:
    """Show the four steps where ten of any role rated."""
    _scale(patch, lambda round_, id, cell, bands: _rated(bands) >= 10)


def scale_by_who_rated(patch: pytest.MonkeyPatch) -> None:
    """Show the four steps where ten ST-läkare and handledare rated: a boss's "vet ej" shows."""
    _scale(patch, lambda round_, id, cell, bands: _cover_who_rated(round_, id, cell) >= 10)


# --- comments ---


def comments_of_a_field_few_were_shown(patch: pytest.MonkeyPatch) -> None:
    """Show every field's comments where there is a cell."""

    def after(round_: Round, result: Release) -> Release:
        wanted = result.cells and result.comments
        return replace(result, comments=pool(round_.terms.catalogue, round_.ballots)) if wanted else result

    _finished(patch, after)


def comments_in_dialogue_mode(patch: pytest.MonkeyPatch) -> None:
    """Show what was written where people talk it over together."""

    def after(round_: Round, result: Release) -> Release:
        wanted = round_.terms.mode is Mode.DIALOGUE
        return replace(result, comments=pool(round_.terms.catalogue, round_.ballots)) if wanted else result

    _finished(patch, after)


def comments_without_a_cell(patch: pytest.MonkeyPatch) -> None:
    """Show what was written though too few answered for anything else."""

    def after(round_: Round, result: Release) -> Release:
        wanted = not result.cells and round_.terms.mode is Mode.ANONYMOUS
        return replace(result, comments=pool(round_.terms.catalogue, round_.ballots)) if wanted else result

    _finished(patch, after)


def comments_as_they_came(patch: pytest.MonkeyPatch) -> None:
    """Leave comments in the order of the ballots."""

    def after(round_: Round, result: Release) -> Release:
        fields = {field: [b.comments.get(field, "") for b in round_.ballots] for field in result.comments}
        came = {field: tuple(text for text in texts if text) for field, texts in fields.items()}
        return replace(result, comments=came)

    _finished(patch, after)


# --- how a mutant is put in place ---


def _finished(patch: pytest.MonkeyPatch, after: After) -> None:
    patch.setattr(release, "publish", lambda round_: after(round_, publish(round_)))


def _each_question(patch: pytest.MonkeyPatch, after: Callable[[Round, str, Tables], Tables]) -> None:
    def every(round_: Round, result: Release) -> Release:
        return replace(result, results={id: after(round_, id, t) for id, t in result.results.items()})

    _finished(patch, every)


def _scale(patch: pytest.MonkeyPatch, enough: Callable[[Round, str, str, Bands], bool]) -> None:
    """Show the four steps of a table by another rule."""

    def after(round_: Round, id: str, tables: Tables) -> Tables:
        return {
            cell: replace(table, scale=_steps(round_, id, cell) if enough(round_, id, cell, table) else None)
            if isinstance(table, Bands) and round_.terms.mode is not Mode.DIALOGUE
            else table
            for cell, table in tables.items()
        }

    _each_question(patch, after)


def _given(round_: Round, id: str, cell: str) -> Counter[Answer]:
    """Count the answers behind a table."""
    given: Counter[Answer] = Counter()
    for role, histogram in counts(round_.ballots, id).items():
        if role in CELL_ROLES[cell]:
            given.update(dict(zip(ANSWERS, histogram, strict=True)))
    return given


def _steps(round_: Round, id: str, cell: str) -> tuple[int, int, int, int]:
    given = _given(round_, id, cell)
    fully, largely, partly, not_at_all = (given[answer] for answer in ANSWERS[:4])
    return (fully, largely, partly + 1, 0) if not_at_all == 1 else (fully, largely, partly, not_at_all)


def _table(round_: Round, id: str, cell: str) -> Bands:
    fully, largely, partly, not_at_all = _steps(round_, id, cell)
    given = _given(round_, id, cell)
    unknown, not_applicable = given[Answer.VET_EJ], given[Answer.EJ_AKTUELLT]
    return Bands(fully + largely, partly, not_at_all, unknown, not_applicable, None)


def _unmasked(round_: Round, id: str, cell: str, table: Table) -> Table:
    if not isinstance(table, Bands) or _given(round_, id, cell)[Answer.NOT_AT_ALL] != 1:
        return table
    scale = table.scale and (*table.scale[:2], table.scale[2] - 1, 1)
    return replace(table, partly=table.partly - 1, disagree=1, scale=scale)


def _rated(bands: Bands) -> int:
    return bands.agree + bands.partly + bands.disagree


def _behind(round_: Round, id: str, cell: str) -> int:
    by_role = counts(round_.ballots, id)
    return sum(sum(by_role[role][:5]) for role in CELL_ROLES[cell] if role in COUNTED and role in by_role)


def _cover_who_rated(round_: Round, id: str, cell: str) -> int:
    by_role = counts(round_.ballots, id)
    return sum(sum(by_role[role][:4]) for role in CELL_ROLES[cell] if role in COUNTED and role in by_role)


def _bosses(round_: Round, id: str, cell: str) -> int:
    by_role = counts(round_.ballots, id)
    return sum(sum(by_role[r]) for r in CELL_ROLES[cell] if r not in COUNTED and r in by_role)
