"""The columns in a card, in the form of ``datasets``, which this project does not import to write them."""

from __future__ import annotations

import pytest
from datasets import Features

from corpuskit.package.card import features
from corpuskit.package.tables import SCHEMAS


@pytest.mark.parametrize("name", SCHEMAS)
def test_columns_are_what_datasets_writes(name: str) -> None:
    assert features(SCHEMAS[name]) == Features.from_arrow_schema(SCHEMAS[name])._to_yaml_list()
