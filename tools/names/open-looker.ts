/** What the eye makes of many views: what names may be learnt from. */
import { dirname } from 'node:path';
import { readTensorTable } from '../../src/checkpoint/tensor-table.ts';
import { floatsOf, floatTensor } from '../../src/contracts/session.ts';
import { eyeGraph } from '../../src/families/glance/eye-graph.ts';
import { glanceConfig } from '../../src/families/glance/glance-config.ts';
import { glanceWeights } from '../../src/families/glance/glance-tensors.ts';
import { eyeFeatures } from '../../src/families/glance/more-names.ts';
import { configFiles } from '../../src/families/testing/config-files.ts';
import { packageFile } from '../../src/files/package-file.ts';
import { createGraph, fixedDim, input, output } from '../../src/graph/graph.ts';
import { scale } from '../../src/graph/operators/elementwise.ts';
import { reshape } from '../../src/graph/operators/layout.ts';
import { sumOver } from '../../src/graph/operators/reduce.ts';
import { createSession } from '../../src/runtime/session.ts';

export const SIDE = 224;
const TOGETHER = 8;

/** What the eye makes of a view. */
export interface Look {
  /** What more names are told by. */
  readonly features: Float32Array;
  /** Of ImageNet's classes. */
  readonly scores: Float32Array;
}

export interface Looker {
  look(views: readonly Float32Array[]): Promise<Look[]>;
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
  const places = fixedDim(seen.scores, 1);
  const outputs = {
    features: eyeFeatures(seen),
    scores: reshape(scale(sumOver(seen.scores, [1]), 1 / places), [TOGETHER, config.eye.classes]),
  };
  for (const [name, value] of Object.entries(outputs)) output(name, value);
  const session = await createSession(graph, { device: 'cpu', threads: 1 });
  const size = 3 * SIDE * SIDE;
  return {
    async look(views) {
      const made: Look[] = [];
      for (let first = 0; first < views.length; first += TOGETHER) {
        const some = views.slice(first, first + TOGETHER);
        const data = new Float32Array(TOGETHER * size);
        for (const [at, view] of some.entries()) data.set(view, at * size);
        const feeds = { pixels: floatTensor(data, [TOGETHER, 3, SIDE, SIDE]) };
        const found = await session.run(feeds, ['features', 'scores']);
        const row = (name: string, at: number) => {
          const rows = floatsOf(found, name);
          const width = rows.length / TOGETHER;
          return rows.slice(at * width, (at + 1) * width);
        };
        for (const at of some.keys())
          made.push({ features: row('features', at), scores: row('scores', at) });
      }
      return made;
    },
    dispose: () => session.dispose(),
  };
}
