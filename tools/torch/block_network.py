"""The block draft's training loss in eager PyTorch, over weights by their published names, from its description."""

import torch
import torch.nn.functional as F

from networks import affine, rms_norm, rotary


def block_loss(w, batch, sizes, attend):
    """0.1 cross-entropy + 0.9 total variation + 0.2 confidence, as the batch's shares say; slots weigh exp(-s / 4)."""
    b, n, a = batch["grid"]
    slots, hidden = sizes.slots, sizes.hiddenSize
    anchors = (batch["bias"].view(b, a, n) == 0).sum(-1)

    context = F.linear(batch["features"], w["fc.weight"])
    if sizes.fusion == "decoupled":
        context = context * batch["text"] + batch["visual"]
    context = rms_norm(context, w["hidden_norm.weight"], sizes).view(b, 1, n, hidden)
    masked = w["mask_embedding.weight"].expand(b, a, slots - 1, hidden)
    roots = F.embedding(batch["roots"], w["embed_tokens.weight"]).view(b, a, 1, hidden)
    x = torch.cat([roots, masked], 2)

    places = anchors[..., None] + torch.arange(slots)
    at_context = angles(torch.arange(n), sizes)
    at_slots = [part.view(b, a, 1, slots, -1) for part in angles(places, sizes)]
    seen = torch.arange(n) < anchors[..., None]
    seen = torch.cat([seen, torch.ones(b, a, slots, dtype=torch.bool)], -1)[:, :, None, None]
    for layer in range(sizes.layers):
        x = block_layer(x, context, w, f"layers.{layer}.", (at_context, at_slots, seen), sizes)

    y = rms_norm(x.view(-1, hidden)[batch["judged"]], w["norm.weight"], sizes)
    head = w["head"]
    if "headTokenIds" in sizes:
        head = head[torch.tensor(sizes.headTokenIds)]
    before = F.embedding(batch["before"], w["markov_head.markov_w1.weight"])
    logits = F.linear(y, head) + F.linear(before, w["markov_head.markov_w2.weight"])
    with torch.no_grad():
        truth = F.linear(batch["expected"], head).softmax(-1)
    variation = (logits.softmax(-1) - truth).abs().sum(-1)
    tokens = F.cross_entropy(logits, batch["labels"], reduction="none") * batch["known"][:, 0]
    spread = -(truth * logits.log_softmax(-1)).sum(-1)
    sure = affine(torch.cat([y, before], -1), w, "confidence_head.proj")[:, 0]
    accepted = 1 - variation.detach() / 2
    confidence = F.binary_cross_entropy_with_logits(sure, accepted, reduction="none")
    losses = (
        batch["of_tokens"] * tokens
        + batch["of_truth"] * spread
        + batch["of_variation"] * variation
        + batch["of_confidence"] * confidence
    )
    return (losses * batch["weights"][:, 0]).sum()


def block_layer(x, context, w, at, places, sizes):
    """x [b, a, slots, H] over context [b, 1, n, H] and the block's own slots."""
    at_context, at_slots, seen = places
    read = rms_norm(x, w[at + "input_layernorm.weight"], sizes)
    project = lambda rows, part, heads: (
        F.linear(rows, w[f"{at}self_attn.{part}_proj.weight"])
        .unflatten(-1, (heads, sizes.headDim))
        .transpose(2, 3)
    )
    q = rotary(project(read, "q", sizes.heads), *at_slots)
    blocks = (-1, x.shape[1], -1, -1, -1)
    k = torch.cat(
        [
            rotary(project(context, "k", sizes.kvHeads), *at_context).expand(blocks),
            rotary(project(read, "k", sizes.kvHeads), *at_slots),
        ],
        3,
    )
    v = [project(context, "v", sizes.kvHeads).expand(blocks), project(read, "v", sizes.kvHeads)]
    v = torch.cat(v, 3)
    group = sizes.heads // sizes.kvHeads
    k, v = (part.repeat_interleave(group, 2) for part in (k, v))
    mixed = F.scaled_dot_product_attention(q, k, v, attn_mask=seen)
    x = x + F.linear(mixed.transpose(2, 3).flatten(3), w[at + "self_attn.o_proj.weight"])
    read = rms_norm(x, w[at + "post_attention_layernorm.weight"], sizes)
    gate = F.silu(F.linear(read, w[at + "mlp.gate_proj.weight"]))
    up = F.linear(read, w[at + "mlp.up_proj.weight"])
    return x + F.linear(gate * up, w[at + "mlp.down_proj.weight"])


def angles(positions, sizes):
    """Cosines and sines [.., headDim] of positions [..]."""
    steps = torch.arange(0, sizes.headDim, 2) / sizes.headDim
    turns = positions[..., None].float() * sizes.ropeTheta**-steps
    turns = torch.cat([turns, turns], -1)
    return turns.cos(), turns.sin()
