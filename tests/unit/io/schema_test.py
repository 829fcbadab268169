"""The decoder and the JSON Schema judge the same project files alike."""
import json
import pathlib
import re
import subprocess
import sys

import jsonschema
import yaml

TOOL = sys.argv[1]
HERE = pathlib.Path(__file__).parent
ROOT = HERE.parents[2]


class EditorLoader(yaml.SafeLoader):
    """Scalars as editors type them (YAML 1.2): only true and false are booleans, dates are text."""


EditorLoader.yaml_implicit_resolvers = {
    first: [(tag, regexp) for tag, regexp in resolvers if tag.rsplit(":", 1)[1] not in ("bool", "timestamp")]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
EditorLoader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("^(true|false)$"), list("tf"))


def run(*arguments):
    return subprocess.run([TOOL, *map(str, arguments)], check=True, capture_output=True, encoding="utf-8").stdout


def main():
    schema = json.loads(run("schema"))
    jsonschema.Draft7Validator.check_schema(schema)
    validator = jsonschema.Draft7Validator(schema)
    failures = []

    good = sorted((HERE / "project" / "good").glob("*.yaml")) + sorted(ROOT.glob("data/*/*.yaml"))
    good = [path for path in good if path.parent.name not in ("packs", "profiles", "reuse", "styles")]
    bad = sorted((HERE / "project" / "bad").glob("*.yaml"))
    assert len(good) >= 3 and len(bad) >= 25, (len(good), len(bad))

    for path, verdict in zip(good, run(*good).splitlines(), strict=True):
        if verdict != "ok":
            failures.append(f"the decoder refuses {path.name}: {verdict}")
        for error in validator.iter_errors(yaml.load(path.read_text("utf-8"), EditorLoader)):
            failures.append(f"the schema refuses {path.name}: {error.json_path}: {error.message}")

    for path, verdict in zip(bad, run(*bad).splitlines(), strict=True):
        if not verdict.startswith("bad "):
            failures.append(f"the decoder takes {path.name}")
        head = path.read_bytes().split(b"\n", 1)[0].decode("utf-8")
        if " both: " in head and validator.is_valid(yaml.load(path.read_text("utf-8"), EditorLoader)):
            failures.append(f"the schema takes {path.name}")

    of_profiles = json.loads(run("profile-schema"))
    jsonschema.Draft7Validator.check_schema(of_profiles)
    profiles = sorted(ROOT.glob("data/profiles/*.yaml"))
    assert len(profiles) == 5, profiles
    for path in profiles:
        for error in jsonschema.Draft7Validator(of_profiles).iter_errors(yaml.load(path.read_text("utf-8"), EditorLoader)):
            failures.append(f"the schema refuses {path.name}: {error.json_path}: {error.message}")

    for lang in ("zh", "en"):
        page = run("reference", lang)
        missing = {key for key in schema["properties"] if f"| `{key}` |" not in page}
        if missing:
            failures.append(f"the reference page ({lang}) lacks {sorted(missing)}")

    print("\n".join(failures) or f"{len(good)} good and {len(bad)} bad files")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
