"""The log stays small while the server keeps it open."""

from pathlib import Path

from leadsail.foundation.embedded_postgres.log_file import LogFile, last_lines


class TestSize:
    def test_a_long_log_is_set_aside_and_goes_on_empty(self, tmp_path: Path) -> None:
        log = LogFile(tmp_path / "logs" / "postgres.log", limit=10)
        with log.open() as writer:
            writer.write(b"something long\n")
            writer.flush()

            log.shorten()
            writer.write(b"new\n")

        assert log.path.read_text() == "new\n"
        assert log.path.with_name("postgres.log.1").read_text() == "something long\n"

    def test_a_short_log_is_left_alone(self, tmp_path: Path) -> None:
        log = LogFile(tmp_path / "logs" / "postgres.log", limit=10)
        log.note("short")

        log.shorten()

        assert log.path.read_text() == "short\n"

    def test_nobody_else_may_read_it(self, tmp_path: Path) -> None:
        log = LogFile(tmp_path / "logs" / "postgres.log")

        log.note("anything")

        assert log.path.stat().st_mode & 0o077 == 0


class TestLastLines:
    def test_lines_of_an_earlier_start_are_left_out(self, tmp_path: Path) -> None:
        log = LogFile(tmp_path / "logs" / "postgres.log")
        log.note("old")

        log.note("new")

        assert log.last_lines() == "new"

    def test_only_the_newest_are_shown(self) -> None:
        assert last_lines("1\n2\n3", count=2) == "2\n3"
