import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readTensorTable } from '../../checkpoint/tensor-table.ts';
import { floatsOf, floatTensor, type Session } from '../../contracts/session.ts';
import { createGraph, input, output } from '../../graph/graph.ts';
import {
  floats,
  golden,
  largestDifference,
  readGoldens,
  repositoryPath,
} from '../../input/node/testing/read-goldens.ts';
import { createSession } from '../../runtime/session.ts';
import { configFiles } from '../testing/config-files.ts';
import { eyeGraph } from './eye-graph.ts';
import { glanceConfig } from './glance-config.ts';
import { glanceWeights } from './glance-tensors.ts';

/** Of the largest number that an output has. */
const BOUND = 1e-4;
const goldens = readGoldens('fixtures/eye/goldens.safetensors');

let eye: Session;
beforeAll(async () => {
  const config = glanceConfig(
    configFiles({ model_type: 'glance', image_token_id: 16, text_config: {} }),
  );
  const graph = createGraph('eye');
  const tensors = await readTensorTable(repositoryPath('models/eye'));
  const pixels = input(graph, 'pixels', 'float32', [1, 3, 224, 224]);
  const seen = eyeGraph(pixels, config.eye, glanceWeights(config, tensors));
  for (const [name, value] of Object.entries(seen)) output(name, value);
  eye = await createSession(graph, { device: 'cpu', threads: 1 });
});
afterAll(() => eye.dispose());

describe('the eye that comes with the package, against PyTorch on the same weights', () => {
  it.each(['clock', 'wide'])('makes the same of %s', async (name) => {
    const { bytes } = golden(goldens, `${name}.pixels`);
    const places = 224 ** 2;
    const pixels = Float32Array.from({ length: 3 * places }, (_, i) => {
      return ((bytes[(i % places) * 3 + Math.floor(i / places)] as number) - 127) / 128;
    });
    const feeds = { pixels: floatTensor(pixels, [1, 3, 224, 224]) };
    const seen = await eye.run(feeds, ['middle', 'last', 'scores']);
    const scores = floatsOf(seen, 'scores'); // [49, 1000]
    const logits = Float32Array.from({ length: 1000 }, (_, index) => {
      let sum = 0;
      for (let place = 0; place < 49; place++) sum += scores[place * 1000 + index] as number;
      return sum / 49;
    });
    const made = { mid: floatsOf(seen, 'middle'), last: floatsOf(seen, 'last'), logits };
    for (const [part, numbers] of Object.entries(made)) {
      const wanted = floats(golden(goldens, `${name}.${part}`));
      const largest = wanted.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
      expect(largestDifference(numbers, wanted) / largest, part).toBeLessThan(BOUND);
    }
  });
});
