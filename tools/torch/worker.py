"""
Takes training steps on request: JSON lines on standard input, one JSON line each back on standard output.

open  name, kind, sizes, weights (file), frozen (names), optimiser, attention, update
load  batch, groups (files)
step  name, batch, rate -> ms, cpuMs (of all threads), loss, norm
apart name, weights (file of those that another side has learned) -> apart: the largest difference
"""

import json
import sys
import time
from functools import partial

import torch

from block_network import block_loss
from networks import ATTENTION, LOSSES, Sizes

DTYPES = {"float32": torch.float32, "int32": torch.int32, "int64": torch.int64}


def read_tensors(path):
    """A line of JSON [name, dtype, shape], then the numbers one after the other."""
    with open(path, "rb") as file:
        described = json.loads(file.readline())
        data = bytearray(file.read())
    tensors, at = {}, 0
    for name, dtype, shape in described:
        count = torch.Size(shape).numel()
        flat = torch.frombuffer(data, dtype=DTYPES[dtype], count=count, offset=at)
        tensors[name] = flat.clone().view(shape)
        at += flat.nbytes
    return tensors


def read_group(path):
    """Feeds of one group; sizes become numbers, and what indexes or labels becomes int64, once."""
    group = read_tensors(path)
    group["grid"] = tuple(group["grid"].tolist())
    for name in ("ids", "heads", "heads_1", "labels", "order", "roots", "judged", "before"):
        if name in group:
            group[name] = group[name].long()
    return group


class Learner:
    def __init__(self, kind, sizes, weights, frozen, optimiser, attention, update):
        self.weights = read_tensors(weights)
        learned = [w.requires_grad_() for name, w in self.weights.items() if name not in frozen]
        self.learned = learned
        self.clip = optimiser["clip"]
        self.adam = torch.optim.AdamW(
            learned,
            betas=optimiser["betas"],
            eps=optimiser["eps"],
            weight_decay=optimiser["weightDecay"],
            **{update: True},
        )
        self.loss = partial(
            (LOSSES | {"block": block_loss})[kind], self.weights, sizes=Sizes(sizes), attend=ATTENTION[attention]
        )

    def step(self, groups, rate):
        self.adam.param_groups[0]["lr"] = rate
        self.adam.zero_grad(set_to_none=True)
        total = 0.0
        for group in groups:
            loss = self.loss(group)
            loss.backward()
            total += loss.item()
        norm = torch.nn.utils.clip_grad_norm_(self.learned, self.clip)
        self.adam.step()
        return total, norm.item()


def main():
    torch.set_num_threads(int(sys.argv[1]))
    learners, batches = {}, {}

    def open_learner(name, **settings):
        learners[name] = Learner(**settings)
        return {}

    def load(batch, groups):
        batches[batch] = [read_group(path) for path in groups]
        return {}

    def step(name, batch, rate):
        start, used = time.perf_counter(), time.process_time()
        loss, norm = learners[name].step(batches[batch], rate)
        ms, cpu_ms = 1000 * (time.perf_counter() - start), 1000 * (time.process_time() - used)
        return {"ms": ms, "cpuMs": cpu_ms, "loss": loss, "norm": norm}

    def apart(name, weights):
        own = learners[name].weights
        theirs = read_tensors(weights).items()
        return {"apart": max((own[key] - w).abs().max().item() for key, w in theirs)}

    requests = {"open": open_learner, "load": load, "step": step, "apart": apart}
    print(json.dumps({"torch": torch.__version__, "threads": torch.get_num_threads()}), flush=True)
    for line in sys.stdin:
        request = json.loads(line)
        print(json.dumps(requests[request.pop("do")](**request)), flush=True)


main()
