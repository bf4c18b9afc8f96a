"""What the markup of a page does not state is filled in from its blocks, and nothing else is."""

from __future__ import annotations

import pytest

from corpuskit.describe.describe import FROM_BLOCKS, fill
from corpuskit.model import Block, Evidence, Kind, Metadata, Origin, Rights, Role

SENTENCE = (
    "Der Fluss stieg über Nacht um zwei Meter, sagte der Rat, und drei Brücken im Tal mussten geschlossen werden. "
)
LINES = (
    (Role.METADATA, Kind.TITLE, "Drei Brücken geschlossen"),
    (Role.METADATA, Kind.BYLINE, "Von Ana Ruiz"),
    (Role.METADATA, Kind.DATE, "3. April 2023"),
    (Role.MAIN, Kind.PARAGRAPH, SENTENCE.strip()),
    (Role.METADATA, Kind.RIGHTS, "© 2023 Beispiel Verlag | CC BY-SA 4.0"),
)
BLOCKS = [Block(role, kind, 0, 0, text, 1.0, "") for role, kind, text in LINES]
SEEN = {
    "title": "Drei Brücken geschlossen",
    "language": "de",
    "rights": Rights.OPEN,
    "rights_statement": "© 2023 Beispiel Verlag | CC BY-SA 4.0",
    "rights_holder": "Beispiel Verlag",
    "license": "CC-BY-SA-4.0",
}
STATED = {
    "title": "Ponts fermés",
    "language": "fr",
    "rights": Rights.RESERVED,
    "rights_statement": "Tous droits réservés",
    "rights_holder": "Exemple",
    "license": "CC-BY-NC-4.0",
}
NOTE = Evidence("title", "Ponts fermés", Origin.META, "title", stated=True)


def test_markup_that_states_nothing_is_filled_in() -> None:
    found = fill(Metadata(), BLOCKS)
    assert {name: getattr(found, name) for name in FROM_BLOCKS} == SEEN
    assert {note.field for note in found.evidence} == set(FROM_BLOCKS)
    assert (found.authors, found.date_published) == ((), None)  # the reader of markup has looked for them itself


@pytest.mark.parametrize("field", FROM_BLOCKS)
def test_what_the_markup_states_stays_and_is_not_looked_for(field: str) -> None:
    found = fill(Metadata(**{field: STATED[field]}, evidence=(NOTE,)), BLOCKS)  # type: ignore[arg-type]
    assert {name: getattr(found, name) for name in FROM_BLOCKS} == SEEN | {field: STATED[field]}
    assert found.evidence[0] is NOTE
    assert {note.field for note in found.evidence[1:]} == set(FROM_BLOCKS) - {field}


def test_a_page_without_main_text_has_the_language_of_its_title() -> None:
    title = Block(Role.METADATA, Kind.TITLE, 0, 0, SENTENCE.strip(), 1.0, "")
    assert fill(Metadata(title="stated"), [title]).language == "de"


def test_without_blocks_nothing_is_filled_in() -> None:
    assert fill(Metadata(), []) == Metadata()
