"""
Loads the small checkpoints of fixtures/families with the transformers that is installed (5.0 and later) and saves them
again, as a fine-tuning script ends. What it writes beside the weights goes to fixtures/transformers-5/VERSION/FAMILY, and
tensors.json says which tensor of the fixture each saved one is.

python tools/transformers-5/save.py  (torch 2.13.0, transformers 5.0.0, 5.2.0, 5.5.0 or 5.24.0, safetensors, pillow)
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
WRITTEN = ["config.json", "generation_config.json", "processor_config.json", "preprocessor_config.json"]
WRITTEN += ["tokenizer_config.json"]
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


for family in FAMILIES:
    source = ROOT / "fixtures" / "families" / family
    kept = ROOT / "fixtures" / "transformers-5" / transformers.__version__ / family
    kept.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        out = Path(name)
        transformers.AutoModelForImageTextToText.from_pretrained(source, dtype="auto").save_pretrained(out)
        save_processor(source, out)
        for written in WRITTEN:
            if (out / written).exists():
                shutil.copy(out / written, kept)
        before = {content(value): key for key, value in tensors(source).items()}
        names = {key: before[content(value)] for key, value in tensors(out).items()}
        (kept / "tensors.json").write_text(json.dumps(names, indent=1, sort_keys=True) + "\n")
print(transformers.__version__)
