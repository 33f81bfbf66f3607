import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { modelFolder } from '../../checkpoint/model-folder.ts';
import { readTensorTable } from '../../checkpoint/tensor-table.ts';
import { LLAVA_GQA } from '../../checkpoint/testing/folders.ts';
import { floatsOf, floatTensor, type Session } from '../../contracts/session.ts';
import type { Target } from '../../contracts/target.ts';
import { onAllAxes, wordPositions } from '../../decode/draft-rows.ts';
import { createTarget } from '../../engine/answer/target.ts';
import {
  floats,
  golden,
  largestDifference,
  readGoldens,
  readJson,
} from '../../input/node/testing/read-goldens.ts';
import { consecutive } from '../../model/consecutive.ts';
import { buildLlama } from '../../model/llama.ts';
import { createSession } from '../../runtime/session.ts';
import { selectTargetTensors } from '../families.ts';
import { llavaDecoder } from '../llava-parts/llava-tensors.ts';
import { readTargetConfig } from '../read-target.ts';
import type { LlavaConfig } from './llava-config.ts';
import { buildLlavaVision } from './llava-vision.ts';

interface GoldenCase {
  readonly name: string;
  readonly input_ids: readonly number[];
  readonly images: readonly string[];
}
interface GoldenTree {
  readonly case: string;
  readonly tokens: readonly number[];
  readonly parents: readonly number[];
  readonly positions: readonly number[];
}

/** A grouped-query decoder in bf16 with tied embeddings, and a tower whose last layer is projected with its class token. */
describe("Hugging Face's numbers for fixtures/families/llava-gqa", () => {
  const { cases, tree } = readJson('fixtures/families/llava-gqa/cases.json') as {
    cases: readonly GoldenCase[];
    tree: GoldenTree;
  };
  const tensors = readGoldens('fixtures/families/llava-gqa/goldens.safetensors');
  const numbers = (name: string) => floats(golden(tensors, name));
  const BOUND = 2e-4;
  let config: LlavaConfig;
  let [vision, decoder]: Session[] = [];
  let target: Target;

  beforeAll(async () => {
    config = (await readTargetConfig(modelFolder(LLAVA_GQA))) as LlavaConfig;
    const table = await readTensorTable(LLAVA_GQA);
    const tensors = selectTargetTensors(table, config, LLAVA_GQA);
    const graphs = {
      vision: buildLlavaVision(config, tensors),
      decoder: buildLlama(config.decoder, llavaDecoder(config, tensors)),
    };
    vision = await createSession(graphs.vision, { device: 'cpu', threads: 1 });
    decoder = await createSession(graphs.decoder, { device: 'cpu', threads: 1 });
    target = createTarget(decoder, config.decoder);
  });
  afterAll(async () => {
    await vision?.dispose();
    await decoder?.dispose();
  });

  /** The projected pictures of a case, one after the other. */
  async function embeddingsOf({ name, images }: GoldenCase): Promise<Float32Array> {
    if (images.length === 0) return new Float32Array(0);
    const { imageSize } = config.vision;
    const all = numbers(`${name}.pixel_values`);
    const size = all.length / images.length;
    const parts: number[] = [];
    for (const index of images.keys()) {
      const data = all.slice(index * size, (index + 1) * size);
      const pixels = floatTensor(data, [1, 3, imageSize, imageSize]);
      const outputs = await (vision as Session).run({ pixels }, ['embeddings']);
      parts.push(...floatsOf(outputs, 'embeddings'));
    }
    return Float32Array.from(parts);
  }

  /** Reads a whole prompt; its last 8 heads are wanted. */
  async function readCase(one: GoldenCase) {
    const ids = Int32Array.from(one.input_ids);
    const n = ids.length;
    const data = await embeddingsOf(one);
    const slots = consecutive(n).filter((row) => ids[row] === config.imageTokenId);
    const embeddings = { data, count: slots.length, width: config.decoder.hiddenSize };
    const sequence = target.open();
    const [forward] = await target.forward([
      {
        sequence,
        ids,
        parents: consecutive(n, -1),
        positions: wordPositions(n, 0),
        heads: consecutive(8, n - 8),
        visual: { embeddings, slots },
        want: 'logits',
      },
    ]);
    if (forward === undefined) throw new Error('a pass gives one forward a step');
    sequence.commit(forward, consecutive(n));
    const features = await target.read(forward.rows);
    return { sequence, features, logits: forward.logits };
  }

  it.each(cases)('prompt $name: pictures, features and logits', async (one) => {
    const { features, logits } = await readCase(one);
    if (one.images.length > 0) {
      const expected = numbers(`${one.name}.image_features`);
      expect(largestDifference(await embeddingsOf(one), expected)).toBeLessThan(BOUND);
    }
    expect(largestDifference(features.data, numbers(`${one.name}.hidden`))).toBeLessThan(BOUND);
    const expected = numbers(`${one.name}.logits`);
    expect(largestDifference(logits?.data ?? [], expected)).toBeLessThan(BOUND);
  });

  it('a tree behind a prompt', async () => {
    const { sequence } = await readCase(cases.find(({ name }) => name === tree.case) as GoldenCase);
    const ids = Int32Array.from(tree.tokens);
    const parents = Int32Array.from(tree.parents);
    const positions = onAllAxes(Int32Array.from(tree.positions));
    const heads = consecutive(ids.length);
    const step = { sequence, ids, parents, positions, heads, want: 'logits' } as const;
    const [forward] = await target.forward([step]);
    expect(largestDifference(forward?.logits?.data ?? [], numbers('tree.logits'))).toBeLessThan(
      BOUND,
    );
  });
});
