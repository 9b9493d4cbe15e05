"""How a key is spelled."""

import secrets
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from leadsail.features.tenants.rules import KINDS, hint, is_key, mint_key

KEYS = st.builds(lambda kind, seed: mint_key(kind, Random(seed).randrange), st.sampled_from(KINDS), st.integers())  # noqa: S311 - these keys open nothing
ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


class TestAMintedKey:
    @given(KEYS)
    def test_tells_its_kind_and_is_one(self, key: str) -> None:
        assert key.startswith(("ls_live_", "ls_test_"))
        assert is_key(key)

    @given(KEYS)
    def test_has_at_least_190_random_bits_and_six_of_checksum(self, key: str) -> None:
        rest = key[len("ls_live_") :]

        assert set(rest) <= set(ALPHABET)
        assert 62 ** (len(rest) - 6) >= 2**190

    def test_draws_every_letter_by_itself(self) -> None:
        asked = []

        def draw(below: int) -> int:
            asked.append(below)
            return len(asked) % below

        key = mint_key("live", draw)

        assert asked == [62] * 33
        assert key[8:-6] == "".join(ALPHABET[(number + 1) % 62] for number in range(33))

    def test_never_comes_twice(self) -> None:
        assert len({mint_key("live", secrets.randbelow) for _ in range(1000)}) == 1000


class TestAnythingElse:
    @given(KEYS, st.data())
    def test_with_one_letter_changed_is_no_key(self, key: str, data: st.DataObject) -> None:
        place = data.draw(st.integers(0, len(key) - 1))
        letter = data.draw(st.sampled_from(ALPHABET).filter(lambda letter: letter != key[place]))

        assert not is_key(key[:place] + letter + key[place + 1 :])

    @given(KEYS, st.data())
    def test_with_two_letters_swapped_is_no_key(self, key: str, data: st.DataObject) -> None:
        place = data.draw(st.integers(8, len(key) - 2).filter(lambda place: key[place] != key[place + 1]))

        assert not is_key(key[:place] + key[place + 1] + key[place] + key[place + 2 :])

    @given(KEYS)
    def test_longer_or_shorter_or_padded_is_no_key(self, key: str) -> None:
        assert not any(is_key(text) for text in (key[:-1], key + "0", f" {key}", f"{key}\n", key.upper(), ""))

    @given(st.text())
    def test_no_text_by_chance_is_one(self, text: str) -> None:
        assert not is_key(text)


class TestTheHint:
    @given(KEYS)
    def test_shows_the_kind_and_the_last_four(self, key: str) -> None:
        assert hint(key) == f"{key[:8]}…{key[-4:]}"

    @given(KEYS)
    def test_leaves_out_enough_to_be_useless(self, key: str) -> None:
        hidden = len(key) - len(hint(key).replace("…", ""))

        assert 62 ** (hidden - 2) > 2**190, "of the four shown, all are checksum; two more letters of it stay hidden"
