import { expect, it } from 'vitest';
import { modelFolder } from '../../checkpoint/model-folder.ts';
import type { WeightRef } from '../../contracts/checkpoint.ts';
import { floatsOf, floatTensor, intsOf } from '../../contracts/session.ts';
import { repositoryPath } from '../../input/node/testing/read-goldens.ts';
import { createSession } from '../../runtime/session.ts';
import { readTarget } from '../read-target.ts';
import type { GlanceConfig } from './glance-config.ts';
import { buildGlanceVision } from './glance-vision.ts';

it('tells the two likeliest names of each picture, which its first groups of tokens say', async () => {
  const files = await readTarget(modelFolder(repositoryPath('fixtures/families/glance')));
  const config = files.config as GlanceConfig;
  const { eye, nameTokens, decoder, imageTokens } = config;
  const [width, side, pictures] = [decoder.hiddenSize, eye.imageSize, 4];
  // The first token of a group is a row of the names' chances.
  const data = new Float32Array(nameTokens * width * eye.classes);
  for (let name = 0; name < eye.classes; name += 1) data[name * eye.classes + name] = 1;
  const shape = [nameTokens * width, eye.classes];
  const names = { name: 'names.weight', shape, dtype: 'F32', data } as const;
  const tensors = new Map<string, WeightRef>([...files.tensors, [names.name, names]]);
  const session = await createSession(buildGlanceVision(config, tensors, 'p'), {
    device: 'cpu',
    threads: 1,
  });
  const pixels = Float32Array.from({ length: pictures * 3 * side ** 2 }, (_, i) =>
    Math.sin(i * (1 + Math.floor(i / (3 * side ** 2)))),
  );
  const seen = await session.run({ pixels: floatTensor(pixels, [pictures, 3, side, side]) }, [
    'embeddings',
    'named',
  ]);
  await session.dispose();
  const rows = floatsOf(seen, 'embeddings');
  const said = Array.from({ length: 2 * pictures }, (_, at) => {
    const row = (at >> 1) * imageTokens + (at % 2) * nameTokens;
    const chances = rows.subarray(row * width, row * width + eye.classes);
    return chances.indexOf(Math.max(...chances));
  });
  expect([...intsOf(seen, 'named')]).toEqual(said);
  expect(new Set(said).size).toBeGreaterThan(2);
});
