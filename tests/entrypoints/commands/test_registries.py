"""`leadsail registries`, on a platform that is up."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.entrypoints.commands.running import Up, run


class TestARegistrysFile:
    def test_is_imported_and_its_age_told(self, up: Up, tmp_path: Path) -> None:
        today = datetime.now(UTC).date().isoformat()
        file = tmp_path / "registry.txt"
        file.write_bytes(b"\xef\xbb\xbf" + b"".join(b"415%07d\n" % number for number in range(2_000_000, 2_060_000)))
        with file.open("ab") as more:
            more.write(b"hello\n\xff\xfe\n")
        place = ("--tenant", up.demo["tenantId"], "--data-dir", str(up.data_dir))

        done = run("registries", "import", str(file), "--registry", "us_dnc", "--as-of", today, *place)
        told = run("registries", "list", *place)

        assert done.returncode == 0
        assert done.stdout.splitlines() == [
            "50,000 lines", "60,002 lines", f"imported 60,000 numbers of us_dnc as of {today}",
        ]  # fmt: skip
        assert done.stderr.splitlines() == [
            "line 60001: •••lo: not a phone number",
            "line 60002: \ufffd\ufffd: not a phone number",
            "2 of 60,002 lines could not be used",
        ]
        [line] = [line for line in told.stdout.splitlines() if line.startswith("us_dnc")]
        assert line.startswith(f"us_dnc  current  drawn {today}, 60,000 numbers  good until ")
        assert "gb_tps  missing" in told.stdout

    @pytest.mark.parametrize(
        ("words", "sentence"),
        [
            (("nowhere.txt", "--registry", "us_dnc", "--as-of", "2026-01-01"), "There is no file nowhere.txt"),
            ((__file__, "--registry", "de_dnc", "--as-of", "2026-01-01"), "There is no registry de_dnc"),
            ((__file__, "--registry", "us_dnc", "--as-of", "today"), "--as-of today is no day"),
            ((__file__, "--registry", "us_dnc", "--as-of", "2999-01-01"), "asOf: lies in the future"),
        ],
    )
    def test_that_cannot_be_is_refused_in_one_line(self, up: Up, words: tuple[str, ...], sentence: str) -> None:
        refused = run("registries", "import", *words, "--data-dir", str(up.data_dir), "--tenant", up.demo["tenantId"])

        assert (refused.returncode, len(refused.stderr.splitlines())) == (1, 1)
        assert sentence in refused.stderr
