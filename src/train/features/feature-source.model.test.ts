import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { TINY_TARGET } from '../../checkpoint/testing/folders.ts';
import { PromptError } from '../../contracts/errors.ts';
import type { PictureSpan } from '../../contracts/messages.ts';
import type { Forward } from '../../contracts/target.ts';
import { chunkStep } from '../../engine/answer/chunk-step.ts';
import { loadModel } from '../../engine/load/load-model.ts';
import type { Model } from '../../engine/model.ts';
import { createNodeHost } from '../../engine/node/node-host.ts';
import { createImageDecoder } from '../../input/node/decode-image.ts';
import {
  floats,
  golden,
  largestDifference,
  readGoldens,
  readJson,
  repositoryPath,
} from '../../input/node/testing/read-goldens.ts';
import type { TokenisedDialogue } from '../data/dialogue.ts';
import { openFeatureCache } from './feature-cache.ts';
import type { FeatureRows } from './feature-rows.ts';
import { createFeatureSource, type FeatureSourceSettings } from './feature-source.ts';
import { fromHalves, toHalves } from './float16.ts';

const IMAGE = 1022;
const IMAGE_TOKENS = 64;
const CLOSE = 1e-4;

/** A recorded prompt of Hugging Face. */
interface Case {
  readonly name: string;
  readonly dialogue: TokenisedDialogue;
}

const dialogueOf = (ids: readonly number[], pictures: readonly string[]): TokenisedDialogue => ({
  place: { file: 'cases.json', index: 7 },
  images: pictures.map((name) => repositoryPath(`fixtures/tiny/images/${name}`)),
  ids: Int32Array.from(ids),
  spans: runsOf(ids),
  reply: new Uint8Array(ids.length),
});

/** Placeholder runs, each of one picture, though two may be neighbours. */
function runsOf(ids: readonly number[]): PictureSpan[] {
  const places = [...ids.keys()].filter((position) => ids[position] === IMAGE);
  const starts = places.filter((_, rank) => rank % IMAGE_TOKENS === 0);
  return starts.map((start, picture) => ({ start, length: IMAGE_TOKENS, picture, row: 0 }));
}

const { cases } = readJson('fixtures/tiny/cases.json') as {
  cases: { name: string; image: string | null; input_ids: number[] }[];
};
const layouts = readJson('fixtures/tiny/draft_layout.json') as {
  name: string;
  images: string[];
  input_ids: number[];
}[];
const oneOrNone = cases.map(
  ({ name, image, input_ids: ids }): Case => ({
    name,
    dialogue: dialogueOf(ids, image === null ? [] : [image]),
  }),
);
const several = layouts.map(
  ({ name, images, input_ids: ids }): Case => ({ name, dialogue: dialogueOf(ids, images) }),
);
const named = (name: string): TokenisedDialogue =>
  [...oneOrNone, ...several].find((one) => one.name === name)?.dialogue ?? dialogueOf([], []);

const SETTINGS = { model: TINY_TARGET, draft: null, device: 'cpu', threads: 1 } as const;
const decode = createImageDecoder();
let model: Model;
beforeAll(async () => {
  const host = await createNodeHost(SETTINGS);
  const costs = { target: [], draftLevel: 0, host: 0 };
  model = await loadModel({ ...host, readCosts: async () => ({ costs, steady: true }) }, SETTINGS);
});
afterAll(() => model.dispose());

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'msd-features-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const featureSource = (settings: Partial<FeatureSourceSettings> = {}) =>
  createFeatureSource({ model, decodeImage: decode, ...settings });
const openCache = () =>
  openFeatureCache({ folder, limitBytes: 1e8, now: () => new Date(), onWarning: () => {} });

/** A model that counts what its networks do. */
function counted() {
  const counts = { passes: 0, seen: 0, decoded: 0 };
  const settings: Pick<FeatureSourceSettings, 'model' | 'decodeImage'> = {
    model: {
      ...model,
      embed: (pixels) => {
        counts.seen++;
        return model.embed(pixels);
      },
      target: {
        ...model.target,
        forward: (steps) => {
          counts.passes++;
          return model.target.forward(steps);
        },
      },
    },
    decodeImage: (source) => {
      counts.decoded++;
      return decode(source);
    },
  };
  return { counts, settings };
}

describe('feature rows', () => {
  const recorded: [string, Case[]][] = [
    ['fixtures/tiny/goldens.safetensors', oneOrNone],
    ['fixtures/tiny/draft_layout.safetensors', several],
  ];
  for (const [file, all] of recorded) {
    const goldens = readGoldens(file);
    it.each(all)(`holds Hugging Face's features of $name`, async ({ name, dialogue }) => {
      const { features } = await featureSource().read(dialogue);
      const hidden = golden(goldens, `${name}.hidden`);
      expect([features.count, features.width]).toEqual(hidden.shape);
      expect(largestDifference(features.data, floats(hidden))).toBeLessThan(CLOSE);
    });

    const visual = all.filter(({ dialogue }) => dialogue.images.length > 0);
    it.each(visual)('holds the projected pictures of $name at their placeholders', async (one) => {
      const { visual } = await featureSource().read(one.dialogue);
      const expected = floats(golden(goldens, `${one.name}.image_features`));
      const places = one.dialogue.ids.map((id, i) => (id === IMAGE ? i : -1)).filter((i) => i >= 0);
      expect(visual?.slots).toEqual(places);
      expect(largestDifference(visual?.embeddings.data ?? [], expected)).toBeLessThan(CLOSE);
    });
  }

  it('without pictures has no visual rows', async () => {
    expect(await featureSource().read(named('text-story'))).not.toHaveProperty('visual');
  });

  it('is the same in every bit, whatever was computed before it', async () => {
    const names = ['two-turns', 'text-count', 'two-apart', 'text-unicode', 'story-tiny'];
    const featuresOf = async (order: readonly string[]) => {
      const one = featureSource();
      const kept = new Map<string, FeatureRows>();
      for (const name of order) kept.set(name, await one.read(named(name)));
      return names.map((name) => kept.get(name));
    };
    const forth = await featuresOf(names);
    expect(await featuresOf([...names].reverse())).toEqual(forth);
    const alone = await Promise.all(names.map((name) => featureSource().read(named(name))));
    expect(alone).toEqual(forth);
  });

  it('of a long dialogue is what one pass over all of it gives', async () => {
    const text = Array.from({ length: 450 }, (_, i) => 10 + ((i * 37) % 900));
    const ids = [...text, ...new Array<number>(IMAGE_TOKENS).fill(IMAGE), ...text.slice(0, 90)];
    const dialogue = dialogueOf(ids, ['square.png']); // the picture lies across row 512
    const { counts, settings } = counted();
    const { features, visual } = await featureSource(settings).read(dialogue);
    expect(counts.passes).toBe(2);

    const sequence = model.target.open();
    const embeddings = visual?.embeddings ?? { data: new Float32Array(0), count: 0, width: 0 };
    const prompt = {
      ids: dialogue.ids,
      spans: dialogue.spans,
      pictures: [{ digest: '', embeddings }],
    };
    const step = chunkStep(sequence, prompt, 0, ids.length);
    const [whole] = (await model.target.forward([step])) as [Forward];
    expect(features.data).toEqual((await model.target.read(whole.rows)).data);
    sequence.dispose();
  });

  it('sees a picture once that stands twice', async () => {
    const { counts, settings } = counted();
    const ids = [...named('two-apart').ids];
    await featureSource(settings).read(dialogueOf(ids, ['square.png', 'square.png']));
    expect(counts).toEqual({ passes: 1, seen: 1, decoded: 1 });
  });
});

describe('with a cache', () => {
  const names = ['two-apart', 'text-story', 'see-large-jpeg'];

  it('fresh ones are the plain ones, rounded to float16', async () => {
    const rounded = await featureSource({ cache: await openCache() }).read(named('two-apart'));
    const plain = await featureSource().read(named('two-apart'));
    const round = (data: Float32Array | undefined) => data && fromHalves(toHalves(data));
    expect(rounded.features.data).toEqual(round(plain.features.data));
    expect(rounded.visual?.embeddings.data).toEqual(round(plain.visual?.embeddings.data));
    expect(rounded.visual?.slots).toEqual(plain.visual?.slots);
  });

  it.each(names)('later ones on %s are the fresh ones in every bit', async (name) => {
    const fresh = await featureSource({ cache: await openCache() }).read(named(name));
    const later = featureSource({ cache: await openCache() });
    expect(await later.read(named(name))).toEqual(fresh);
    expect(later.counts).toEqual({ computed: 0, fromMemory: 0, fromDisk: 1 });
  });

  it('later ones decode no picture and run no network', async () => {
    await featureSource({ cache: await openCache() }).read(named('two-apart'));
    const { counts, settings } = counted();
    await featureSource({ ...settings, cache: await openCache() }).read(named('two-apart'));
    expect(counts).toEqual({ passes: 0, seen: 0, decoded: 0 });
  });

  it('a picture that was replaced by another is seen anew', async () => {
    const picture = join(folder, 'picture.png');
    const dialogue = { ...named('describe-square'), images: [picture] };
    const one = featureSource({ cache: await openCache(), memoryBytes: 1e6 });
    copyFileSync(repositoryPath('fixtures/tiny/images/square.png'), picture);
    const before = await one.read(dialogue);
    copyFileSync(repositoryPath('fixtures/tiny/images/alpha.png'), picture);
    expect(await one.read(dialogue)).not.toEqual(before);
    expect(one.counts.computed).toBe(2);
  });
});

describe('with memory', () => {
  it('feature rows are computed once, and the very same are given again', async () => {
    const one = featureSource({ memoryBytes: 1e6 });
    const fresh = await one.read(named('two-turns'));
    expect(await one.read(named('two-turns'))).toBe(fresh);
    expect(one.counts).toEqual({ computed: 1, fromMemory: 1, fromDisk: 0 });
  });

  it('that is too small feature rows are computed again', async () => {
    const one = featureSource({ memoryBytes: 1000 });
    const fresh = await one.read(named('two-turns'));
    expect(await one.read(named('two-turns'))).toEqual(fresh);
    expect(one.counts.computed).toBe(2);
  });
});

describe('a dialogue that is not tokenised for this target', () => {
  const visual = () => named('describe-square');
  it.each<[string, () => TokenisedDialogue, RegExp]>([
    ['a picture too few', () => ({ ...visual(), images: [] }), /placeholders of 1 .* 0 pictures/],
    [
      'other placeholders',
      () => ({ ...visual(), spans: [{ start: 3, length: 576, picture: 0, row: 0 }] }),
      /576 placeholders .* reads 64/,
    ],
    [
      'more tokens than the context',
      () => dialogueOf(new Array<number>(1025).fill(5), []),
      /1025 tokens .* 1024/,
    ],
  ])('for having %s is refused with its record', async (_, dialogue, problem) => {
    const refused = featureSource().read(dialogue());
    await expect(refused).rejects.toThrow(PromptError);
    await expect(refused).rejects.toThrow(/^cases\.json, record 7: /);
    await expect(refused).rejects.toThrow(problem);
  });
});
