import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import type { Drafter, Named } from '../../contracts/drafter.ts';
import type { GenerateOptions } from '../../contracts/generate.ts';
import type { RgbImage } from '../../contracts/image.ts';
import { recycled } from '../../draft/recycled.ts';
import { eventStream } from '../border/event-stream.ts';
import { type EngineLimits, engineOf } from '../engine.ts';
import { openDrafters } from '../load/drafters.ts';
import { createRecycledApart } from '../load/recycled-apart.ts';
import { eventsOf, resultOf } from '../testing/collect.ts';
import { toyModel, toyPicture } from '../testing/toy-model.ts';
import { namesIn } from './embed-pictures.ts';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

const turn = () => new Promise((resolve) => setImmediate(resolve));

const ask = (...images: string[]): GenerateOptions => {
  return { prompt: 'abc', images: images.map(toyPicture), maxTokens: 8, ignoreEos: true };
};

/** An engine that tells how often the tower ran, and which decoded pictures are still held. */
function toyEngine(limits: Partial<EngineLimits> = {}) {
  const { host, model } = toyModel();
  const decoded: WeakRef<RgbImage>[] = [];
  let seen = 0;
  const engine = engineOf(
    {
      ...host,
      async decodeImage(source) {
        const image = await host.decodeImage(source);
        decoded.push(new WeakRef(image));
        return image;
      },
    },
    {
      ...model,
      embed(feeds) {
        seen += 1;
        return model.embed(feeds);
      },
    },
    limits,
  );
  const held = async () => {
    await turn(); // a WeakRef holds until its turn ends
    collect();
    return decoded.filter((image) => image.deref() !== undefined).length;
  };
  return { engine, decoded, held, seen: () => seen };
}

describe('pictures of a request', () => {
  it('are let go once they are embedded, while the answer is still written', async () => {
    const { engine, decoded, held } = toyEngine();
    const rounds: number[] = [];
    for await (const event of eventStream(engine, ask('x', 'y', 'z'))) {
      if (event.type === 'round' && rounds.length === 0) rounds.push(await held());
    }
    expect(decoded.length).toBe(3);
    expect(rounds).toEqual([0]);
  });

  it('are held while the request waits to be seen, and no longer than it', async () => {
    const { engine, decoded, held } = toyEngine({ sequences: 1 });
    const cancel = new AbortController();
    let waiting: Promise<unknown> | undefined;
    for await (const event of eventStream(engine, { ...ask('x'), maxTokens: 100 })) {
      if (event.type !== 'round' || waiting !== undefined) continue;
      waiting = eventsOf(engine, { ...ask('y'), signal: cancel.signal });
      while (decoded.length < 2) await turn();
      expect(await held()).toBe(1);
      cancel.abort();
    }
    await waiting;
    expect(await held()).toBe(0);
  });
});

describe('the decoder', () => {
  it('opens a picture once, as long as it stays among those seen lately', async () => {
    const { engine, decoded } = toyEngine({ pictures: 2 });
    const count = async (...images: string[]) => {
      const before = decoded.length;
      await resultOf(engine, ask(...images));
      return decoded.length - before;
    };
    expect(await count('x')).toBe(1);
    expect(await count('x', 'y')).toBe(1);
    expect(await count('z')).toBe(1); // x is forgotten
    expect(await count('y')).toBe(0);
    expect(await count('x')).toBe(1);
  });
});

describe('the tower', () => {
  it('sees a picture once, as long as it stays among those seen lately', async () => {
    const { engine, seen } = toyEngine({ pictures: 2 });
    const count = async (...images: string[]) => {
      const before = seen();
      await resultOf(engine, ask(...images));
      return seen() - before;
    };
    expect(await count('x')).toBe(1);
    expect(await count('x', 'x')).toBe(0);
    expect(await count('y')).toBe(1);
    expect(await count('x')).toBe(0); // x is now the newest
    expect(await count('z')).toBe(1); // y is forgotten
    expect(await count('x', 'z')).toBe(0);
    expect(await count('y')).toBe(1); // x is forgotten
    expect(await count('z')).toBe(0);
    expect(await count('x')).toBe(1);
  });

  it('remembers sixteen pictures if nothing else is asked for', async () => {
    const { engine, seen } = toyEngine();
    const names = Array.from('abcdefghijklmnopq');
    for (const name of names.slice(0, 16)) await resultOf(engine, ask(name));
    for (const name of names.slice(0, 16)) await resultOf(engine, ask(name));
    expect(seen()).toBe(16);
    await resultOf(engine, ask(names[16] as string));
    await resultOf(engine, ask(names[0] as string));
    expect(seen()).toBe(18);
  });
});

describe('names of what pictures show', () => {
  const [cat, tabby, dog] = [Int32Array.of(1, 2), Int32Array.of(3), Int32Array.of(4)] as const;

  it('are the likeliest of each picture, then the next; pictures without any have none', () => {
    const rows = { data: new Float32Array(0), count: 0, width: 1 };
    const pictures = [{ named: [cat, tabby] }, {}, { named: [dog] }].map((names) => ({
      digest: '',
      embeddings: { ...rows, ...names },
    }));
    expect(namesIn(pictures)).toEqual([cat, dog, tabby]);
    expect(namesIn([])).toEqual([]);
  });

  it('are told to the drafter in every round, of pictures seen before too', async () => {
    const { host, model } = toyModel();
    const told: Named[] = [];
    const spy: Drafter = {
      ...{ name: 'spy', drafts: true, isNetwork: false },
      open: () => ({ length: 0, truncate() {}, dispose() {} }),
      async run(jobs) {
        for (const { grow } of jobs) if (grow?.named !== undefined) told.push(grow.named);
        return jobs.map(() => null);
      },
    };
    const embed = async (feeds: Parameters<typeof model.embed>[0]) => ({
      ...(await model.embed(feeds)),
      named: [cat, tabby],
    });
    const engine = engineOf(host, { ...model, embed, drafters: openDrafters([spy]) });
    const tree = { total: 4, depth: 2, topK: 2 };
    for (const _ of [1, 2]) await resultOf(engine, { ...ask('x'), tree });
    const rounds = [1, 2, 3, 4, 5, 6].map((written) => ({
      ...{ names: [cat, tabby], shown: true, written },
    }));
    expect(told).toEqual([...rounds, ...rounds]);
  });

  it('are one mark, as is the token before the answer, in what is learnt of likely tokens', async () => {
    const { host, model } = toyModel();
    const IMAGE = model.files.config.imageTokenId as number;
    const learnt: { ending: string; best: number | undefined }[][] = [[], []];
    const plain = await resultOf(engineOf(host, model), ask('x'));
    const [first, second] = plain.ids as [number, number];
    for (const [at, named] of [[], [Int32Array.of(second)]].entries()) {
      const likely = createRecycledApart(() => ({
        learn: (ending, { ids, each }, row) =>
          learnt[at]?.push({ ending: ending.join(), best: ids[row * each] }),
        after: () => [],
        forget() {},
      }));
      const embed = async (feeds: Parameters<typeof model.embed>[0]) => ({
        ...(await model.embed(feeds)),
        named,
      });
      const parts = { target: model.target, imageTokenId: IMAGE, recycled: likely };
      const drafters = openDrafters([recycled.open(parts)], null, likely);
      const tree = { total: 4, depth: 2, topK: 2 };
      await resultOf(engineOf(host, { ...model, embed, drafters }), { ...ask('x'), tree });
    }
    const [nameless, named] = learnt;
    expect(nameless?.[0]).toMatchObject({ best: second });
    expect(nameless?.[0]?.ending).not.toContain(`${IMAGE},${first}`);
    expect(named?.[0]).toMatchObject({ best: IMAGE });
    expect(named?.[0]?.ending).toMatch(new RegExp(`,${IMAGE},${first}$`));
    expect(named?.[1]?.ending).toMatch(new RegExp(`,${first},${IMAGE}$`));
  });
});
