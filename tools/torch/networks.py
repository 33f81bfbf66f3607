"""The draft's and the target's training losses in eager PyTorch, over weights by their published names."""

import torch
import torch.nn.functional as F


class Sizes(dict):
    """Sizes of a network by their names, read as attributes."""

    __getattr__ = dict.__getitem__


def draft_loss(w, batch, sizes, attend):
    """Published objective of MSD: SmoothL1 of features plus 0.1 soft cross-entropy of tokens."""
    b, n = batch["grid"]
    words = F.embedding(batch["ids"], w["embed_tokens.weight"])
    fused = F.linear(torch.cat([words, batch["features"]], -1), w["fc.weight"], w["fc.bias"])
    x = (fused * batch["text"] + batch["visual"]).view(b, n, -1)
    x = llama_layer(x, w, "layers.0.", angles(n, sizes), sizes, attend, input_norm=False)
    predicted = x.view(b * n, -1)[batch["heads_1"]]
    expected = batch["expected_1"]
    with torch.no_grad():
        truth = F.linear(expected, w["head"]).softmax(-1)
    logits = F.linear(predicted, w["head"]).log_softmax(-1)
    features = F.smooth_l1_loss(predicted, expected, reduction="sum") / expected.shape[-1]
    tokens = -(truth * logits).sum()
    return (features + 0.1 * tokens) * batch["share_1"]


def target_loss(w, batch, sizes, attend):
    """LLaVA's recipe: mean cross-entropy of the reply tokens. The last norm and the head see only judged rows."""
    b, n = batch["grid"]
    decoder = Sizes(sizes.decoder)
    x = F.embedding(batch["ids"], w["language_model.model.embed_tokens.weight"])
    if "pixels" in batch:
        x = torch.cat([x, visual_embeddings(w, batch["pixels"], sizes, attend)])[batch["order"]]
    x = x.view(b, n, -1)
    turned = angles(n, decoder)
    for layer in range(decoder.layers):
        x = llama_layer(x, w, f"language_model.model.layers.{layer}.", turned, decoder, attend)
    judged = x.view(b * n, -1)[batch["heads"]]
    judged = rms_norm(judged, w["language_model.model.norm.weight"], decoder)
    logits = F.linear(judged, w["language_model.lm_head.weight"])
    return F.cross_entropy(logits, batch["labels"], reduction="sum") * batch["share"]


LOSSES = {"draft": draft_loss, "target": target_loss}


def llama_layer(x, w, at, turned, sizes, attend, input_norm=True):
    read = rms_norm(x, w[at + "input_layernorm.weight"], sizes) if input_norm else x
    q, k, v = (
        F.linear(read, w[f"{at}self_attn.{part}_proj.weight"])
        .view(*x.shape[:2], heads, sizes.headDim)
        .transpose(1, 2)
        for part, heads in (("q", sizes.heads), ("k", sizes.kvHeads), ("v", sizes.kvHeads))
    )
    mixed = attend(rotary(q, *turned), rotary(k, *turned), v, causal=True)
    x = x + F.linear(mixed.transpose(1, 2).flatten(2), w[at + "self_attn.o_proj.weight"])
    read = rms_norm(x, w[at + "post_attention_layernorm.weight"], sizes)
    gate = F.silu(F.linear(read, w[at + "mlp.gate_proj.weight"]))
    up = F.linear(read, w[at + "mlp.up_proj.weight"])
    return x + F.linear(gate * up, w[at + "mlp.down_proj.weight"])


def visual_embeddings(w, pixels, sizes, attend):
    """CLIP's tower up to the layer that LLaVA reads, and the projector: [p, 3, S, S] -> [p * tokens, H]"""
    vision, at = Sizes(sizes.vision), "vision_tower.vision_model."
    patches = F.conv2d(pixels, w[at + "embeddings.patch_embedding.weight"], stride=vision.patchSize)
    patches = patches.flatten(2).transpose(1, 2)
    first = w[at + "embeddings.class_embedding"].expand(len(pixels), 1, -1)
    x = torch.cat([first, patches], 1) + w[at + "embeddings.position_embedding.weight"]
    x = layer_norm(x, w, at + "pre_layrnorm", vision)
    for layer in range(vision.layers + 1 + sizes.projector["featureLayer"]):
        x = clip_layer(x, w, f"{at}encoder.layers.{layer}.", vision, attend)
    at = "multi_modal_projector."
    hidden = F.gelu(affine(x[:, 1:].flatten(0, 1), w, at + "linear_1"))
    return affine(hidden, w, at + "linear_2")


def clip_layer(x, w, at, vision, attend):
    read = layer_norm(x, w, at + "layer_norm1", vision)
    q, k, v = (
        affine(read, w, f"{at}self_attn.{part}_proj")
        .view(*x.shape[:2], vision.heads, -1)
        .transpose(1, 2)
        for part in "qkv"
    )
    mixed = attend(q, k, v, causal=False)
    x = x + affine(mixed.transpose(1, 2).flatten(2), w, at + "self_attn.out_proj")
    hidden = affine(layer_norm(x, w, at + "layer_norm2", vision), w, at + "mlp.fc1")
    return x + affine(hidden * torch.sigmoid(1.702 * hidden), w, at + "mlp.fc2")


def affine(x, w, name):
    return F.linear(x, w[name + ".weight"], w[name + ".bias"])


def layer_norm(x, w, name, vision):
    gain, bias = w[name + ".weight"], w[name + ".bias"]
    return F.layer_norm(x, gain.shape, gain, bias, vision.layerNormEps)


def rms_norm(x, gain, sizes):
    return F.rms_norm(x, gain.shape, gain, sizes.rmsNormEps)


_ANGLES = {}


def angles(n, sizes):
    """Cosines and sines [n, headDim], kept by length."""
    key = n, sizes.headDim, sizes.ropeTheta
    if key not in _ANGLES:
        steps = torch.arange(0, sizes.headDim, 2) / sizes.headDim
        turns = torch.outer(torch.arange(n).float(), sizes.ropeTheta**-steps)
        turns = torch.cat([turns, turns], -1)
        _ANGLES[key] = turns.cos(), turns.sin()
    return _ANGLES[key]


def rotary(x, cos, sin):
    left, right = x.chunk(2, -1)
    return x * cos + torch.cat([-right, left], -1) * sin


def sdpa(q, k, v, causal):
    grouped = q.shape[1] != k.shape[1]
    return F.scaled_dot_product_attention(q, k, v, is_causal=causal, enable_gqa=grouped)


_HIDDEN = {}


def eager(q, k, v, causal):
    if q.shape[1] != k.shape[1]:
        k, v = (x.repeat_interleave(q.shape[1] // k.shape[1], 1) for x in (k, v))
    scores = q @ k.transpose(-1, -2) * q.shape[-1] ** -0.5
    if causal:
        n = q.shape[2]
        if n not in _HIDDEN:
            _HIDDEN[n] = torch.full((n, n), float("-inf")).triu(1)
        scores = scores + _HIDDEN[n]
    return scores.softmax(-1) @ v


ATTENTION = {"sdpa": sdpa, "eager": eager}
