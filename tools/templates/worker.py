"""
Renders templates as Hugging Face's apply_chat_template does, at a fixed time: JSON lines on standard input, one JSON
line each back on standard output; the first line, the versions, comes unasked.

template, variables -> text, or error (what was raised, in one line)
"""

import json
import sys
import warnings
from datetime import datetime

import jinja2
import transformers
from transformers.utils import chat_template_utils

NOW = datetime(2026, 2, 3, 4, 5, 6)


class Clock(datetime):
    @classmethod
    def now(cls, tz=None):
        return NOW


def render(template, variables):
    try:
        return {"text": chat_template_utils._compile_jinja_template(template).render(**variables)}
    except Exception as error:
        return {"error": f"{type(error).__name__}: {error}".splitlines()[0]}


def main():
    warnings.simplefilter("ignore")  # of escapes that Python doesn't know
    chat_template_utils.datetime = Clock
    versions = f"transformers {transformers.__version__}, jinja2 {jinja2.__version__}, Python {sys.version.split()[0]}"
    say({"versions": versions})
    for line in sys.stdin:
        request = json.loads(line)
        say(render(request["template"], request["variables"]))


def say(answer):
    print(json.dumps(answer), flush=True)


main()
