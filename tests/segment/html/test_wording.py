"""What short lines say they are."""

from __future__ import annotations

import pytest

from corpuskit.model import Kind, Role
from corpuskit.segment.html.wording import leads_on, said

RELATED, OTHER, METADATA = Role.RELATED, Role.BOILERPLATE, Role.METADATA


@pytest.mark.parametrize(
    ("text", "role", "wanted"),
    [
        ("3 hours ago", RELATED, (RELATED, Kind.AGE)),
        ("27. Januar 2014", RELATED, (RELATED, Kind.AGE)),
        ("il y a 2 jours", RELATED, (RELATED, Kind.AGE)),
        ("27. Januar 2014", OTHER, None),
        ("Bridge closed on 27 January", RELATED, None),
        ("Privacy policy", OTHER, (OTHER, Kind.LEGAL)),
        ("Impressum", METADATA, (OTHER, Kind.LEGAL)),
        ("Política de privacidad", OTHER, (OTHER, Kind.LEGAL)),
        ("Privacy in the age of machines", OTHER, None),
        ("© 2024 The Example. All rights reserved.", OTHER, (METADATA, Kind.RIGHTS)),
        ("Todos los derechos reservados 2022", OTHER, (METADATA, Kind.RIGHTS)),
        ("Tickets reserved at the gate", OTHER, None),
        ("desk@example.org", OTHER, (METADATA, Kind.CONTACT)),
        ("+41 52 525 00 25", OTHER, (METADATA, Kind.CONTACT)),
        ("12 of 40", OTHER, None),
        ("", OTHER, None),
    ],
)
def test_said(text: str, role: Role, wanted: tuple[Role, Kind] | None) -> None:
    assert said([text], [role]).get(0) == wanted
    assert said(["12 of 40", text, "(c) desk@"], [OTHER, role, Role.MAIN]) == ({1: wanted} if wanted else {})


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Read also: The bridge stays closed", True),
        ("[Related: The bridge stays closed]", True),
        ("Baca juga: Jembatan ditutup", True),
        ("关 相关阅读：大桥关闭", False),
        ("相关阅读：大桥关闭", True),
        ("Reading: a town and its bridge", False),
        ("The bridge stays closed", False),
        ("Read also: " + "The bridge stays closed. " * 12, False),
    ],
)
def test_leads_on(text: str, wanted: bool) -> None:  # noqa: FBT001 - the answer, not a switch
    assert leads_on(text) is wanted
