"""
The process that Hugging Face's transformers runs in, with sdpa and not compiled: it tries float32 and bfloat16 on the
opening's prompt, keeps the faster, and answers greedily. Lines of JSON, as rival-process.ts has it.
"""

import gc
import json
import os
import resource
import sys
import time

os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["TRANSFORMERS_VERBOSITY"] = "error"

import torch
import transformers
from transformers import (
    AutoConfig,
    AutoModelForCausalLM,
    AutoModelForImageTextToText,
    GenerationConfig,
)

DECODERS = ("llama", "qwen2")
DTYPES = {"float32": torch.float32, "bfloat16": torch.bfloat16}
TRIAL_TOKENS, TRIAL_TURNS = 24, 3


def load(folder, dtype):
    words_only = AutoConfig.from_pretrained(folder).model_type in DECODERS
    kind = AutoModelForCausalLM if words_only else AutoModelForImageTextToText
    return kind.from_pretrained(folder, dtype=dtype, attn_implementation="sdpa").eval()


class Clock:
    """Told of every token as it comes, the prompt first."""

    def __init__(self):
        self.start, self.times, self.prompt = time.perf_counter(), [], True

    def put(self, _):
        if self.prompt:
            self.prompt = False
        else:
            self.times.append(1000 * (time.perf_counter() - self.start))

    def end(self):
        pass


def resident_bytes():
    try:
        with open("/proc/self/statm") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def answer(model, prompt, max_tokens, end):
    ids = torch.tensor([prompt])
    config = GenerationConfig(
        do_sample=False, max_new_tokens=max_tokens, eos_token_id=end or None, pad_token_id=(end or [0])[0]
    )
    clock = Clock()
    written = model.generate(
        input_ids=ids, attention_mask=torch.ones_like(ids), generation_config=config, streamer=clock
    )
    return {
        "ids": written[0, len(prompt) :].tolist(),
        "times": clock.times,
        "residentBytes": resident_bytes(),
    }


def trial(model, opening):
    answers = [answer(model, opening["prompt"], TRIAL_TOKENS, opening["end"])["times"] for _ in range(TRIAL_TURNS)]
    return {
        "whole": min(times[-1] / len(times) for times in answers),
        "firstTokenMs": min(times[0] for times in answers),
        "tokenMs": min((times[-1] - times[0]) / max(1, len(times) - 1) for times in answers),
    }


def main():
    opening = json.loads(sys.stdin.readline())
    torch.set_num_threads(opening["threads"])
    trials = {}
    for name, dtype in DTYPES.items():
        model = load(opening["folder"], dtype)
        trials[name] = trial(model, opening)
        del model
        gc.collect()
    best = min(trials, key=lambda name: trials[name]["whole"])
    model = load(opening["folder"], DTYPES[best])
    answer(model, opening["prompt"], TRIAL_TOKENS, opening["end"])
    versions = f"transformers {transformers.__version__}, torch {torch.__version__}"
    threads = f"{opening['threads']} thread{'' if opening['threads'] == 1 else 's'}"
    say(
        ways=[{"name": "Hugging Face", "runs": f"{versions}, {best}, sdpa, not compiled, {threads}"}],
        tried=[
            {"setting": name, "firstTokenMs": one["firstTokenMs"], "tokenMs": one["tokenMs"]}
            for name, one in trials.items()
        ],
    )
    for line in sys.stdin:
        request = json.loads(line)
        say(**answer(model, request["prompt"], request["maxTokens"], opening["end"]))


def say(**fields):
    print(json.dumps(fields), flush=True)


with torch.inference_mode():
    main()
