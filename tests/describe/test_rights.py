from __future__ import annotations

import pytest

from corpuskit.describe.rights import find_holder, find_license, read_rights
from corpuskit.model import Block, Kind, Rights, Role

HOLDERS = [
    ("© 2024 The Pellbrook Courier. All rights reserved.", "The Pellbrook Courier"),
    (
        "Copyright 1995 - . All rights reserved. The content belongs to Some Information Co (SIC). Without",
        "Some Information Co (SIC)",
    ),
    ("© The Daily Example(www.example.org). All rights reserved.", "The Daily Example"),
    ("Copyright © 2001-2024 Example Media Ltd, all rights reserved", "Example Media Ltd"),
    ("© «Листок», 2024. Все права защищены.", "Листок"),
    ("© Diario de la Ría, S.A. Todos los derechos reservados.", "Diario de la Ría, S.A."),
    ("All rights reserved.", None),
    ("© 2024", None),
]

LICENSES = [
    ("Dieser Text steht unter der Lizenz CC BY-SA 4.0.", "CC-BY-SA-4.0"),
    ("Licensed under CC-BY 3.0", "CC-BY-3.0"),
    ("Creative Commons Attribution-NonCommercial-ShareAlike 4.0 International", "CC-BY-NC-SA-4.0"),
    ("Creative Commons Attribution 4.0 International License", "CC-BY-4.0"),
    ("Public domain, CC0", "CC0-1.0"),
    ("Creative Commons BY-NC-ND", "LicenseRef-CC-BY-NC-ND"),
    ("CC BY 9.9", None),
    ("All rights reserved", None),
]


@pytest.mark.parametrize(("statement", "holder"), HOLDERS)
def test_holder(statement: str, holder: str | None) -> None:
    assert find_holder(statement) == holder


@pytest.mark.parametrize(("statement", "license_id"), LICENSES)
def test_license(statement: str, license_id: str | None) -> None:
    assert find_license(statement) == license_id


def test_silence_is_no_licence() -> None:
    assert read_rights([Block(Role.MAIN, Kind.PARAGRAPH, 0, 4, "Text", 1, "test")]).rights is Rights.UNKNOWN


def test_a_licence_opens_and_a_notice_reserves() -> None:
    def found(text: str) -> Rights:
        return read_rights([Block(Role.METADATA, Kind.RIGHTS, 0, len(text), text, 1, "test")]).rights

    assert found("CC BY 4.0") is Rights.OPEN
    assert found("© 2024 The Paper. All rights reserved.") is Rights.RESERVED
