import { describe, expect, it } from 'vitest';
import { ApiError } from '../api/api-error.ts';
import { createGate } from './gate.ts';

const ever = () => new AbortController().signal;
const gateOf = (most: number, waiting: number) => createGate(most, waiting, () => 7);
const settled = async (place: Promise<unknown> | undefined) =>
  Promise.race([place?.then(() => true), new Promise((resolve) => setImmediate(resolve, false))]);

describe('a gate', () => {
  it('lets so many in, and others in their order as those leave', async () => {
    const gate = gateOf(2, 5);
    const [a, b] = gate.enter(2, ever());
    const [c] = gate.enter(1, ever());
    const [d] = gate.enter(1, ever());
    expect([gate.running, gate.waiting]).toEqual([2, 2]);
    (await b)?.();
    expect(await settled(c)).toBe(true);
    expect(await settled(d)).toBe(false);
    (await a)?.();
    expect(await settled(d)).toBe(true);
  });

  it('counts a place once, however often it is left', async () => {
    const gate = gateOf(1, 5);
    const leave = await gate.enter(1, ever())[0];
    leave?.();
    leave?.();
    expect(gate.running).toBe(0);
    void gate.enter(2, ever());
    expect([gate.running, gate.waiting]).toEqual([1, 1]);
  });

  it('sends away whoever would wait beyond its limit, and says for how long', () => {
    const gate = gateOf(1, 1);
    gate.enter(2, ever());
    const beyond = () => gate.enter(1, ever());
    expect(beyond).toThrow(ApiError);
    expect(beyond).toThrow(expect.objectContaining({ status: 429, retryAfter: 7 }));
    expect(gate.waiting).toBe(1);
  });

  it('takes all answers of a request or none', () => {
    const gate = gateOf(2, 1);
    expect(() => gate.enter(4, ever())).toThrow();
    expect([gate.running, gate.waiting]).toEqual([0, 0]);
  });

  it('gives up the place of one that is gone', async () => {
    const gate = gateOf(1, 5);
    gate.enter(1, ever());
    const gone = new AbortController();
    const [left] = gate.enter(1, gone.signal);
    gone.abort(new Error('gone'));
    await expect(left).rejects.toThrow('gone');
    expect(gate.waiting).toBe(0);
  });

  it('once closed lets nobody in', async () => {
    const gate = gateOf(1, 5);
    const [running, waiting] = gate.enter(2, ever());
    gate.close(new Error('over'));
    await running;
    await expect(waiting).rejects.toThrow('over');
    expect(() => gate.enter(1, ever())).toThrow('over');
  });
});
