import type { DecodeImage } from '../../contracts/image.ts';
import { visualRows } from '../../engine/answer/visual-rows.ts';
import type { Model } from '../../engine/model.ts';
import type { TokenisedDialogue } from '../data/dialogue.ts';
import type { FeatureCache } from './feature-cache.ts';
import { createFeatureMemory } from './feature-memory.ts';
import {
  type FeatureRows,
  featureCount,
  featuresFromHalves,
  featuresToHalves,
} from './feature-rows.ts';
import { identify, readChunks, type TeachingModel, withPictures } from './teaching-prompt.ts';

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

export function createFeatureSource(settings: FeatureSourceSettings): FeatureSource {
  const { model, decodeImage, cache, memoryBytes = 0 } = settings;
  const width = model.target.hiddenSize;
  const memory = createFeatureMemory(memoryBytes);
  const counts: FeatureCounts = { computed: 0, fromMemory: 0, fromDisk: 0 };

  const fresh = async (dialogue: TokenisedDialogue, digests: readonly string[]) => {
    counts.computed++;
    return read(model, await withPictures(model, decodeImage, dialogue, digests));
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
      const { key, digests } = await identify(model, dialogue);
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

/** The features of a whole dialogue. */
async function read(
  model: Pick<Model, 'target'>,
  prompt: Awaited<ReturnType<typeof withPictures>>,
): Promise<FeatureRows> {
  const [total, width] = [prompt.ids.length, model.target.hiddenSize];
  const features = new Float32Array(total * width);
  await readChunks(model, prompt, {
    async onPass({ rows }, from) {
      features.set((await model.target.read(rows)).data, from * width);
    },
  });
  const visual = visualRows(prompt, 0, total);
  return { features: { data: features, count: total, width }, ...(visual && { visual }) };
}
