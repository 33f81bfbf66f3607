import { createHash } from 'node:crypto';
import { PromptError } from '../../contracts/errors.ts';
import type { DecodeImage } from '../../contracts/image.ts';
import type { Rows } from '../../contracts/rows.ts';
import type { Forward, Target } from '../../contracts/target.ts';
import { chunkStep } from '../../engine/answer/chunk-step.ts';
import { embedPicture } from '../../engine/answer/embed-pictures.ts';
import type { PreparedPrompt } from '../../engine/answer/read-prompt.ts';
import { visualRows } from '../../engine/answer/visual-rows.ts';
import type { Model } from '../../engine/model.ts';
import { readPicture } from '../../input/node/read-picture.ts';
import { consecutive } from '../../model/consecutive.ts';
import { pieceRows } from '../../model/lane-groups.ts';
import type { TokenisedDialogue } from '../data/dialogue.ts';
import type { FeatureCache } from './feature-cache.ts';
import { featureKey } from './feature-key.ts';
import { createFeatureMemory } from './feature-memory.ts';
import {
  type FeatureRows,
  featureCount,
  featuresFromHalves,
  featuresToHalves,
} from './feature-rows.ts';

/** The target as it teaches: what a draft should predict, computed by the path that serves. */
export interface FeatureSource {
  /**
   * The target's features of a dialogue. A pure function of the dialogue: with a cache, fresh numbers are rounded to
   * float16 too, so that a hit and a miss agree in every bit.
   * @throws PromptError if the dialogue isn't tokenised for this target; ImageError, NonFiniteFeatureError
   */
  read(dialogue: TokenisedDialogue): Promise<FeatureRows>;
  /** Dialogues read so far, by where they came from. */
  readonly counts: Readonly<FeatureCounts>;
}

interface FeatureCounts {
  computed: number;
  fromMemory: number;
  fromDisk: number;
}

export interface FeatureSourceSettings {
  readonly model: TeachingModel;
  readonly decodeImage: DecodeImage;
  /** Default none. */
  readonly cache?: FeatureCache;
  /** Most bytes of feature rows held in memory. Default 0. */
  readonly memoryBytes?: number;
}

type TeachingModel = Pick<Model, 'target' | 'embed' | 'pictures' | 'files' | 'info'>;

export function createFeatureSource(settings: FeatureSourceSettings): FeatureSource {
  const { model, decodeImage, cache, memoryBytes = 0 } = settings;
  const width = model.target.hiddenSize;
  const memory = createFeatureMemory(memoryBytes);
  const counts: FeatureCounts = { computed: 0, fromMemory: 0, fromDisk: 0 };

  const fresh = async (dialogue: TokenisedDialogue, digests: readonly string[]) => {
    counts.computed++;
    const pictures = await embedAll(model, decodeImage, dialogue.images, digests);
    checkPlaceholders(dialogue, pictures);
    return read(model.target, { ...dialogue, pictures });
  };
  const throughCache = async (
    cache: FeatureCache,
    key: string,
    dialogue: TokenisedDialogue,
    digests: readonly string[],
  ) => {
    const known = cache.get(key, featureCount(dialogue, width));
    if (known !== undefined) counts.fromDisk++;
    const halves = known ?? featuresToHalves(await fresh(dialogue, digests));
    if (known === undefined) await cache.put(key, halves);
    return featuresFromHalves(halves, dialogue, width);
  };
  return {
    counts,
    async read(dialogue) {
      checkDialogue(dialogue, model);
      const digests = await Promise.all(dialogue.images.map(digestOf));
      const key = featureKey(model, dialogue, digests);
      const known = memory.get(key);
      if (known !== undefined) {
        counts.fromMemory++;
        return known;
      }
      const featureRows = await (cache === undefined
        ? fresh(dialogue, digests)
        : throughCache(cache, key, dialogue, digests));
      memory.put(key, featureRows);
      return featureRows;
    },
  };
}

async function digestOf(image: string): Promise<string> {
  const { bytes } = await readPicture(image);
  return createHash('sha256').update(bytes).digest('hex');
}

/** The pictures as the target reads them; one that stands twice is seen once. */
async function embedAll(
  model: TeachingModel,
  decodeImage: DecodeImage,
  images: readonly string[],
  digests: readonly string[],
): Promise<PreparedPrompt['pictures']> {
  const seen = new Map<string, Rows>();
  const pictures: PreparedPrompt['pictures'][number][] = [];
  for (const [index, image] of images.entries()) {
    const digest = digests[index] as string;
    const known = seen.get(digest);
    const embeddings =
      known ?? (await embedPicture(model, await decodeImage(await readPicture(image))));
    seen.set(digest, embeddings);
    pictures.push({ digest, embeddings });
  }
  return pictures;
}

/** One pass over the whole dialogue; a long one in the chunks that serving would take at most. */
async function read(
  target: Target,
  prompt: Pick<PreparedPrompt, 'ids' | 'spans' | 'pictures' | 'positions'>,
): Promise<FeatureRows> {
  const [total, width] = [prompt.ids.length, target.hiddenSize];
  const features = new Float32Array(total * width);
  const sequence = target.open();
  try {
    for (let from = 0; from < total; ) {
      const to = from + pieceRows(from, total - from);
      const step = chunkStep(sequence, prompt, from, to);
      const [forward] = (await target.forward([step])) as [Forward];
      if (forward.fault !== undefined) throw forward.fault;
      features.set((await target.read(forward.rows)).data, from * width);
      if (to < total) sequence.commit(forward, consecutive(to - from));
      from = to;
    }
  } finally {
    sequence.dispose();
  }
  const visual = visualRows(prompt, 0, total);
  return { features: { data: features, count: total, width }, ...(visual && { visual }) };
}

/** @throws PromptError where the dialogue was not tokenised for this target */
function checkDialogue(dialogue: TokenisedDialogue, { target }: TeachingModel): void {
  const { ids, spans, images } = dialogue;
  const shown = new Set(spans.map(({ picture }) => picture)).size;
  if (shown !== images.length) {
    throw misfit(
      dialogue,
      `it has placeholders of ${shown} pictures for ${images.length} pictures`,
    );
  }
  if (ids.length > target.contextLength) {
    const problem = `it has ${ids.length} tokens but the target reads at most ${target.contextLength}`;
    throw misfit(dialogue, problem);
  }
}

/** @throws PromptError where a picture has not as many placeholders as embeddings */
function checkPlaceholders(
  dialogue: TokenisedDialogue,
  pictures: PreparedPrompt['pictures'],
): void {
  for (const [index, { embeddings }] of pictures.entries()) {
    const own = dialogue.spans.filter(({ picture }) => picture === index);
    const count = own.reduce((sum, { length }) => sum + length, 0);
    if (count === embeddings.count) continue;
    const problem = `a picture has ${count} placeholders but the target reads ${embeddings.count}`;
    throw misfit(dialogue, problem);
  }
}

const misfit = ({ place: { file, index } }: TokenisedDialogue, problem: string): PromptError =>
  new PromptError(`${file}, record ${index}: ${problem}; tokenise it for this target, or drop it.`);
