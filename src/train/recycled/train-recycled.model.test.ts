/** A table of the embedded target's own answers: made, made again, and answered with. */
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { orTiny, TINY_DRAFT, TINY_TARGET } from '../../checkpoint/testing/folders.ts';
import { DraftMismatchError, OptionError } from '../../contracts/errors.ts';
import type { LoadOptions } from '../../contracts/load.ts';
import { RECYCLED_FILE } from '../../draft/recycle/recycled-file.ts';
import { loadModel } from '../../engine/load/load-model.ts';
import { createNodeHost } from '../../engine/node/node-host.ts';
import { repositoryPath } from '../../input/node/testing/read-goldens.ts';
import { load, resolveLoadOptions } from '../../load.ts';
import { runHarvest } from '../harvest/run-harvest.ts';
import { dataFile, SAMPLED } from '../harvest/testing/tiny-harvest.ts';
import { recycledConfigSchema } from './recycled-config.ts';
import { type TableHooks, trainRecycled } from './train-recycled.ts';

const folder = mkdtempSync(join(tmpdir(), 'msd-table-'));
const [features, answers, out] = ['features', 'own.jsonl', 'table'].map((name) =>
  join(folder, name),
) as [string, string, string];
const DIALOGUES = 24;
const PROMPTS = ['What is in the picture?', 'Count from 3 to 10.', 'Spell the word light.'];

const make = (to: string, settings: object = {}, hooks: Partial<TableHooks> = {}) =>
  trainRecycled(
    recycledConfigSchema.parse({ model: TINY_TARGET, data: DATA, threads: 1, ...settings }),
    to,
    {
      tell: () => {},
      onProgress: () => {},
      ...hooks,
    },
  );
const DATA = { train: [answers], validationShare: 0 };
const bytesOf = (dir: string) => readFileSync(join(dir, RECYCLED_FILE));
const open = (options: LoadOptions) => load({ threads: 1, thread: false, ...orTiny(options) });

beforeAll(async () => {
  const target = { ...resolveLoadOptions({ model: TINY_TARGET, threads: 1 }), draft: null };
  await runHarvest(
    {
      ...{ paths: [dataFile('val_text'), dataFile('val_visual')], out: answers, load: target },
      ...{ batch: 5, settings: SAMPLED, skipBad: false, saveEvery: 60, limit: DIALOGUES },
      features: { folder: features, limitBytes: 2 ** 30 },
    },
    {
      ...{ host: await createNodeHost(target), cancelled: () => false },
      ...{ tell: () => {}, onBegin: () => {}, onProgress: () => {} },
    },
  );
  await make(out, { cache: { dir: features } });
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true }));

describe('a table', () => {
  it('is the same of what a harvest kept and of what the target reads again', async () => {
    const again = join(folder, 'again');
    const { dialogues, read } = await make(again);
    expect(read, 'but for answers that are there twice').toBeGreaterThan(dialogues - 5);
    expect(dialogues).toBeGreaterThanOrEqual(DIALOGUES);
    expect(bytesOf(again).equals(bytesOf(out))).toBe(true);
    expect(existsSync(join(again, `${RECYCLED_FILE}.parts`))).toBe(false);
  });

  it('goes on where it was stopped', async () => {
    const stopped = join(folder, 'stopped');
    const stop = (done: number) => {
      if (done === 10) throw new Error('stopped');
    };
    await expect(make(stopped, {}, { onProgress: stop })).rejects.toThrow('stopped');
    expect(existsSync(join(stopped, RECYCLED_FILE))).toBe(false);
    const { read, dialogues } = await make(stopped);
    expect(read).toBeLessThanOrEqual(dialogues - 10);
    expect(read).toBeGreaterThan(0);
    expect(bytesOf(stopped).equals(bytesOf(out))).toBe(true);
  });

  it('takes no more room than it may', async () => {
    const small = join(folder, 'small');
    const { endings } = await make(small, {
      cache: { dir: features },
      table: { megabytes: 0.004 },
    });
    expect(endings.written).toBeLessThan(endings.seen);
    expect(bytesOf(small).length).toBeLessThan(4000 + 2000); // its header
  });

  it('says what it is worth in dialogues that it was not made of', async () => {
    const share = { data: { ...DATA, validationShare: 0.4 }, cache: { dir: features } };
    const { heldOut, dialogues } = await make(join(folder, 'share'), share);
    expect(heldOut.dialogues).toBeGreaterThan(dialogues / 3);
    for (const answers of ['all', 'first'] as const) {
      expect(heldOut.without[answers]).toBeGreaterThan(1);
      expect(heldOut.withTable[answers]).toBeGreaterThan(heldOut.without[answers]);
    }
    expect(heldOut.without.all).toBeGreaterThan(heldOut.without.first);
  });

  it('is written over by no other', async () => {
    await expect(make(out)).rejects.toBeInstanceOf(OptionError);
  });

  it('is made of dialogues with pictures that the target did not write, too', async () => {
    const others = join(folder, 'others');
    const pictures = dataFile('val_visual');
    const { tokens } = await make(others, { data: { ...DATA, train: [pictures], maxTokens: 100 } });
    expect(tokens).toBeGreaterThan(100);
  });
});

describe('a model with a table', () => {
  it('takes that of its own folder before the one that the program brings', async () => {
    const own = join(folder, 'own');
    cpSync(TINY_TARGET, own, { recursive: true });
    const settings = { ...resolveLoadOptions({ model: own, threads: 1 }), draft: null };
    const host = { ...(await createNodeHost(settings)), ownTable: () => out };
    const at = async () => {
      const model = await loadModel(host, settings);
      await model.dispose();
      return model.info.recycled?.path;
    };
    expect(await at()).toBe(join(out, RECYCLED_FILE));
    cpSync(join(out, RECYCLED_FILE), join(own, RECYCLED_FILE));
    expect(await at()).toBe(join(own, RECYCLED_FILE));
  });

  it('says so, and writes what it writes without, in fewer passes', async () => {
    await using warm = await open({ model: TINY_TARGET, draft: out });
    await using cold = await open({ model: TINY_TARGET });
    expect(warm.info.draft).toBeNull();
    expect(warm.info.recycled).toMatchObject({
      path: join(out, RECYCLED_FILE),
      bytes: bytesOf(out).length,
    });
    expect(cold.info.recycled).toBeUndefined();
    const passes = { warm: 0, cold: 0 };
    for (const prompt of PROMPTS) {
      for (const law of [{}, { temperature: 1, seed: 3 }]) {
        const asked = { prompt, maxTokens: 40, ignoreEos: true, ...law };
        const plain = await cold.complete({ ...asked, drafter: 'none' });
        const tree = { ...asked, drafter: 'recycled', tree: 8 } as const;
        const [with_, without] = [await warm.complete(tree), await cold.complete(tree)];
        expect(with_.ids).toEqual(plain.ids);
        expect((await warm.complete(asked)).ids).toEqual(plain.ids);
        passes.warm += with_.passes;
        passes.cold += without.passes;
        warm.forget();
        cold.forget();
      }
    }
    expect(passes.warm).toBeLessThan(passes.cold);
  });

  it('forgets what it learnt since, and not the table', async () => {
    await using model = await open({ model: TINY_TARGET, draft: out });
    const asked = { prompt: 'Count from 3 to 10.', maxTokens: 30, tree: 8 } as const;
    const first = await model.complete(asked);
    model.forget();
    expect((await model.complete(asked)).acceptedPerPass).toEqual(first.acceptedPerPass);
  });

  it('may have it beside a trained draft, or in its own folder', async () => {
    const [draft, own] = [join(folder, 'draft'), join(folder, 'own')];
    cpSync(TINY_DRAFT, draft, { recursive: true });
    cpSync(TINY_TARGET, own, { recursive: true });
    for (const dir of [draft, own]) cpSync(join(out, RECYCLED_FILE), join(dir, RECYCLED_FILE));
    await using both = await open({ model: TINY_TARGET, draft });
    expect(both.info).toMatchObject({
      draft,
      recycled: { path: join(draft, RECYCLED_FILE) },
    });
    const { run } = await both.complete({ prompt: 'Hi', maxTokens: 4 });
    expect(run).toMatchObject({ drafter: 'msd', beside: 'recycled' });
    await using alone = await open({ model: own });
    expect(alone.info).toMatchObject({
      draft: null,
      recycled: { path: join(own, RECYCLED_FILE) },
    });
  });

  it("is refused another tokenizer's", async () => {
    const opening = open({ model: repositoryPath('fixtures/families/text/llama3'), draft: out });
    await expect(opening).rejects.toBeInstanceOf(DraftMismatchError);
    await expect(opening).rejects.toThrow('tokenizer');
  });
});
