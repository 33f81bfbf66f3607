"""
Loads the small checkpoints of fixtures/families with the transformers that is installed (5.0 and later) and saves them
again, as a fine-tuning script ends. What it writes beside the weights goes to fixtures/transformers-5/VERSION/FAMILY, and
tensors.json says which tensor of the fixture each saved one is.

python tools/transformers-5/save.py  (torch 2.13.0, transformers 5.0.0, 5.2.0, 5.5.0 or 5.24.0, safetensors, pillow)

Of decoders alone the tokenizer and the chat template are kept too, and ids.json has the greedy words of what was saved,
as this transformers loads and asks it.
"""

import json
import shutil
import tempfile
from pathlib import Path

import torch
import transformers
from safetensors.torch import load_file

ROOT = Path(__file__).parents[2]
FAMILIES = ["llava-gqa", "llava-next", "qwen2-vl", "qwen2.5-vl", "smolvlm"]
TEXTS = ["biased", "qwen2", "llama3", "yarn", "mscales", "linear"]
WRITTEN = ["config.json", "generation_config.json", "processor_config.json", "preprocessor_config.json"]
WRITTEN += ["tokenizer_config.json"]
WORDS = ["tokenizer.json", "chat_template.jinja"]
torch.set_num_threads(1)


def tensors(folder):
    found = {}
    for path in sorted(folder.glob("*.safetensors")):
        if path.name.startswith("model"):
            found.update(load_file(path))
    return found


def content(value):
    return (value.shape, value.contiguous().view(torch.uint8).numpy().tobytes())


def save_processor(folder, out):
    """Qwen's processors need torchvision, and their halves do not."""
    try:
        transformers.AutoProcessor.from_pretrained(folder).save_pretrained(out)
    except (ImportError, TypeError, ValueError):
        transformers.AutoTokenizer.from_pretrained(folder).save_pretrained(out)
        try:
            transformers.AutoImageProcessor.from_pretrained(folder).save_pretrained(out)
        except (ImportError, ValueError) as problem:
            print(folder.name, "without its image processor:", str(problem).split("\n")[0])


def keep(source, out, name, files=WRITTEN):
    """What was written, and the names that the fixture's tensors have now."""
    kept = ROOT / "fixtures" / "transformers-5" / transformers.__version__ / name
    kept.mkdir(parents=True, exist_ok=True)
    for written in files:
        if (out / written).exists():
            shutil.copy(out / written, kept)
    before = {content(value): key for key, value in tensors(source).items()}
    names = {key: before[content(value)] for key, value in tensors(out).items()}
    (kept / "tensors.json").write_text(json.dumps(names, indent=1, sort_keys=True) + "\n")
    return kept


def greedy(model, ids, count=24):
    ids = list(ids)
    start = len(ids)
    while len(ids) < start + count and ids[-1] != model.config.eos_token_id:
        with torch.no_grad():
            ids.append(int(model(torch.tensor([ids]), use_cache=False).logits[0, -1].argmax()))
    return ids[start:]


def answers(folder, cases):
    """By case: ids of the prompt and of the answer, in float32 as the fixture's own."""
    words = transformers.AutoTokenizer.from_pretrained(folder)
    model = transformers.AutoModelForCausalLM.from_pretrained(folder, attn_implementation="eager").float().eval()
    found = {}
    for case in cases:
        turns = [{**turn, "content": "".join(part["text"] for part in turn["content"])} for turn in case["messages"]]
        prompt = words.apply_chat_template(turns, tokenize=False, add_generation_prompt=True)
        ids = words(prompt, add_special_tokens=False).input_ids
        found[case["name"]] = {"prompt": ids, "answer": greedy(model, ids)}
    return found


for family in FAMILIES:
    source = ROOT / "fixtures" / "families" / family
    with tempfile.TemporaryDirectory() as name:
        out = Path(name)
        transformers.AutoModelForImageTextToText.from_pretrained(source, dtype="auto").save_pretrained(out)
        save_processor(source, out)
        keep(source, out, family)
for text in TEXTS:
    source = ROOT / "fixtures" / "families" / "text" / text
    with tempfile.TemporaryDirectory() as name:
        out = Path(name)
        transformers.AutoModelForCausalLM.from_pretrained(source, dtype="auto").save_pretrained(out)
        transformers.AutoTokenizer.from_pretrained(source).save_pretrained(out)
        kept = keep(source, out, f"text/{text}", WRITTEN + WORDS)
        found = answers(out, json.loads((source / "cases.json").read_text())["cases"])
        (kept / "ids.json").write_text(json.dumps(found) + "\n")
print(transformers.__version__)
