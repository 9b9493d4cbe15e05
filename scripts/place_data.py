"""Builds the tables of `leadsail.foundation.geography`: which places an area code and a postal code may mean.

Run it where the packages `phonenumbers` and `zipcodes` are installed, with the unpacked npm package as its argument:
`python scripts/place_data.py node_modules/zipcode-to-timezone`. Where sources disagree, every answer is kept: a place
too many makes a call later, a place too few makes it unlawful.
"""

import argparse
import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import phonenumbers
import zipcodes
from phonenumbers.geodata import GEOCODE_DATA
from phonenumbers.tzdata import TIMEZONE_DATA

from leadsail.foundation.geography.regions import Region, region_of, regions
from leadsail.foundation.geography.zones import canonical, same_clock, zones_of_country

FOLDER = Path(__file__).parents[1] / "src/leadsail/foundation/geography"
PACKAGES = "phonenumbers", "zipcodes", "tzdata"

Pair = tuple[str, str]  # country, region
Zones = dict[Pair, set[str]]

# Area codes in service that `phonenumbers` does not know yet, each with the code it was laid over. They stand in the
# list of the Perl package Number::Phone (lib/Number/Phone/Country.pm, as its authors checked it on 2026-03-06).
NEWCOMERS = {
    "357": "559", "436": "440", "457": "318", "471": "662", "483": "334", "621": "713",
    "624": "716", "679": "313", "729": "423", "837": "530", "861": "309", "924": "507",
}  # fmt: skip

# Codes that share one area: what one of them may mean, all of them may mean.
OVERLAYS = [
    ("208", "986"), ("256", "938"), ("270", "364"), ("402", "531"), ("541", "458"), ("812", "930"), ("850", "448"),
    ("236", "250", "257", "672", "778"), ("306", "474", "639"), ("367", "418", "581", "273"), ("709", "879"),
    ("782", "902"), *((old, new) for new, old in NEWCOMERS.items()),
]  # fmt: skip

# Zones that no package tells for these codes: the Canadian ones beyond what a few exchanges show, Hudspeth County in
# Texas (432 meets 915 there), and the Navajo Nation's north (435 serves Arizona's edge from Utah with Denver's time).
ALSO = {
    "250": ["BC America/Creston America/Dawson_Creek America/Edmonton America/Fort_Nelson"],
    "306": ["SK America/Edmonton America/Swift_Current"],
    "418": ["QC America/Blanc-Sablon America/Halifax"],
    "432": ["TX America/Denver"],
    "709": ["NL America/Goose_Bay America/St_Johns"],
    "807": ["ON America/Atikokan America/Toronto America/Winnipeg"],
    "867": [
        "YT America/Dawson America/Whitehorse", "NT America/Edmonton America/Inuvik",
        "NU America/Atikokan America/Cambridge_Bay America/Iqaluit America/Rankin_Inlet America/Resolute",
    ],
    "902": ["NS America/Glace_Bay America/Halifax", "PE America/Halifax"],
}  # fmt: skip

# What other lists of zips say and these two do not: Cartwright in North Dakota (58838) keeps Denver's time.
ZIPS_BESIDES = [("588", "ND", "America/Denver")]

# The first letters of Canadian postal codes: provinces, and zones where they are not all of the province's.
LETTERS = {
    "A": "NL", "B": "NS", "C": "PE", "E": "NB", "G": "QC", "H": "QC America/Toronto", "J": "QC America/Toronto",
    "K": "ON America/Toronto", "L": "ON America/Toronto", "M": "ON America/Toronto", "N": "ON America/Toronto",
    "P": "ON", "R": "MB", "S": "SK", "T": "AB", "V": "BC", "X": "NT NU", "Y": "YT",
}  # fmt: skip


def main() -> None:
    """Write both tables beside the code that reads them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("zipcode_to_timezone", type=Path, help="the unpacked npm package of that name")
    package = parser.parse_args().zipcode_to_timezone
    sources = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    sources += f" (PyPI), zipcode-to-timezone {json.loads((package / 'package.json').read_text())['version']} (npm)"
    listed = f"{sources}, Number::Phone of 2026-03-06 (CPAN)"
    _write("area_codes.csv", "Geographic area codes of the North American Numbering Plan", listed, area_codes())
    prefixes = zip_prefixes(package) | canadian_letters()
    _write("postal_prefixes.csv", "First three digits of US zips, first letter of Canadian codes", sources, prefixes)


def area_codes() -> dict[str, Zones]:
    """Each geographic area code with its places, from every source."""
    result: dict[str, Zones] = {}
    for code in map(str, range(200, 1000)):
        for country, region in _regions_of(code):
            result.setdefault(code, {})[country, region] = _fitting(country, region, _zones_told(code, region))
    for new, old in NEWCOMERS.items():
        result[new] = {pair: set(zones) for pair, zones in result[old].items()}
    for code, lines in ALSO.items():
        for region, *zones in map(str.split, lines):
            result[code][_pair(region)].update(zones)
    for shared in OVERLAYS:
        _merge([result[code] for code in shared])
    return result


def zip_prefixes(npm_package: Path) -> dict[str, Zones]:
    """Each three digits that zip codes begin with, from both sources."""
    told: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for entry in zipcodes.list_all():
        told[entry["zip_code"][:3]][entry["state"]].add(entry["timezone"])
    for prefix, state, zone in ZIPS_BESIDES:
        told[prefix][state].add(zone)
    for prefix, zone in _second_opinion(npm_package):
        for zones in told[prefix].values():
            zones.add(zone)
    # Mail to the armed forces tells no place, so a prefix that may be theirs is left out.
    civil = {prefix: states for prefix, states in told.items() if not states.keys() & {"AA", "AE", "AP"}}
    return {
        prefix: {_pair(state): _fitting(*_pair(state), zones) for state, zones in states.items()}
        for prefix, states in civil.items()
    }


def canadian_letters() -> dict[str, Zones]:
    """Each letter that Canadian postal codes begin with."""
    result: dict[str, Zones] = {}
    for letter, line in LETTERS.items():
        provinces = [word for word in line.split() if "/" not in word]
        zones = {word for word in line.split() if "/" in word}
        result[letter] = {("CA", province): zones or set(_zones_of("CA", province)) for province in provinces}
    return result


def _regions_of(code: str) -> list[Pair]:
    """Country and states of an area code by the metadata and the geocoder of libphonenumber."""
    country = next((one for one in phonenumbers.COUNTRY_CODE_TO_REGION_CODE[1] if _has(one, code)), None)
    if country not in {"US", "CA"}:
        return [(country, "")] if country else []
    names = [texts["en"] for key, texts in GEOCODE_DATA.items() if key.startswith(f"1{code}") and "en" in texts]
    exchanges = Counter(_by_name(name.rpartition(", ")[2]) for name in names)
    whole = GEOCODE_DATA.get(f"1{code}", {}).get("en", "").rpartition(", ")[2]
    # One stray exchange does not put New York into New Jersey; the name of the whole area code does.
    found = {_by_name(part) for part in whole.split("/")} | {region for region, count in exchanges.items() if count > 1}
    return sorted((country, region.code or "") for region in found if region and region.country == country)


def _has(country: str, code: str) -> bool:
    metadata = phonenumbers.PhoneMetadata.metadata_for_region(country)
    patterns = [kind.national_number_pattern for kind in (metadata.fixed_line, metadata.mobile) if kind]
    numbers = [f"{code}{exchange}2345" for exchange in range(200, 1000)]
    return any(re.fullmatch(pattern, number) for pattern in patterns if pattern for number in numbers)


def _by_name(name: str) -> Region | None:
    spelled = {"British Colombia": "British Columbia", "Washington State": "Washington", "Washington D.C.": "DC"}
    name = spelled.get(name, name)
    return next((region for region in regions() if name in {region.name, region.code}), None)


def _zones_told(code: str, region: str) -> set[str]:
    told = {zone for key, zones in TIMEZONE_DATA.items() if key.startswith(f"1{code}") for zone in zones}
    return told | {
        entry["timezone"]
        for entry in zipcodes.list_all()
        if code in entry["area_codes"] and entry["state"] == region and entry["timezone"]
    }


def _fitting(country: str, region: str, told: Iterable[str]) -> set[str]:
    """Of the told zones those that the region has, under the region's own name for them; else all of the region's."""
    own = _zones_of(country, region)
    zones = {name for zone in told if (name := canonical(zone))}
    fitting = zones & set(own)
    for zone in sorted(zones - fitting):
        alike = [mine for mine in own if same_clock(mine, zone)]
        fitting |= set() if fitting & set(alike) else set(alike[:1])
    return fitting or set(own)


def _zones_of(country: str, region: str) -> tuple[str, ...]:
    known = region_of(country, region or None)
    return known.zones if known else zones_of_country(country)


def _pair(state: str) -> Pair:
    found = next(region for region in regions() if (region.code or region.country) == state)
    return found.country, found.code or ""


def _second_opinion(package: Path) -> Iterator[tuple[str, str]]:
    names = dict(re.findall(r'(\d+): "([^"]+)"', (package / "index.js").read_text()))
    for zip_code, number in json.loads((package / "zipcodes.json").read_text()).items():
        yield zip_code.zfill(5)[:3], names[str(number)]


def _merge(areas: list[Zones]) -> None:
    for pair in {pair for area in areas for pair in area}:
        zones = {zone for area in areas for zone in area.get(pair, ())}
        for area in areas:
            area[pair] = set(zones)


def _write(name: str, what: str, sources: str, table: dict[str, Zones]) -> None:
    built = f"# built by scripts/place_data.py on {datetime.now(tz=UTC).date()}."
    lines = [f"# {what}, with every place each may mean.", f"# Sources: {sources};", built, "code,country,region,zones"]
    lines += [
        f"{code},{country},{region},{' '.join(sorted(zones))}"
        for code, places in sorted(table.items())
        for (country, region), zones in sorted(places.items())
    ]
    (FOLDER / name).write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
