import { expect, it } from 'vitest';
import { modelFolder } from '../../checkpoint/model-folder.ts';
import { QWEN2_VL_DRAFT, TINY_DRAFT, TINY_TARGET } from '../../checkpoint/testing/folders.ts';
import type { Product } from '../../contracts/checkpoint.ts';
import { buildMsdDraft, draftProducts } from '../../draft/msd-graph.ts';
import { decoderOf, familyOf } from '../../families/families.ts';
import { readDraft } from '../../families/read-draft.ts';
import { readTarget } from '../../families/read-target.ts';
import { planConversion, withForms } from '../../formats/plan-conversion.ts';
import type { Graph } from '../../graph/graph.ts';
import { repositoryPath } from '../../input/node/testing/read-goldens.ts';
import { buildLlama } from '../../model/llama.ts';
import { PICTURE_FAMILIES, TEXT_FAMILIES } from '../testing/family-fixture.ts';
import { inFiles, targetProducts } from './model-products.ts';

const fixture = (name: string) => repositoryPath(`fixtures/families/${name}`);
const MODELS = [...PICTURE_FAMILIES, ...TEXT_FAMILIES].map(fixture);

type Tensors = Parameters<typeof withForms>[0];

/** As if they were converted: enough to build graphs that never run. */
const inForm = (tensors: Tensors, products: readonly Product[]) =>
  withForms(tensors, planConversion('w8a8', products, '/converted', 'signed'));

/** Products by matrices in a form, and by those that are read as stored. */
function countProducts({ nodes }: Graph) {
  const count = (op: string) => nodes.filter((node) => node.op === op).length;
  return { converted: count('com.microsoft.MatMulIntegerToFloat'), plain: count('Gemm') };
}

it.each([TINY_TARGET, ...MODELS])('all products of %s are named, each as it is', async (dir) => {
  const { config, tensors } = await readTarget(modelFolder(dir));
  const { decoder, head, tower } = targetProducts(config, tensors);
  const converted = inForm(tensors, [...decoder, ...head, ...tower]);
  const graph = buildLlama(config.decoder, decoderOf({ config, tensors: converted }));
  const wanted = { converted: decoder.length + head.length, plain: 0 };
  expect(countProducts(graph), 'decoder and head').toEqual(wanted);
  const vision = familyOf(config).vision?.(config, converted);
  if (vision === undefined) expect(tower).toEqual([]);
  else {
    // The convolution that cuts the patches is a product too; an eye of convolutions has none.
    const plain = config.family === 'glance' ? 0 : 1;
    expect(countProducts(vision), 'tower').toEqual({ converted: tower.length, plain });
  }
});

it.each([
  [TINY_TARGET, TINY_DRAFT],
  [fixture('qwen2-vl'), QWEN2_VL_DRAFT],
])('all products of the draft of %s but the head are its own', async (model, draft) => {
  const target = await readTarget(modelFolder(model));
  const { config, tensors } = await readDraft(modelFolder(draft));
  const products = inFiles(draftProducts(config, tensors));
  const { head } = decoderOf(target);
  for (const fusion of ['decoupled', 'fused'] as const) {
    const graph = buildMsdDraft(config, inForm(tensors, products), head, fusion);
    expect(countProducts(graph)).toEqual({ converted: products.length, plain: 1 });
  }
});
