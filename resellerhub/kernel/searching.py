"""The lookup `resembles`: holds these words, whatever marks its letters have.

`muller` and `mueller` find Müller, `strasse` finds Straße, and the other way round. The database folds both sides by
its function `folded`, which an index can be made of.
"""

from typing import Any

from django.db.models import CharField, Lookup, TextField

UMLAUTS = {"ä": "ae", "ö": "oe", "ü": "ue"}


@CharField.register_lookup
@TextField.register_lookup
class Resembles(Lookup):
    lookup_name = "resembles"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        column, params = self.process_lhs(compiler, connection)
        patterns = [f"%{escaped(words)}%" for words in spellings(str(self.rhs))]
        tests = " OR ".join(f"folded({column}::text) LIKE folded(%s)" for _pattern in patterns)
        return f"({tests})", tuple(each for pattern in patterns for each in (*params, pattern))


def spellings(words: str) -> list[str]:
    """As it was typed; and where that has umlauts or may stand for some, as it is written the other way."""
    lower = words.lower()
    apart, together = lower, lower
    for letter, two in UMLAUTS.items():
        apart, together = apart.replace(letter, two), together.replace(two, letter)
    return list(dict.fromkeys([lower, apart, together]))


def escaped(words: str) -> str:
    """Nothing in it means anything but itself."""
    return words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
