import { dirname } from 'node:path';
import { readTensorTable } from '../../src/checkpoint/tensor-table.ts';
import { floatsOf, floatTensor } from '../../src/contracts/session.ts';
import { eyeGraph } from '../../src/families/glance/eye-graph.ts';
import { glanceConfig } from '../../src/families/glance/glance-config.ts';
import { glancePictures } from '../../src/families/glance/glance-pictures.ts';
import { glanceWeights } from '../../src/families/glance/glance-tensors.ts';
import { configFiles } from '../../src/families/testing/config-files.ts';
import { createGraph, input, output } from '../../src/graph/graph.ts';
import { createImageDecoder } from '../../src/input/node/decode-image.ts';
import { readPicture } from '../../src/input/node/read-picture.ts';
import type { Tokenizer } from '../../src/input/tokenizer.ts';
import { createSession } from '../../src/runtime/session.ts';

/** The eye alone, out of its file, and what it makes of picture files. */
export async function openEye(file: string) {
  const config = glanceConfig(
    configFiles({ model_type: 'glance', image_token_id: 16, text_config: {} }),
  );
  const wordless = { encode: () => new Int32Array() } as unknown as Tokenizer;
  const preprocessor = { path: 'preprocessor_config.json', value: {} };
  const reader = glancePictures(config, { preprocessor, tokenizer: wordless });
  const graph = createGraph('eye');
  const weights = glanceWeights(config, await readTensorTable(dirname(file)));
  const pixels = input(graph, 'pixels', 'float32', [1, 3, 224, 224]);
  const seen = eyeGraph(pixels, config.eye, weights);
  for (const [name, value] of Object.entries(seen)) output(name, value);
  const session = await createSession(graph, { device: 'cpu', threads: 1 });
  return {
    async see(picture: string) {
      const image = await createImageDecoder()(await readPicture(picture), reader);
      const pixels = floatsOf(reader.feeds(image), 'pixels');
      const feeds = { pixels: floatTensor(pixels, [1, 3, 224, 224]) };
      const made = await session.run(feeds, ['middle', 'last', 'scores']);
      const scores = floatsOf(made, 'scores');
      return {
        pixels,
        mid: floatsOf(made, 'middle'),
        last: floatsOf(made, 'last'),
        logits: meanRow(scores, config.eye.classes),
      };
    },
    dispose: () => session.dispose(),
  };
}

/** [n, width] → [width] */
function meanRow(rows: Float32Array, width: number): Float32Array {
  const count = rows.length / width;
  return Float32Array.from({ length: width }, (_, column) => {
    let sum = 0;
    for (let row = 0; row < count; row++) sum += rows[row * width + column] as number;
    return sum / count;
  });
}
