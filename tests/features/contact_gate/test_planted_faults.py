"""The sampled check of lawful hours is worth something: faults planted into a copy of the product do not pass it.

Here each fault is shown to be plantable and two are tried; `python -m chaos faults` tries them all.
"""

import pytest

from chaos.planted_faults import PACKAGE, Fault, faults, probe

FAULTS = faults()

TRIED = [fault for fault in FAULTS if fault.name in {"the zip is ignored", "the margin before closing is dropped"}]


def _name(fault: Fault) -> str:
    return fault.name


class TestPlantedFaults:
    @pytest.mark.parametrize("fault", FAULTS, ids=_name)
    def test_fault_still_fits_the_product(self, fault: Fault) -> None:
        path = PACKAGE / fault.file

        planted = fault.planted_in(path.read_text(encoding="utf-8"))

        assert planted != path.read_text(encoding="utf-8")
        if path.suffix == ".py":
            compile(planted, path.name, "exec")

    @pytest.mark.parametrize("fault", TRIED, ids=_name)
    def test_planted_fault_is_caught_and_named(self, fault: Fault) -> None:
        catch = probe(fault)

        assert "area code" in catch.finding, catch.trouble

    def test_at_least_twenty_faults_differ(self) -> None:
        assert len({(fault.file, fault.old, fault.append) for fault in FAULTS}) == len(FAULTS) >= 20
