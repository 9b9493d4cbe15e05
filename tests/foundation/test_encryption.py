"""Secrets at rest: what the master key, the secret box and keyed hashes promise."""

import base64
import os
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import permutations
from pathlib import Path
from string import ascii_letters, digits

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadsail.foundation.encryption import (
    KeyedHash,
    MasterKey,
    MasterKeyExposed,
    MasterKeyMalformed,
    MasterKeyMissing,
    SecretBox,
    SecretError,
    SecretKeyUnknown,
    SecretMalformed,
    SecretPlace,
    SecretTampered,
)

MATERIAL = bytes(range(32))
KEY = MasterKey(MATERIAL)
OTHER_KEY = MasterKey(MATERIAL[::-1])
PLACE = SecretPlace("ten_1", "provider_account", "pac_7", "api_secret")


class TestMasterKeyFromText:
    @pytest.mark.parametrize(
        "text",
        [
            MATERIAL.hex(),
            MATERIAL.hex().upper(),
            base64.b64encode(MATERIAL).decode(),
            base64.b64encode(MATERIAL).decode().rstrip("="),
            f"  {base64.b64encode(MATERIAL).decode()}\n",
        ],
    )
    def test_every_usual_spelling_gives_the_same_key(self, text: str) -> None:
        assert MasterKey.parse(text) == KEY

    def test_url_safe_base64_gives_the_same_key(self) -> None:
        material = bytes(255 - byte for byte in range(32))

        assert MasterKey.parse(base64.urlsafe_b64encode(material).decode()).material == material

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "correct horse battery staple, and more",
            MATERIAL.hex()[:-1],
            MATERIAL.hex()[:-2],
            MATERIAL.hex() + "00",
            base64.b64encode(MATERIAL[:31]).decode(),
            base64.b64encode(MATERIAL + b"x").decode(),
            "é" * 32,
            "\ufffd" * 64,
        ],
    )
    def test_anything_but_32_bytes_is_refused_with_a_remedy(self, text: str) -> None:
        with pytest.raises(MasterKeyMalformed, match="openssl rand"):
            MasterKey.parse(text)

    @pytest.mark.parametrize("text", ["0" * 64, "ab" * 32, "0123456789abcdef" * 4])
    def test_a_placeholder_that_repeats_itself_is_refused(self, text: str) -> None:
        with pytest.raises(MasterKeyMalformed, match="guessed"):
            MasterKey.parse(text)

    def test_a_printed_key_shows_nothing_of_itself(self) -> None:
        assert repr(KEY) == "MasterKey()"

    def test_a_refusal_never_repeats_what_was_entered(self) -> None:
        with pytest.raises(MasterKeyMalformed) as refusal:
            MasterKey.parse("almost-a-secret")

        assert "almost-a-secret" not in str(refusal.value)


class TestMasterKeyFile:
    def test_a_first_start_writes_a_private_file(self, tmp_path: Path) -> None:
        path = tmp_path / "master.key"

        MasterKey.read_or_create(path)

        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert [file.name for file in tmp_path.iterdir()] == ["master.key"]

    def test_a_generous_umask_does_not_open_the_file(self, tmp_path: Path) -> None:
        path = tmp_path / "master.key"
        program = (
            "import os, pathlib, sys; from leadsail.foundation.encryption import MasterKey; os.umask(0);"
            "MasterKey.read_or_create(pathlib.Path(sys.argv[1]))"
        )

        subprocess.run([sys.executable, "-c", program, str(path)], check=True)  # noqa: S603 - our own program

        assert stat.S_IMODE(path.stat().st_mode) == 0o600

    def test_a_second_start_reads_the_same_key(self, tmp_path: Path) -> None:
        path = tmp_path / "master.key"

        first, second = MasterKey.read_or_create(path), MasterKey.read_or_create(path)

        assert first == second

    def test_many_first_starts_at_once_agree_on_one_key(self, tmp_path: Path) -> None:
        path = tmp_path / "master.key"

        with ThreadPoolExecutor(16) as threads:
            keys = list(threads.map(MasterKey.read_or_create, [path] * 64))

        assert len(set(keys)) == 1

    def test_a_key_appearing_meanwhile_is_kept(self, tmp_path: Path) -> None:
        """Another process may write the file between our look and our own writing."""
        path = tmp_path / "master.key"

        def slow_random(size: int) -> bytes:
            MasterKey.read_or_create(path, random_bytes=lambda _: MATERIAL)
            return MATERIAL[::-1][:size]

        assert MasterKey.read_or_create(path, random_bytes=slow_random) == KEY

    @pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o602, 0o644, 0o610])
    def test_a_file_open_to_others_is_refused_with_the_remedy(self, tmp_path: Path, mode: int) -> None:
        path = tmp_path / "master.key"
        MasterKey.read_or_create(path)
        path.chmod(mode)

        with pytest.raises(MasterKeyExposed, match=f"chmod 600 {path}"):
            MasterKey.read(path)

    @pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
    def test_a_file_of_another_account_is_refused(self, tmp_path: Path) -> None:
        path = tmp_path / "master.key"
        MasterKey.read_or_create(path)
        os.chown(path, 12345, -1)

        with pytest.raises(MasterKeyExposed, match="chown"):
            MasterKey.read(path)

    def test_a_missing_file_is_not_replaced_when_only_read(self, tmp_path: Path) -> None:
        with pytest.raises(MasterKeyMissing, match="restore it"):
            MasterKey.read(tmp_path / "master.key")

        assert list(tmp_path.iterdir()) == []

    def test_a_folder_that_is_missing_is_named(self, tmp_path: Path) -> None:
        with pytest.raises(MasterKeyMissing, match="make its folder writable"):
            MasterKey.read_or_create(tmp_path / "absent" / "master.key")

    @pytest.mark.parametrize("content", [b"", b"half a ke", b"\xff\xfe" * 40, b"A" * 100_000])
    def test_a_damaged_file_is_refused_and_left_alone(self, tmp_path: Path, content: bytes) -> None:
        path = tmp_path / "master.key"
        path.touch(mode=0o600)
        path.write_bytes(content)

        with pytest.raises(MasterKeyMalformed):
            MasterKey.read_or_create(path)

        assert path.read_bytes() == content


class TestCheckValue:
    def test_a_key_knows_its_own_check_value(self) -> None:
        assert MasterKey.parse(MATERIAL.hex()).matches(KEY.check_value())

    @pytest.mark.parametrize("value", ["", "0" * 64, OTHER_KEY.check_value(), "é"])
    def test_any_other_check_value_does_not_match(self, value: str) -> None:
        assert not KEY.matches(value)

    def test_what_is_public_about_a_key_stays_the_same_over_releases(self) -> None:
        """Stored values depend on these; the numbers were computed with bare HMAC as RFC 5869 describes."""
        assert KEY.id == "f1876b779b30e6e8"
        assert KEY.check_value() == "709bc909a4f53bd305881f81f35eaa8a995fb8c3ebd3dbdb7a36cce87a2ff97b"


class TestSecretBox:
    @given(secret=st.binary(max_size=2000), names=st.tuples(*[st.text(max_size=20)] * 4))
    def test_what_is_sealed_opens_in_its_place(self, secret: bytes, names: tuple[str, str, str, str]) -> None:
        box, place = SecretBox(KEY), SecretPlace(*names)

        assert box.open(box.seal(secret, place), place) == secret

    def test_a_token_names_its_version_and_key(self) -> None:
        token = SecretBox(KEY).seal(b"secret", PLACE)

        assert token.startswith(f"lsb1.{KEY.id}.")

    def test_a_token_shows_nothing_of_the_secret(self) -> None:
        token = SecretBox(KEY).seal(b"correct horse", PLACE)

        assert b"horse" not in _sealed(token)

    def test_a_token_sealed_by_an_earlier_release_still_opens(self) -> None:
        """Made outside this code, from the format as documented."""
        token = "lsb1.f1876b779b30e6e8.ZGVmZ2hpamtsbW5vXmfkqOPbusbG9_pWI9A69G12WGFzU4iQXEo1Irw"

        assert SecretBox(KEY).open(token, PLACE) == b"correct horse"

    def test_the_same_secret_never_gives_the_same_token(self) -> None:
        box = SecretBox(KEY)

        assert len({box.seal(b"secret", PLACE) for _ in range(1000)}) == 1000

    def test_every_seal_takes_a_fresh_96_bit_nonce(self) -> None:
        asked: list[int] = []

        def counting(size: int) -> bytes:
            asked.append(size)
            return len(asked).to_bytes(size, "big")

        box = SecretBox(KEY, random_bytes=counting)
        tokens = [box.seal(b"secret", PLACE) for _ in range(3)]

        assert asked == [12, 12, 12]
        assert len(set(tokens)) == 3

    @pytest.mark.parametrize("changed", ["tenant_id", "record_kind", "record_id", "field"])
    def test_a_token_moved_to_another_place_does_not_open(self, changed: str) -> None:
        box = SecretBox(KEY)
        token = box.seal(b"secret", PLACE)

        with pytest.raises(SecretTampered, match="find out who"):
            box.open(token, replace(PLACE, **{changed: "other"}))

    def test_places_that_read_alike_when_joined_stay_apart(self) -> None:
        box = SecretBox(KEY)
        places = {SecretPlace("t", *parts) for parts in permutations(["a", "ab", "b", ""], 3)}
        tokens = {place: box.seal(b"secret", place) for place in places}

        opened = {(here, there) for here in places for there in places if _opens(box, tokens[there], here)}

        assert opened == {(place, place) for place in places}

    @given(data=st.data())
    def test_a_token_changed_anywhere_never_opens(self, data: st.DataObject) -> None:
        box = SecretBox(KEY)
        token = box.seal(b"correct horse", PLACE)
        at = data.draw(st.integers(0, len(token) - 1))
        other = data.draw(st.characters().filter(lambda character: character != token[at]))

        with pytest.raises(SecretError):
            box.open(token[:at] + other + token[at + 1 :], PLACE)

    def test_every_truncated_token_is_refused(self) -> None:
        box = SecretBox(KEY)
        token = box.seal(b"correct horse", PLACE)

        assert [end for end in range(len(token)) if _opens(box, token[:end], PLACE)] == []

    @pytest.mark.parametrize("text", ["", "lsb1", "lsb1..", "lsb2.0011223344556677.AAAA", "plain text", "lsb1.\n."])
    def test_what_is_no_token_at_all_is_called_malformed(self, text: str) -> None:
        with pytest.raises(SecretMalformed):
            SecretBox(KEY).open(text, PLACE)

    @given(text=st.text())
    def test_arbitrary_text_gives_a_typed_error(self, text: str) -> None:
        with pytest.raises(SecretError):
            SecretBox(KEY).open(text, PLACE)

    @pytest.mark.parametrize("ending", ["=", "==", "\n", " "])
    def test_a_token_spelled_otherwise_is_refused(self, ending: str) -> None:
        box = SecretBox(KEY)

        with pytest.raises(SecretMalformed):
            box.open(box.seal(b"secret", PLACE) + ending, PLACE)

    @pytest.mark.parametrize("secret", [b"", b"s", b"se"])
    def test_a_token_has_one_spelling_only(self, secret: bytes) -> None:
        """The last base64 character may carry bits that decoders ignore."""
        box = SecretBox(KEY)
        token = box.seal(secret, PLACE)

        opening = [last for last in ascii_letters + digits + "-_" if _opens(box, token[:-1] + last, PLACE)]

        assert opening == [token[-1]]

    def test_two_tenants_never_share_a_key(self) -> None:
        """The same nonce and secret would give the same bytes if they did."""
        box = SecretBox(KEY, random_bytes=bytes)

        one, two = (_sealed(box.seal(b"secret", replace(PLACE, tenant_id=id_))) for id_ in ("ten_1", "ten_2"))

        nonce, ciphertext = slice(12), slice(12, 18)
        assert one[nonce] == two[nonce]
        assert one[ciphertext] != two[ciphertext]


class TestRotation:
    def test_an_old_token_opens_with_the_previous_key(self) -> None:
        token = SecretBox(KEY).seal(b"secret", PLACE)

        assert SecretBox(OTHER_KEY, [KEY]).open(token, PLACE) == b"secret"

    def test_a_token_of_an_unknown_key_names_that_key(self) -> None:
        token = SecretBox(KEY).seal(b"secret", PLACE)

        with pytest.raises(SecretKeyUnknown, match=KEY.id):
            SecretBox(OTHER_KEY).open(token, PLACE)

    def test_a_token_relabelled_with_another_key_does_not_open(self) -> None:
        box = SecretBox(OTHER_KEY, [KEY])
        token = SecretBox(KEY).seal(b"secret", PLACE).replace(KEY.id, OTHER_KEY.id)

        with pytest.raises(SecretTampered):
            box.open(token, PLACE)

    def test_only_tokens_of_previous_keys_need_rotation(self) -> None:
        rotated = SecretBox(OTHER_KEY, [KEY])

        assert rotated.needs_rotation(SecretBox(KEY).seal(b"secret", PLACE))
        assert not rotated.needs_rotation(rotated.seal(b"secret", PLACE))


class TestKeyedHash:
    def test_the_same_value_gives_the_same_hash_later(self) -> None:
        """The expected hash was computed outside this code, from the scheme as documented."""
        assert (
            KeyedHash(KEY).of("api-key", "ls_live_1").hex()
            == "fd45defa1880321433ee46cd2c1ae07eebbc14a0ddf33b0387437a8c6ac47535"
        )

    def test_text_and_its_bytes_are_one_value(self) -> None:
        hashes = KeyedHash(KEY)

        assert hashes.of("suppression", "é") == hashes.of("suppression", "é".encode())

    def test_another_purpose_gives_an_unrelated_hash(self) -> None:
        hashes = KeyedHash(KEY)

        assert hashes.of("suppression", "+15005550100") != hashes.of("erasure", "+15005550100")

    def test_purpose_and_value_cannot_run_into_each_other(self) -> None:
        hashes = KeyedHash(KEY)

        assert hashes.of("a", "bc") != hashes.of("ab", "c")

    def test_another_master_key_gives_another_hash(self) -> None:
        assert KeyedHash(KEY).of("api-key", "x") != KeyedHash(OTHER_KEY).of("api-key", "x")

    def test_after_a_rotation_old_hashes_are_still_found(self) -> None:
        stored = KeyedHash(KEY).of("suppression", "+15005550100")
        hashes = KeyedHash(OTHER_KEY, [KEY])

        assert hashes.candidates("suppression", "+15005550100") == (
            hashes.of("suppression", "+15005550100"),
            stored,
        )


def _sealed(token: str) -> bytes:
    """Nonce, ciphertext and tag of a token."""
    return base64.urlsafe_b64decode(token.rpartition(".")[2] + "==")


def _opens(box: SecretBox, token: str, place: SecretPlace) -> bool:
    try:
        box.open(token, place)
    except SecretError:
        return False
    return True
