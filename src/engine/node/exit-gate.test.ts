import { Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { closeGate, createExitGate, throughGate } from './exit-gate.ts';

describe('the exit gate', () => {
  it('gives what a call gives, or its error', async () => {
    const gate = createExitGate();
    expect(await throughGate(gate, async () => 5)).toBe(5);
    const failing = throughGate(gate, async () => {
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    closeGate(gate, 60_000); // does not wait: no call is under way
  });

  it('lets no call pass once it is closed', async () => {
    const gate = createExitGate();
    closeGate(gate, 0);
    let called = false;
    const call = throughGate(gate, async () => {
      called = true;
    });
    const first = await Promise.race([call, new Promise((r) => setTimeout(r, 20, 'nothing'))]);
    expect([first, called]).toEqual(['nothing', false]);
  });

  it('closes when the last call of the other thread ends', async () => {
    const gate = createExitGate();
    const worker = new Worker(
      `const { workerData: gate } = require('node:worker_threads');
       Atomics.add(gate, 0, 1);
       setTimeout(() => { Atomics.sub(gate, 0, 1); Atomics.notify(gate, 0); }, 100);`,
      { eval: true, workerData: gate },
    );
    await new Promise((resolve) => worker.once('online', resolve));
    while (Atomics.load(gate, 0) === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    closeGate(gate, 30_000);
    expect(Atomics.load(gate, 0)).toBe(0);
  });

  it('loses its patience with a call that does not end', () => {
    const gate = createExitGate();
    void throughGate(gate, () => new Promise(() => {}));
    const start = performance.now();
    closeGate(gate, 50);
    expect(performance.now() - start).toBeGreaterThanOrEqual(49);
  });
});
