/** What `msd train --help` teaches. */

export const TRAIN_HELP = `
Examples:
  msd train draft --out runs/draft data.train=chat.json,pictures.json --plan
  msd train draft --out runs/draft data.train=chat.json,pictures.json steps=2000 batch=16
  msd train recycled --out runs/table model=my-model data.train=own.jsonl
  msd train target --out runs/target model=my-llava data.train=pictures.json

msd train draft --help and those of the others list the settings.`;

const DATA = `
data.train            files to learn from: LLaVA or ShareGPT conversations (JSON or JSON Lines), or JSON
                      Lines of chat {"messages": [...]}; pictures lie beside them or in images/
data.validation       held-out files; without any, data.validationShare (0.05) of the dialogues is held out
data.imageRoot        where pictures are that are not beside their file
data.skipBad          leave out broken records (false); they are named either way
data.maxTokens        longer dialogues are left out (2048)`;

const RUN = `
steps, batch, seed, threads, maxRows (rows that one run of the network takes at most: bounds memory)
validation.every, checkpointEvery (steps)`;

const FOLDER = `
The run's folder holds provenance.json, metrics.jsonl, checkpoints/ and, in the end, report.html and the trained
model. Ctrl-C saves; so does a kill, up to the last checkpoint: the same command goes on, and ends with the same
weights, bit for bit, as a run that never stopped.`;

export const TRAIN_DRAFT_HELP = `
Examples:
  msd train draft --out runs/a data.train=chat.json,pictures.json --plan
  msd train draft --out runs/a data.train=chat.json,pictures.json steps=1200 batch=16 optimiser.rate=1e-3
  msd train draft --out runs/b --config draft.json objective.depths=3
  msd train draft --out runs/c data.train=own.jsonl draft.method=block steps=2000 batch=16 publish.dtype=F16
  msd run --model my-llava --draft runs/a/draft --image photo.png "Describe the picture."

Settings, as KEY=VALUE or in --config FILE (JSON); values are JSON, or text. Of a list give one value after the
other, as data.train=a.json data.train=b.json, or with commas between; with a comma in a name, give JSON:
model                 folder of the target, or owner/name after msd pull (default: the embedded one)${DATA}
draft.method          msd, a level of a tree a call, or block, a whole tree in one (msd); defaults follow it
draft.from            folder or name of a draft to begin with, of the same method (default: random weights)
draft.fusion          decoupled (MSD) or fused (EAGLE: pictures through fc too)
draft.headTokens      speak only through the replies' n most frequent tokens (0: all)
publish.dtype         numbers that the draft is written in: F32, F16 (F32)
noise.amplitude       of the uniform noise on features (0.2)
noise.length          tokens at which it is so wide, 0: the same for all (msd 512, block 0)
Of msd alone:
  draft.positions       of a Qwen-VL's draft: published (its places in the text), or mrope, to be served with
                        --draft-positions mrope
  objective.featureWeight, objective.tokenWeight   of SmoothL1 and cross-entropy (1, 0.1)
  objective.depths      depths of its own guesses that the draft is taught (1; 3 costs about 2.5 times a step)
  objective.depthDecay  weight of a depth's loss by that of the one before (0.8)
Of block alone:
  draft.layers, draft.slots, draft.rank   layers, tokens guessed at once, rank of the bias between neighbours (2, 8, 64)
  objective.anchors     blocks that stand in a dialogue, at places drawn anew each time (12)
  objective.crossEntropy, .totalVariation, .confidence   shares of the losses (0.1, 0.9, 0.2)
  objective.warmShare   part of the run in which cross-entropy to the target's distribution passes over into total
                        variation (0)
  The weights of the checkpoint with most tokens per pass are published, not the last.
curriculum.kind       two-stage (text first, then ever more pictures), mixed, text, visual
curriculum.epochs, curriculum.textPart, curriculum.mixedShare   (40, 0.5, 0.5)
optimiser.rate, .schedule (linear, cosine, constant), .warmup, .decaySteps, .floor, .betas, .eps, .weightDecay, .clip
                      (rate, warmup, clip: msd 5e-5, 0.25 % of the steps, 0.5; block 6e-4, 4 %, 1)
validation.depths     depths judged (msd 5, block 8)
validation.decode, validation.decodeAtEnd   dialogues decoded of each kind (msd 16, 100; block 32, 32)
validation.tree       rows, best first, or [nodes, levels, candidates] (msd [59,5,10], block 8)
cache.dir, cache.gigabytes   keep the target's features on disk as fp16, so that later passes don't compute them again
cache.memoryGigabytes        features held in memory (1)${RUN}
${FOLDER}`;

export const TRAIN_RECYCLED_HELP = `
Examples:
  msd harvest prompts.json --model my-model --precision w8a8 --batch 64 --features features --out own.jsonl
  msd train recycled --out runs/table model=my-model precision=w8a8 data.train=own.jsonl cache.dir=features
  msd run --model my-model --precision w8a8 --draft runs/table "Tell me a story."

The drafter recycled guesses what the target itself held likely behind the last three tokens, two and one. By itself
it begins with nothing, and learns from answer to answer. A table, made once of the target's own answers, is what it
begins with instead; it goes on learning from there in memory, and changes no word of any answer. No network is trained.

DIR/recycled.safetensors is found by --draft DIR, beside a trained draft there too, and without --draft in the model's
own folder, or among those that come with the program. It is of the model's tokenizer alone: others are refused.

Settings, as KEY=VALUE or in --config FILE (JSON); values are JSON, or text. Of a list give one value after the
other, as data.train=a.json data.train=b.json, or with commas between; with a comma in a name, give JSON:
model                 folder of the target, or owner/name after msd pull (default: the embedded one)
precision             in which it reads its answers: take the one that will serve (as msd run)
data.train            the target's answers, as msd harvest writes them; other dialogues do, but tell less of it
data.imageRoot        where pictures are that are not beside their file
data.skipBad          leave out broken records (false); they are counted either way
data.maxTokens        longer dialogues are left out (2048)
data.validation       held-out answers: what the table is worth there is told (data.validationShare of all, 0.05)
table.megabytes       of the file at most (4): endings that tell least for their bytes are left out
cache.dir, cache.gigabytes   the feature cache of the harvest: the target then reads none of its answers again
threads

Ctrl-C and kills lose nothing: what was read is kept in DIR/recycled.safetensors.parts, or in cache.dir, and the same
command goes on. The file is written whole, in the end.
Exit codes: 0 done, 1 failed, 2 called wrongly, 130 stopped by Ctrl-C.`;

export const TRAIN_TARGET_HELP = `
Examples:
  msd train target --out runs/1 model=my-llava data.train=pictures.json learn.projector=1e-3
  msd train target --out runs/2 model=runs/1/target data.train=mix.json \\
    learn.projector=2e-5 learn.decoder=2e-5 learn.embeddings=2e-5
  msd train target --out runs/3 model=runs/1/target data.train=mix.json learn.adapters=2e-4

Settings, as KEY=VALUE or in --config FILE (JSON); values are JSON, or text. Of a list give one value after the
other, as data.train=a.json data.train=b.json, or with commas between; with a comma in a name, give JSON:
model                 folder of the target, or owner/name after msd pull
fromScratch           begin with random weights; of the folder only configuration and tokenizer are read (false)
learn                 highest learning rate of each part that learns: projector, tower, decoder, embeddings, adapters
                      (projector: 1e-3; a model that reads no pictures has no projector and no tower)
adapters.rank, adapters.alpha   of low-rank adapters on the decoder's matrices (16, 32); merged in the end
layers                first and last layer of the decoder that learn or are adapted, as [20,29] (default: all of it)
visualShare           share of dialogues with pictures (default: as in the data)${DATA}
optimiser.schedule (cosine, linear, constant), .warmup, .floor, .betas, .eps, .weightDecay, .clip
recompute             compute each layer's inside again on the way back: slower, with a lower peak (false)${RUN}
${FOLDER}`;
