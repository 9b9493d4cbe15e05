"""`leadsail doctor`: what is wrong, in words, and what helps."""

from pathlib import Path

from tests.entrypoints.commands.running import Up, run


class TestAWellPlatform:
    def test_is_called_well(self, up: Up) -> None:
        port = up.base_url.rpartition(":")[2]

        told = run("doctor", "--data-dir", str(up.data_dir), "--port", port)

        assert told.returncode == 0
        assert f"LeadSail is up and ready at 127.0.0.1:{port}" in told.stdout
        assert "fits the database" in told.stdout
        assert told.stdout.endswith("all is well\n")

    def test_that_is_down_is_well_too(self, demo_folder: Path) -> None:
        told = run("doctor", "--data-dir", str(demo_folder), "--port", "1")

        assert "leadsail up starts it" in told.stdout


class TestAPlatformInTrouble:
    def test_is_told_each_fault_with_its_remedy(self, up: Up, data_dir: Path) -> None:
        (data_dir / "master.key").chmod(0o644)
        taken = up.base_url.rpartition(":")[2]

        told = run("doctor", "--data-dir", str(data_dir), "--port", taken, "--public-url", "http://localhost:1")

        assert told.returncode == 1
        assert f"chmod 600 {data_dir / 'master.key'}" in told.stdout
        assert "API keys travel in the clear" in told.stdout
        assert "http://localhost:1 does not answer" in told.stdout

    def test_hears_that_its_database_is_away(self, folder: Path) -> None:
        told = run("doctor", "--data-dir", str(folder), "--database-url", "postgresql://x@127.0.0.1:1/x")

        assert told.returncode == 1
        assert "mend the address in --database-url" in told.stdout
