"""Which text is an id."""

import pytest

from resellerhub.kernel.text import id_in


@pytest.mark.parametrize(("text", "found"), [("7", 7), ("007", 7), ("9" * 18, 10**18 - 1)])
def test_digits_are_an_id(text, found):
    assert id_in(text) == found


@pytest.mark.parametrize("text", ["", " 7", "-7", "7.0", "²", "٣", "9" * 19, "seven"])
def test_what_a_key_cannot_be_is_none(text):
    assert id_in(text) is None
