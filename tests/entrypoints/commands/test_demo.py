"""`leadsail demo reset`, on a platform that is down."""

from pathlib import Path

from tests.entrypoints.commands.running import Operator, demo_of, run


class TestResetting:
    def test_tells_the_story_anew_and_keeps_the_keys(self, operator: Operator, data_dir: Path) -> None:
        before = demo_of(data_dir)

        done = run("demo", "reset", "--data-dir", str(data_dir))

        after = demo_of(data_dir)
        assert done.returncode == 0
        assert {name for name in after if after[name] != before[name]} == {"leadIds", "interactionIds"}
        assert (len(after["leadIds"]), len(after["interactionIds"])) == (25, 40)
        with operator.up(data_dir, "--demo").client() as client:
            assert client.get(f"/leads/{before['leadIds'][0]}").status_code == 404
            assert client.get(f"/leads/{after['leadIds'][0]}").status_code == 200

    def test_without_a_demo_says_how_to_make_one(self, folder: Path) -> None:
        refused = run("demo", "reset", "--data-dir", str(folder))

        assert refused.returncode == 1
        assert "make one with: leadsail up --demo" in refused.stderr
