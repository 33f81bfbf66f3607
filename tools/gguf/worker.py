"""
Judges an imported folder by gguf-py's dequantisation and Hugging Face's reading of the same GGUF file.

worker.py GGUF FOLDER        -> tensors, different, missing, unexpected (one JSON line)
then, for strings on stdin   -> [ids of the folder, ids of the GGUF] per string (one JSON line)
worker.py --find PACKAGE     -> path of the GGUF file in an installed package
"""

import importlib.util
import json
import os
import sys
from pathlib import Path

os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["TRANSFORMERS_VERBOSITY"] = "error"

NAMES = {
    "attn_norm": "input_layernorm",
    "attn_q": "self_attn.q_proj",
    "attn_k": "self_attn.k_proj",
    "attn_v": "self_attn.v_proj",
    "attn_output": "self_attn.o_proj",
    "ffn_norm": "post_attention_layernorm",
    "ffn_gate": "mlp.gate_proj",
    "ffn_up": "mlp.up_proj",
    "ffn_down": "mlp.down_proj",
}
WHOLE = {
    "token_embd.weight": "model.embed_tokens.weight",
    "output_norm.weight": "model.norm.weight",
    "output.weight": "lm_head.weight",
}


def published(name):
    if name in WHOLE:
        return WHOLE[name]
    _, layer, part, kind = name.split(".")
    return f"model.layers.{layer}.{NAMES[part]}.{kind}"


def compare_tensors(path, folder):
    import numpy as np
    from gguf import GGUFReader, dequantize
    from safetensors import safe_open

    config = json.loads((Path(folder) / "config.json").read_text())
    heads = {"attn_q": config["num_attention_heads"], "attn_k": config["num_key_value_heads"]}
    stored = {}
    for file in sorted(Path(folder).glob("*.safetensors")):
        opened = safe_open(file, "np")
        stored |= {name: opened for name in opened.keys()}
    count, different, missing = 0, [], []
    for tensor in GGUFReader(path).tensors:
        if tensor.name == "rope_freqs.weight":
            continue
        values = dequantize(tensor.data, tensor.tensor_type).astype(np.float32)
        part = tensor.name.split(".")[2] if tensor.name.startswith("blk.") else ""
        if config["model_type"] == "llama" and part in heads:
            half = values.shape[0] // heads[part] // 2
            turned = values.reshape(heads[part], half, 2, *values.shape[1:])
            values = turned.swapaxes(1, 2).reshape(values.shape)
        name = published(tensor.name)
        count += 1
        if name not in stored:
            missing.append(name)
            continue
        ours = stored.pop(name).get_tensor(name)
        bits = [np.ascontiguousarray(a).view(np.uint32) for a in (ours, values)]
        if ours.shape != values.shape or not np.array_equal(*bits):
            different.append(name)
    return dict(tensors=count, different=different, missing=missing, unexpected=sorted(stored))


def main():
    if sys.argv[1] == "--find":
        folder = Path(importlib.util.find_spec(sys.argv[2]).origin).parent
        print(json.dumps(str(next(folder.glob("*.gguf")))))
        return
    path, folder = sys.argv[1:3]
    print(json.dumps(compare_tensors(path, folder)), flush=True)
    strings = json.loads(sys.stdin.readline() or "[]")
    if strings:
        from transformers import AutoTokenizer

        ours = AutoTokenizer.from_pretrained(folder)
        theirs = AutoTokenizer.from_pretrained(str(Path(path).parent), gguf_file=Path(path).name)
        ids = [[read(text, add_special_tokens=False).input_ids for read in (ours, theirs)] for text in strings]
        print(json.dumps(ids), flush=True)


main()
