import { describe, expect, it } from 'vitest';
import { deferred } from '../border/deferred.ts';
import { createPassQueue } from './pass-queue.ts';

/** Passes that tell when they begin and end, and end when they are told to. */
function watched() {
  const queue = createPassQueue();
  const told: string[] = [];
  const pass = (name: string) => {
    const { promise, resolve, reject } = deferred<void>();
    const result = queue.pass(async () => {
      told.push(`${name} begins`);
      await promise;
      told.push(`${name} ends`);
      return name;
    });
    return { result, end: resolve, fail: reject };
  };
  const change = (name: string) => queue.change(() => told.push(name));
  return { told, pass, change };
}

describe('passes', () => {
  it('that are asked for at once run in that order, one at a time', async () => {
    const { told, pass } = watched();
    const [a, b, c] = [pass('a'), pass('b'), pass('c')];
    for (const one of [c, b, a]) one.end();
    expect(await Promise.all([a.result, b.result, c.result])).toEqual(['a', 'b', 'c']);
    const order = ['a', 'b', 'c'].flatMap((name) => [`${name} begins`, `${name} ends`]);
    expect(told).toEqual(order);
  });

  it('run behind one that failed', async () => {
    const { pass } = watched();
    const [a, b] = [pass('a'), pass('b')];
    a.fail(new Error('broken'));
    b.end();
    await expect(a.result).rejects.toThrow('broken');
    expect(await b.result).toBe('b');
  });
});

describe('a change', () => {
  it('is made at once where nothing runs', async () => {
    const { told, pass, change } = watched();
    change('x');
    expect(told).toEqual(['x']);
    const a = pass('a');
    a.end();
    await a.result;
    change('y');
    expect(told.at(-1)).toBe('y');
  });

  it('waits while a pass runs, and is made before the next begins', async () => {
    const { told, pass, change } = watched();
    const [a, b] = [pass('a'), pass('b')];
    change('x');
    change('y');
    expect(told).toEqual(['a begins']);
    a.end();
    b.end();
    await b.result;
    expect(told).toEqual(['a begins', 'a ends', 'x', 'y', 'b begins', 'b ends']);
  });
});
