"""Fragments: what one network adds to a pack. Several of them, laid together, are a pack.

A fragment is a folder with graphs, perhaps a tokenizer, and `fragment.json`: roles and settings as the manifest of
a pack has them (docs/packs.md), with the licence of the weights and where they come from.
"""

import json
import shutil
from pathlib import Path

import onnx

from ..export.manifest import file_entry, tensor_rules
from ..reference.pack import METHOD_ROLES

FRAGMENT, MANIFEST = "fragment.json", "manifest.json"
LEAKAGE = (
    "The pictures of RefCOCO, RefCOCO+ and RefCOCOg are COCO's training pictures of 2014, those of their validation and "
    "test splits too. Networks trained on COCO (YOLOX; BLIP fine-tuned on COCO retrieval) have seen them: results on these "
    "splits are not results on unseen pictures."
)


class DoNotFit(ValueError):
    """Fragments that cannot be one pack."""


def role_of(folder: Path, name: str, parameters: int, image: dict | None = None, tokens: dict | None = None) -> dict:
    """A role's entry for `<name>.onnx` in the folder; what goes in and out is read from the graph."""
    graph = onnx.load(folder / f"{name}.onnx").graph
    role = {
        "file": f"{name}.onnx",
        "parameters": parameters,
        "inputs": tensor_rules(graph.input),
        "outputs": tensor_rules(graph.output),
    }
    return role | ({"image": image} if image else {}) | ({"tokens": tokens} if tokens else {})


def write_fragment(folder: Path, network: str, licence: str, provenance: str, roles: dict, methods: dict, leakage: str = "") -> None:
    description = {
        "network": network,
        "licence": licence,
        "provenance": provenance,
        "leakage": leakage,
        "roles": roles,
        "methods": methods,
    }
    (folder / FRAGMENT).write_text(json.dumps(description, indent=1) + "\n")


def read_fragment(folder: Path) -> dict:
    """A fragment, or a whole pack as one, with what was tuned and measured of it."""
    if (folder / FRAGMENT).exists():
        return json.loads((folder / FRAGMENT).read_text())
    if (folder / MANIFEST).exists():
        manifest = json.loads((folder / MANIFEST).read_text())
        return manifest | {"network": manifest["name"]}
    raise DoNotFit(f"{folder} holds neither {FRAGMENT} nor {MANIFEST}.")


def assemble(fragments: list[Path], folder: Path, pack_id: str, name: str, version: str = "1.0.0") -> dict:
    """Copies the fragments' files to `folder`, writes the pack's manifest there and returns it."""
    parts = [read_fragment(fragment) for fragment in fragments]
    roles, methods, sources = {}, {}, {}
    for fragment, part in zip(fragments, parts):
        twice = sorted(set(roles) & set(part["roles"]))
        if twice:
            raise DoNotFit(f"Two fragments have the role {', '.join(twice)}: {fragment} and one before it.")
        for file in _files(part["roles"]):
            # The same file may come twice, but not two files under one name.
            if file in sources and file_entry(sources[file]) != file_entry(fragment / file):
                raise DoNotFit(f"{file} of {fragment} is another one than that of {sources[file].parent}.")
            sources[file] = fragment / file
        roles |= part["roles"]
        for method, settings in part["methods"].items():
            methods[method] = methods.get(method, {}) | settings
    usable = {method: methods[method] for method, needed in METHOD_ROLES.items() if set(needed) <= set(roles)}
    folder.mkdir(parents=True, exist_ok=True)
    for file, source in sources.items():
        shutil.copyfile(source, folder / file)
    manifest = {
        "schema": 1,
        "id": pack_id,
        "name": name,
        "version": version,
        "description": f"Full-size networks: {', '.join(part['network'] for part in parts)}.",
        "licence": " AND ".join(dict.fromkeys(part["licence"] for part in parts)),
        "provenance": "; ".join(f"{part['network']}: {part['provenance']}" for part in parts),
        "demo": False,
        "leakage": " ".join(dict.fromkeys(part["leakage"] for part in parts if part["leakage"])),
        "files": {file: file_entry(folder / file) for file in sorted(sources)},
        "roles": roles,
        "methods": usable,
        "tuning": {name: value for part in parts for name, value in part.get("tuning", {}).items()},
        "measured": [row for part in parts for row in part.get("measured", [])],
    }
    (folder / MANIFEST).write_text(json.dumps(manifest, indent=1) + "\n")
    return manifest


def _files(roles: dict) -> list[str]:
    """Graphs and tokenizers."""
    return sorted({file for role in roles.values() for file in (role["file"], role.get("tokens", {}).get("file", role["file"]))})
