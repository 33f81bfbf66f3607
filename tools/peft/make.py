"""
Adapters of small checkpoints as the peft package saves them, and what it merges them to: fixtures/peft.

python tools/peft/make.py  (torch 2.13.0, transformers 5.24.0, peft 0.21.2, safetensors)
"""

import json
import shutil
from pathlib import Path

import torch
import transformers
from peft import LoraConfig, get_peft_model
from safetensors.torch import load_file, save_file

ROOT = Path(__file__).parents[2]
OUT = ROOT / "fixtures/peft"
TEXT = "fixtures/families/text/qwen2"
LLAVA = "fixtures/families/llava-gqa"
torch.set_num_threads(1)

CASES = {
    "patterns": (TEXT, dict(r=4, lora_alpha=6, target_modules=["q_proj", "v_proj", "down_proj"],
                            rank_pattern={"down_proj": 2}, alpha_pattern={"layers.1.self_attn.q_proj": 20})),
    "rslora": (TEXT, dict(r=3, lora_alpha=5, use_rslora=True, target_modules=["embed_tokens", "gate_proj"],
                          modules_to_save=["lm_head"])),
    "biases": (TEXT, dict(r=2, lora_alpha=2, target_modules=["k_proj"], bias="lora_only")),
    "pictures": (LLAVA, dict(r=2, lora_alpha=8,
                             target_modules=r".*(language_model.*layers\.0\.self_attn\.o_proj|vision_tower.*fc1|linear_2)")),
}


def bare(name):
    return ".".join(part for part in name.split(".") if part not in ("model", "language_model", "vision_model"))


for name, (base, settings) in CASES.items():
    torch.manual_seed(7)
    kind = transformers.AutoModelForCausalLM if base == TEXT else transformers.AutoModelForImageTextToText
    model = kind.from_pretrained(ROOT / base, dtype=torch.float32)
    stored = {}
    for path in sorted((ROOT / base).glob("model*.safetensors")):
        stored.update(load_file(path))
    names = {bare(one): one for one in stored}
    before = {key: value.clone() for key, value in model.state_dict().items()}
    adapted = get_peft_model(model, LoraConfig(init_lora_weights=False, **settings))
    for key, value in adapted.named_parameters():  # as if they had been trained
        if value.requires_grad and "lora_" not in key:
            value.data += 0.1 * torch.randn_like(value)
    folder = OUT / name
    shutil.rmtree(folder, ignore_errors=True)
    adapted.save_pretrained(folder)
    (folder / "README.md").unlink(missing_ok=True)
    config = json.loads((folder / "adapter_config.json").read_text())
    config["base_model_name_or_path"] = base
    (folder / "adapter_config.json").write_text(json.dumps(config, indent=2) + "\n")
    merged = adapted.merge_and_unload().state_dict()
    changed = {names[bare(key)]: value.contiguous().clone() for key, value in merged.items()
               if not torch.equal(value, before[key])}
    save_file(changed, folder / "merged.safetensors")
    print(name, sorted(changed))
