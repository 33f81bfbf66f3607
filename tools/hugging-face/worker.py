"""
Answers prompts with Hugging Face's own code, in fp32 with eager attention and the slow picture processor.
JSON lines on standard input, one JSON line each back on standard output; the first line comes unasked.

worker.py FOLDER MAX_TOKENS -> versions, tensors, unused, missing, unexpected, mismatched, end
messages                    -> promptTokens, ids
messages, ids               -> shortfalls: per id, how far its logit is below the highest where it stands
"""

import json
import os
import re
import sys
from pathlib import Path

os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["TRANSFORMERS_VERBOSITY"] = "error"  # what loading finds is told in the first line

import torch
import transformers
from safetensors import safe_open
from transformers import (
    AutoConfig,
    AutoImageProcessor,
    AutoModelForCausalLM,
    AutoModelForImageTextToText,
    AutoProcessor,
    AutoTokenizer,
)

DECODERS = ("llama", "qwen2")


def load(folder):
    words_only = AutoConfig.from_pretrained(folder).model_type in DECODERS
    kind = AutoModelForCausalLM if words_only else AutoModelForImageTextToText
    model, info = kind.from_pretrained(
        folder,
        dtype=torch.float32,
        attn_implementation="eager",
        output_loading_info=True,
    )
    if words_only:
        return model.eval(), AutoTokenizer.from_pretrained(folder), info
    processor = AutoProcessor.from_pretrained(folder)
    processor.image_processor = AutoImageProcessor.from_pretrained(folder, use_fast=False)
    return model.eval(), processor, info


def compare_tensors(folder, model):
    """How many tensors the files hold, and the names of those that the model doesn't hold bit by bit."""
    held = model.state_dict()
    renamed = model._checkpoint_conversion_mapping
    count, unused = 0, []
    for path in sorted(Path(folder).glob("*.safetensors")):
        with safe_open(path, "pt") as file:
            for name in file.keys():
                count += 1
                inside = name
                for pattern, replacement in renamed.items():
                    inside, changes = re.subn(pattern, replacement, inside)
                    if changes:
                        break
                stored = file.get_tensor(name).to(torch.float32)
                if inside not in held or not torch.equal(stored, held[inside]):
                    unused.append(name)
    return count, unused


def read_prompt(processor, messages):
    inputs = processor.apply_chat_template(
        messages,
        add_generation_prompt=True,
        tokenize=True,
        return_dict=True,
        return_tensors="pt",
    )
    inputs.pop("token_type_ids", None)  # a tokenizer of no named class makes them, and no decoder reads them
    return inputs


def answer(model, inputs, max_tokens):
    ids = model.generate(**inputs, do_sample=False, num_beams=1, max_new_tokens=max_tokens)
    length = inputs["input_ids"].shape[1]
    return {"promptTokens": length, "ids": ids[0, length:].tolist()}


def judge(model, inputs, ids):
    prompt = inputs.pop("input_ids")
    inputs.pop("attention_mask")
    whole = torch.cat([prompt, torch.tensor([ids])], -1)
    logits = model(input_ids=whole, **inputs).logits[0, prompt.shape[1] - 1 : -1]
    chosen = logits.gather(-1, torch.tensor(ids)[:, None])[:, 0]
    return {"shortfalls": (logits.max(-1).values - chosen).tolist()}


def main():
    folder, max_tokens = sys.argv[1], int(sys.argv[2])
    model, processor, info = load(folder)
    tensors, unused = compare_tensors(folder, model)
    end = model.generation_config.eos_token_id
    say(
        versions=f"transformers {transformers.__version__}, torch {torch.__version__}",
        tensors=tensors,
        unused=unused,
        missing=sorted(info["missing_keys"]),
        unexpected=sorted(info["unexpected_keys"]),
        mismatched=[str(key) for key in info["mismatched_keys"]],
        end=[end] if isinstance(end, int) else end or [],
    )
    for line in sys.stdin:
        request = json.loads(line)
        inputs = read_prompt(processor, request["messages"])
        if "ids" in request:
            say(**judge(model, inputs, request["ids"]))
        else:
            say(**answer(model, inputs, max_tokens))


def say(**fields):
    print(json.dumps(fields), flush=True)


with torch.inference_mode():
    main()
