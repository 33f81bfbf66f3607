import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { tempFolder } from '../../../checkpoint/testing/folders.ts';
import type { TensorRef } from '../../../contracts/checkpoint.ts';
import { floatTensor } from '../../../contracts/session.ts';
import { linear } from '../../../graph/blocks/linear.ts';
import { createGraph, input, output } from '../../../graph/graph.ts';
import { refOf } from '../../../graph/testing/stored.ts';
import { createSession } from '../../../runtime/session.ts';
import { sumsMayOverflow } from '../../../runtime/sums-overflow.ts';
import type { EightBits } from '../form.ts';
import { panelLayout } from './panel-layout.ts';

const MIB = 2 ** 20;
const [OUT, INTO] = [65_536, 1024];

/** A matrix of 64 MiB in narrow panels, of numbers so large that sums of two in 16 bits overflow. */
function largeMatrix(eightBits: EightBits): TensorRef {
  const path = join(tempFolder(), 'panels');
  const matrix = refOf('w', [OUT, INTO], 'F16');
  const [layout] = panelLayout([{ matrices: [matrix] }], eightBits, 0);
  if (layout === undefined) throw new Error('a product has a layout');
  const [bytes, stepBytes] = [OUT * INTO, OUT * 4];
  writeFileSync(path, Buffer.alloc(bytes, eightBits === 'signed' ? 127 : 255));
  appendFileSync(path, Buffer.alloc(stepBytes));
  const parts = {
    panels: { name: 'panels', ...layout.panels, path, offset: 0, bytes },
    steps: { name: 'steps', ...layout.steps, path, offset: bytes, bytes: stepBytes },
  };
  return { ...matrix, form: { kind: 'w8a8', parts, outputs: OUT, first: 0, sides: {} } };
}

function anonymousBytes(): number {
  const status = readFileSync('/proc/self/status', 'utf8');
  return Number(/^RssAnon:\s*(\d+) kB$/m.exec(status)?.[1]) * 1024;
}

it.runIf(process.platform === 'linux')(
  'reads panels where they lie, as this processor wants them: no copy',
  async () => {
    const matrix = largeMatrix((await sumsMayOverflow()) ? 'unsigned' : 'signed');
    const graph = createGraph('g');
    const x = input(graph, 'x', 'float32', ['n', INTO]);
    output('y', linear(x, { weight: matrix }));
    const before = anonymousBytes();
    const session = await createSession(graph, { device: 'cpu', threads: 1 });
    await session.run({ x: floatTensor(new Float32Array(2 * INTO), [2, INTO]) }, ['y']);
    expect(anonymousBytes() - before, 'anonymous memory beside 64 MiB of weights').toBeLessThan(
      24 * MIB,
    );
    await session.dispose();
  },
);
