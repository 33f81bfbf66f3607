import { describe, expect, it } from 'vitest';
import type { Engine } from '../../engine/engine.ts';
import { toyEngine } from '../../engine/testing/toy-engine.ts';
import { createEngineKeeper } from './engine-keeper.ts';

const turn = () => new Promise((resolve) => setImmediate(resolve));

/** Engines that are lost when a test says so. */
function engines({ failures = [] as number[] } = {}) {
  const opened: { engine: Engine; lose: () => void }[] = [];
  let tries = 0;
  const open = async (onLost: (error: Error) => void) => {
    tries += 1;
    if (failures.includes(tries)) throw new Error(`try ${tries}`);
    const engine = toyEngine();
    opened.push({ engine, lose: () => onLost(new Error('killed')) });
    return engine;
  };
  return { opened, open };
}

describe('a keeper of engines', () => {
  it('says 503 while the first is loaded', async () => {
    const keeper = createEngineKeeper(
      engines().open,
      () => {},
      async () => {},
    );
    expect(() => keeper.get()).toThrow(expect.objectContaining({ status: 503 }));
    await keeper.loaded;
    expect(keeper.get()).toBe(await keeper.loaded);
  });

  it('loads another where one is lost, after loads that fail too', async () => {
    const waits: number[] = [];
    const told: string[] = [];
    const { opened, open } = engines({ failures: [2, 3] });
    const keeper = createEngineKeeper(
      open,
      (event) => void told.push(event),
      async (seconds) => void waits.push(seconds),
    );
    await keeper.loaded;
    opened[0]?.lose();
    expect(keeper.state).toBe('loading');
    await expect.poll(() => keeper.state).toBe('ready');
    expect(keeper.get()).toBe(opened[1]?.engine);
    expect(waits).toEqual([0, 1, 5]);
    expect(keeper.lost).toBe(1);
    expect(told).toEqual(
      'engine ready,engine lost,engine not loaded,engine not loaded,engine ready'.split(','),
    );
  });

  it('fails with the first load, and does not try again by itself', async () => {
    const { opened, open } = engines({ failures: [1] });
    const keeper = createEngineKeeper(
      open,
      () => {},
      async () => {},
    );
    await expect(keeper.loaded).rejects.toThrow('try 1');
    await turn();
    expect(opened).toHaveLength(0);
  });

  it('once closed loads none', async () => {
    const { opened, open } = engines();
    const keeper = createEngineKeeper(
      open,
      () => {},
      async () => {},
    );
    await keeper.loaded;
    await keeper.close();
    opened[0]?.lose();
    await turn();
    expect(opened).toHaveLength(1);
    expect(keeper.state).toBe('closed');
  });
});
