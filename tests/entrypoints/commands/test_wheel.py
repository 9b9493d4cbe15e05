"""The package as users get it: the built wheel and the locked packages in an empty environment."""

import subprocess
import sys
from pathlib import Path

import httpx2

from tests.entrypoints.commands.running import Operator

_ROOT = Path(__file__).parents[3]


def _do(*command: str | Path) -> None:
    done = subprocess.run(command, cwd="/", capture_output=True, text=True, check=False)  # noqa: S603 - pip and venv
    assert done.returncode == 0, done.stderr


class TestTheWheel:
    def test_starts_with_a_demo_in_an_empty_environment(self, tmp_path: Path, folder: Path) -> None:
        python = tmp_path / "venv" / "bin" / "python"
        _do(sys.executable, "-m", "venv", tmp_path / "venv")
        pip = (python, "-m", "pip", "--disable-pip-version-check", "--quiet")
        _do(sys.executable, "-m", "pip", "wheel", "--no-deps", "--no-build-isolation", "-w", tmp_path, _ROOT)
        _do(*pip, "install", "--no-compile", "--require-hashes", "-r", _ROOT / "requirements" / "runtime.txt")
        _do(*pip, "install", "--no-deps", next(tmp_path.glob("leadsail-*.whl")))
        operator = Operator(str(python))

        try:
            up = operator.up(folder / "data", "--demo")
            pages = [httpx2.get(f"{up.base_url}{path}").status_code for path in ("/readyz", "/docs", "/")]
            with up.client() as client:
                talk = client.get(f"/interactions/{up.demo['interactionIds'][0]}")
        finally:
            operator.leave()

        assert pages == [200, 200, 200]
        assert talk.json()["data"]["transcript"]
