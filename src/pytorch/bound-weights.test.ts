import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { tempFolder } from '../checkpoint/testing/folders.ts';
import type { TensorRef } from '../contracts/checkpoint.ts';
import { floatsOf } from '../contracts/session.ts';
import { readFloats } from '../formats/read-tensor.ts';
import { floats } from '../graph/blocks/stored-rows.ts';
import { createGraph, output } from '../graph/graph.ts';
import { createSession } from '../runtime/session.ts';
import { readPytorchHeader } from './pytorch.ts';
import { encodePytorch } from './testing/write-pytorch.ts';

const FIXTURES = fileURLToPath(new URL('../../fixtures/pytorch/', import.meta.url));

/** What a session has of tensors that it maps. */
async function bound(refs: readonly TensorRef[]): Promise<Float32Array[]> {
  const graph = createGraph('reading');
  const names = refs.map(({ name }) => name);
  for (const ref of refs) output(ref.name, floats(graph, ref));
  const session = await createSession(graph, { device: 'cpu', threads: 1 });
  const result = await session.run({}, names);
  await session.dispose();
  return names.map((name) => floatsOf(result, name));
}

async function expectBound(path: string): Promise<readonly TensorRef[]> {
  const refs = [...(await readPytorchHeader(path)).values()].filter(({ bytes }) => bytes > 0);
  expect(await bound(refs)).toEqual(await Promise.all(refs.map(readFloats)));
  return refs;
}

describe('a session maps weights in a file of torch.save', () => {
  it.each(['types.bin', 'version-1.6.bin', 'shared.bin', 'module.bin'])(
    'that PyTorch wrote: %s',
    async (name) => {
      expect((await expectBound(join(FIXTURES, name))).length).toBeGreaterThan(3);
    },
  );

  it.each([0, 1, 2, 3])('that begin at byte %i of four', async (remainder) => {
    const path = join(tempFolder(), 'pytorch_model.bin');
    const values = Float32Array.from({ length: 50 }, (_, i) => Math.sin(i));
    const halves = Uint16Array.from({ length: 50 }, (_, i) => 0x3c00 + i);
    // Without alignment, each letter of a name makes the pickle longer and moves what follows.
    for (let length = 1; length <= 4; length++) {
      const tensors = {
        ['x'.repeat(length)]: { dtype: 'F32', shape: [5, 10], data: values },
        half: { dtype: 'F16', shape: [50], data: halves },
        brain: { dtype: 'BF16', shape: [50], data: halves },
      };
      writeFileSync(path, encodePytorch(tensors, { alignment: 1 }));
      const [first] = (await readPytorchHeader(path)).values();
      if (first !== undefined && first.offset % 4 === remainder) break;
    }
    const [first] = await expectBound(path);
    expect((first?.offset ?? 0) % 4).toBe(remainder);
    expect(readFileSync(path).readFloatLE((first?.offset ?? 0) + 4)).toBe(values[1]);
  });
});
