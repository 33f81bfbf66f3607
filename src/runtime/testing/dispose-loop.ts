/**
 * A process of its own: makes, runs and disposes sessions over one weight [n, n], and prints the resident memory in
 * bytes after each as JSON. Arguments: a safetensors file with tensor `w`, and how many sessions.
 */

import type { TensorRef } from '../../contracts/checkpoint.ts';
import { floatTensor } from '../../contracts/session.ts';
import { linear } from '../../graph/blocks/linear.ts';
import { createGraph, input, output } from '../../graph/graph.ts';
import { readSafetensorsHeader } from '../../safetensors/safetensors.ts';
import { createSession } from '../session.ts';

const [path, times] = process.argv.slice(2);
const weight = (await readSafetensorsHeader(path as string)).get('w') as TensorRef;
const width = weight.shape[1] as number;
const graph = createGraph('loop');
output('y', linear(input(graph, 'x', 'float32', ['n', width]), { weight }));

const resident: number[] = [];
for (let i = 0; i < Number(times); i++) {
  const session = await createSession(graph, { device: 'cpu', threads: 1 });
  await session.run({ x: floatTensor(new Float32Array(2 * width), [2, width]) }, ['y']);
  await session.dispose();
  resident.push(process.memoryUsage().rss);
}
process.stdout.write(JSON.stringify(resident));
