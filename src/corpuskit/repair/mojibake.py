"""Text decoded with the wrong codec."""
from __future__ import annotations
import re
from typing import TYPE_CHECKING
from corpuskit.repair.vocabulary import Edit, Flag
if TYPE_CHECKING:
    from corpuskit.repair.ledger import Ledger

_LINE = re.compile(r"[^\n]*[^\x00-\x7f\n][^\n]*")

def mend(ledger: Ledger) -> list[Flag]:
    """First version: what ftfy proposes, line by line, without its typography."""
    import ftfy
    edits = []
    for match in _LINE.finditer(ledger.text):
        fixed, plan = ftfy.fix_encoding_and_explain(match[0])
        if fixed != match[0]:
            evidence = " ".join(f"{step.action} {step.parameter}" for step in plan or ())
            edits.append(Edit(match.start(), match.end(), fixed, "mojibake", evidence))
    ledger.apply(edits)
    return []
