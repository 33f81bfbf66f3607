/** What the eye makes of many views: what names may be learnt from. */
import { dirname } from 'node:path';
import { readTensorTable } from '../../src/checkpoint/tensor-table.ts';
import { floatsOf, floatTensor } from '../../src/contracts/session.ts';
import { eyeGraph } from '../../src/families/glance/eye-graph.ts';
import { glanceConfig } from '../../src/families/glance/glance-config.ts';
import { eyeFeatures } from '../../src/families/glance/glance-names.ts';
import { glanceWeights } from '../../src/families/glance/glance-tensors.ts';
import { configFiles } from '../../src/families/testing/config-files.ts';
import { packageFile } from '../../src/files/package-file.ts';
import { createGraph, input, output } from '../../src/graph/graph.ts';
import { createSession } from '../../src/runtime/session.ts';

export const SIDE = 224;
const TOGETHER = 8;

export interface Looker {
  /** Numbers of a view's features. */
  readonly width: number;
  /** Views → features, one after the other. */
  look(views: readonly Float32Array[]): Promise<Float32Array[]>;
  dispose(): Promise<void>;
}

export async function openLooker(): Promise<Looker> {
  const config = glanceConfig(
    configFiles({ model_type: 'glance', image_token_id: 16, text_config: {} }),
  );
  const graph = createGraph('eye');
  const folder = dirname(packageFile('models/eye/model.safetensors'));
  const pixels = input(graph, 'pixels', 'float32', [TOGETHER, 3, SIDE, SIDE]);
  const seen = eyeGraph(pixels, config.eye, glanceWeights(config, await readTensorTable(folder)));
  const features = eyeFeatures(seen, config);
  output('features', features);
  const width = features.shape[1] as number;
  const session = await createSession(graph, { device: 'cpu', threads: 1 });
  const size = 3 * SIDE * SIDE;
  return {
    width,
    async look(views) {
      const made: Float32Array[] = [];
      for (let first = 0; first < views.length; first += TOGETHER) {
        const some = views.slice(first, first + TOGETHER);
        const data = new Float32Array(TOGETHER * size);
        for (const [at, view] of some.entries()) data.set(view, at * size);
        const feeds = { pixels: floatTensor(data, [TOGETHER, 3, SIDE, SIDE]) };
        const rows = floatsOf(await session.run(feeds, ['features']), 'features');
        for (const at of some.keys()) made.push(rows.slice(at * width, (at + 1) * width));
      }
      return made;
    },
    dispose: () => session.dispose(),
  };
}
