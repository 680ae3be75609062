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
        typed = str(self.rhs).lower()
        apart, together = apart_of(typed), together_of(typed)
        tests = [(FOLDED.format(column), [f"%{escaped(words)}%"]) for words in dict.fromkeys([typed, apart])]
        if together != typed:
            pattern = f"%{escaped(together)}%"
            tests.append((f"({FOLDED} AND {WRITTEN})".format(column, column), [pattern, pattern]))
        values = [each for test, patterns in tests for pattern in patterns for each in (*params, pattern)]
        return f"({' OR '.join(test for test, _patterns in tests)})", tuple(values)


FOLDED = "folded({}::text) LIKE folded(%s)"
WRITTEN = "translate(lower({}::text), 'ÄÖÜ', 'äöü') LIKE %s"
"""Where two letters were typed for an umlaut, it has to be one: folded, `neue` is no other than `neu`."""


def apart_of(words: str) -> str:
    """With two letters for each umlaut."""
    for letter, two in UMLAUTS.items():
        words = words.replace(letter, two)
    return words


def together_of(words: str) -> str:
    """With an umlaut for each two letters that may stand for one."""
    for letter, two in UMLAUTS.items():
        words = words.replace(two, letter)
    return words


def escaped(words: str) -> str:
    """Nothing in it means anything but itself."""
    return words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
