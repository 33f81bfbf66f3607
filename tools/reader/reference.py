"""Reads pictures by the pipeline that the reader's networks were published with: a path a line in, a JSON object a line out."""

import json
import sys
import time

from tinyocr import TinyOCR

reader = TinyOCR()
for line in sys.stdin:
    path = line.rstrip("\n")
    start = time.perf_counter()
    result = reader(path, words=False)
    took = time.perf_counter() - start
    pieces = [piece["text"] for piece in result.lines]
    print(json.dumps({"text": result.text, "pieces": pieces, "ms": 1000 * took}), flush=True)
