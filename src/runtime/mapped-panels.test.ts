import { readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { tempFolder } from '../checkpoint/testing/folders.ts';
import { PANEL_COLUMNS, type TensorRef } from '../contracts/checkpoint.ts';
import { floatTensor } from '../contracts/session.ts';
import { linear } from '../graph/blocks/linear.ts';
import { createGraph, input, output } from '../graph/graph.ts';
import { createSession } from './session.ts';

const MIB = 2 ** 20;
const [PANELS, INTO] = [1024, 1024];

/** A matrix of 64 MiB in 8 bits, all zeros, of which the disk keeps nothing. */
function emptyMatrix(): TensorRef {
  const path = join(tempFolder(), 'panels');
  const [bytes, stepBytes] = [PANELS * INTO * PANEL_COLUMNS, PANELS * PANEL_COLUMNS * 4];
  writeFileSync(path, '');
  truncateSync(path, bytes + stepBytes);
  const shape = [PANELS, INTO, PANEL_COLUMNS] as const;
  const panels = { name: 'w', dtype: 'I8', shape, path, offset: 0, bytes } as const;
  const steps: TensorRef = {
    ...{ name: 'w.steps', dtype: 'F32', shape: [PANELS, 1, PANEL_COLUMNS] },
    ...{ path, offset: bytes, bytes: stepBytes },
  };
  const matrix = { dtype: 'F16', shape: [PANELS * PANEL_COLUMNS, INTO] } as const;
  return { ...steps, ...matrix, name: 'w', eightBit: { panels, steps, first: 0 } };
}

function anonymousBytes(): number {
  const status = readFileSync('/proc/self/status', 'utf8');
  return Number(/^RssAnon:\s*(\d+) kB$/m.exec(status)?.[1]) * 1024;
}

it.runIf(process.platform === 'linux')('reads 8-bit weights where they lie: no copy', async () => {
  const graph = createGraph('g');
  const x = input(graph, 'x', 'float32', ['n', INTO]);
  output('y', linear(x, { weight: emptyMatrix() }));
  const before = anonymousBytes();
  const session = await createSession(graph, { device: 'cpu', threads: 1 });
  await session.run({ x: floatTensor(new Float32Array(2 * INTO), [2, INTO]) }, ['y']);
  expect(anonymousBytes() - before, 'anonymous memory beside 64 MiB of weights').toBeLessThan(
    24 * MIB,
  );
  await session.dispose();
});
