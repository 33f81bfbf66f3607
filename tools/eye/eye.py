"""EfficientNet-Lite0: reads the published weights, folds its batch norms, and says what PyTorch makes of pictures.

fold PTH OUT        folded weights as float16, by the names that the family has
run WEIGHTS PIXELS OUT [PTH]
                    PIXELS holds `NAME`, uint8 [n, n, 3] or what the eye is fed, float32 [3, n, n]; OUT gets `NAME.mid`, `.last`, `.logits` from the folded weights, and
                    with PTH `NAME.published.*` from the published ones in float32
"""

import sys

import torch
import torch.nn.functional as F
from safetensors.torch import load_file, save_file

# repeats, kernel, stride, expansion, channels
STAGES = [(1, 3, 1, 1, 16), (2, 3, 2, 6, 24), (2, 5, 2, 6, 40), (3, 3, 2, 6, 80), (3, 5, 1, 6, 112), (4, 5, 2, 6, 192),
          (1, 3, 1, 6, 320)]
MIDDLE = 5
EPS = 1e-3


def fold(weights, conv, norm):
    gain = weights[f"{norm}.weight"] / torch.sqrt(weights[f"{norm}.running_var"] + EPS)
    weight = weights[f"{conv}.weight"] * gain[:, None, None, None]
    return weight, weights[f"{norm}.bias"] - weights[f"{norm}.running_mean"] * gain


def folded(weights):
    """float32, by the family's names."""
    out = {}

    def put(name, conv, norm):
        out[f"eye.{name}.weight"], out[f"eye.{name}.bias"] = fold(weights, conv, norm)

    put("stem", "_conv_stem", "_bn0")
    block = 0
    for repeats, _, _, expansion, _ in STAGES:
        for _ in range(repeats):
            at = f"_blocks.{block}"
            if expansion > 1:
                put(f"blocks.{block}.expand", f"{at}._expand_conv", f"{at}._bn0")
            put(f"blocks.{block}.depthwise", f"{at}._depthwise_conv", f"{at}._bn1")
            put(f"blocks.{block}.project", f"{at}._project_conv", f"{at}._bn2")
            block += 1
    put("head", "_conv_head", "_bn1")
    out["eye.classifier.weight"], out["eye.classifier.bias"] = weights["_fc.weight"], weights["_fc.bias"]
    return {name: value.contiguous() for name, value in out.items()}


def same(x, kernel, stride):
    """TensorFlow's padding: the odd pixel goes right and below."""
    size = x.shape[-1]
    total = max((-(-size // stride) - 1) * stride + kernel - size, 0)
    return F.pad(x, (total // 2, total - total // 2, total // 2, total - total // 2))


def run(w, pixels, stages=STAGES, middle=MIDDLE):
    """pixels float32 [n, 3, s, s] -> the middle stage, the last, and logits."""
    conv = lambda x, name, kernel, stride=1, groups=1: F.conv2d(
        same(x, kernel, stride), w[f"eye.{name}.weight"], w[f"eye.{name}.bias"], stride, 0, 1, groups)
    x = F.relu6(conv(pixels, "stem", 3, 2))
    block = 0
    for index, (repeats, kernel, stride, expansion, channels) in enumerate(stages):
        for repeat in range(repeats):
            at, into = f"blocks.{block}", x
            step = stride if repeat == 0 else 1
            if expansion > 1:
                x = F.relu6(conv(x, f"{at}.expand", 1))
            x = F.relu6(conv(x, f"{at}.depthwise", kernel, step, x.shape[1]))
            x = conv(x, f"{at}.project", 1)
            if step == 1 and into.shape[1] == channels:
                x = x + into
            block += 1
        if index + 1 == middle:
            mid = x
    head = F.relu6(conv(x, "head", 1))
    logits = F.linear(head.mean((2, 3)), w["eye.classifier.weight"], w["eye.classifier.bias"])
    return mid, x, logits, head


def record(weights, files, prefix, out):
    with torch.no_grad():
        for name, value in files.items():
            fed = value if value.dtype == torch.float32 else ((value.float() - 127) / 128).permute(2, 0, 1)
            mid, last, logits, _ = run(weights, fed[None])
            for part, got in (("mid", mid), ("last", last), ("logits", logits)):
                out[f"{name}.{prefix}{part}"] = got[0].contiguous()


if __name__ == "__main__":
    if sys.argv[1] == "fold":
        made = {name: value.half() for name, value in folded(torch.load(sys.argv[2], weights_only=True)).items()}
        save_file(made, sys.argv[3], metadata={"format": "pt"})
    else:
        stored = {name: value.float() for name, value in load_file(sys.argv[2]).items()}
        pictures, numbers = load_file(sys.argv[3]), {}
        record(stored, pictures, "", numbers)
        if len(sys.argv) > 5:
            record(folded(torch.load(sys.argv[5], weights_only=True)), pictures, "published.", numbers)
        save_file(numbers, sys.argv[4])
