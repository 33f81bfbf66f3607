import type {
  DecoderConfig,
  LlavaConfig,
  TensorRef,
  TensorTable,
  VisionConfig,
} from '../contracts/checkpoint.ts';
import { TensorsError } from '../contracts/errors.ts';
import { matchTensors } from './match-tensors.ts';

type Shapes = [name: string, shape: readonly number[]][];

const EMBEDDING = 'language_model.model.embed_tokens.weight';
const HEAD = 'language_model.lm_head.weight';
const TOWER = 'vision_tower.vision_model';

/** What transformers 4.52 and later may write, and the published name that each stands for. */
const NEWER_STYLE: readonly (readonly [newer: string, published: string])[] = [
  ['model.language_model.', 'language_model.model.'],
  ['model.vision_tower.', 'vision_tower.'],
  ['model.multi_modal_projector.', 'multi_modal_projector.'],
  ['lm_head.', 'language_model.lm_head.'],
];

/**
 * The tensors that the target uses, under the names of published llava-hf files, whichever style the file has. A tied
 * head is the embedding table's own ref. Layers of the tower beyond the chosen feature may be stored; they are left out.
 * @throws TensorsError with every missing, unexpected or misshapen tensor.
 */
export function selectTargetTensors(
  table: TensorTable,
  config: LlavaConfig,
  path: string,
): Map<string, TensorRef> {
  const { decoder, vision, projector } = config;
  const layer = projector.featureLayer;
  const usedLayers = layer < 0 ? vision.layers + 1 + layer : layer;
  const head: Shapes = [[HEAD, [decoder.vocabSize, decoder.hiddenSize]]];
  const tied = decoder.tiedEmbeddings;
  const required = new Map([
    ...decoderShapes(decoder),
    ...(tied ? [] : head),
    ...towerShapes(vision, usedLayers),
    ...projectorShapes(config),
  ]);
  const optional = new Map([...(tied ? head : []), ...unusedTowerShapes(vision, usedLayers)]);
  const tensors = matchTensors(path, publishedNames(path, table), required, optional);
  const embedding = tensors.get(EMBEDDING);
  if (tied && embedding !== undefined) tensors.set(HEAD, embedding);
  return tensors;
}

/** Every tensor that a published folder of the target holds, layers of the tower that are not used included. */
export function storedShapes({ decoder, vision, projector, ...rest }: LlavaConfig): Shapes {
  const head: Shapes = [[HEAD, [decoder.vocabSize, decoder.hiddenSize]]];
  return [
    ...decoderShapes(decoder),
    ...(decoder.tiedEmbeddings ? [] : head),
    ...towerShapes(vision, vision.layers),
    ...normShapes(`${TOWER}.post_layernorm`, vision.hiddenSize),
    ...projectorShapes({ decoder, vision, projector, ...rest }),
  ];
}

function publishedNames(path: string, table: TensorTable): TensorTable {
  const renamed = new Map<string, TensorRef>();
  const twice: string[] = [];
  for (const [name, ref] of table) {
    const rule = NEWER_STYLE.find(([newer]) => name.startsWith(newer));
    const published = rule === undefined ? name : rule[1] + name.slice(rule[0].length);
    if (renamed.has(published)) twice.push(name);
    renamed.set(published, ref);
  }
  if (twice.length === 0) return renamed;
  throw new TensorsError(path, { missing: [], unexpected: twice, misshapen: [] });
}

function decoderShapes(decoder: DecoderConfig): Shapes {
  const { hiddenSize: h, intermediateSize: m, headDim } = decoder;
  const q = decoder.heads * headDim;
  const kv = decoder.kvHeads * headDim;
  return [
    [EMBEDDING, [decoder.vocabSize, h]],
    ...range(0, decoder.layers).flatMap((i): Shapes => {
      const layer = `language_model.model.layers.${i}`;
      return [
        [`${layer}.input_layernorm.weight`, [h]],
        [`${layer}.self_attn.q_proj.weight`, [q, h]],
        [`${layer}.self_attn.k_proj.weight`, [kv, h]],
        [`${layer}.self_attn.v_proj.weight`, [kv, h]],
        [`${layer}.self_attn.o_proj.weight`, [h, q]],
        [`${layer}.post_attention_layernorm.weight`, [h]],
        [`${layer}.mlp.gate_proj.weight`, [m, h]],
        [`${layer}.mlp.up_proj.weight`, [m, h]],
        [`${layer}.mlp.down_proj.weight`, [h, m]],
      ];
    }),
    ['language_model.model.norm.weight', [h]],
  ];
}

function towerShapes(vision: VisionConfig, usedLayers: number): Shapes {
  const { hiddenSize: h, patchSize: p } = vision;
  const patches = (vision.imageSize / p) ** 2;
  return [
    [`${TOWER}.embeddings.class_embedding`, [h]],
    [`${TOWER}.embeddings.patch_embedding.weight`, [h, 3, p, p]],
    [`${TOWER}.embeddings.position_embedding.weight`, [patches + 1, h]],
    ...normShapes(`${TOWER}.pre_layrnorm`, h),
    ...range(0, usedLayers).flatMap((i) => towerLayerShapes(vision, i)),
  ];
}

function unusedTowerShapes(vision: VisionConfig, usedLayers: number): Shapes {
  return [
    ...range(usedLayers, vision.layers).flatMap((i) => towerLayerShapes(vision, i)),
    ...normShapes(`${TOWER}.post_layernorm`, vision.hiddenSize),
  ];
}

function towerLayerShapes({ hiddenSize: h, intermediateSize: m }: VisionConfig, i: number): Shapes {
  const layer = `${TOWER}.encoder.layers.${i}`;
  return [
    ...normShapes(`${layer}.layer_norm1`, h),
    ...['q_proj', 'k_proj', 'v_proj', 'out_proj'].flatMap((part) =>
      linearShapes(`${layer}.self_attn.${part}`, h, h),
    ),
    ...normShapes(`${layer}.layer_norm2`, h),
    ...linearShapes(`${layer}.mlp.fc1`, m, h),
    ...linearShapes(`${layer}.mlp.fc2`, h, m),
  ];
}

function projectorShapes({ decoder, vision, projector }: LlavaConfig): Shapes {
  const h = decoder.hiddenSize;
  const linears = [
    ...linearShapes('multi_modal_projector.linear_1', h, vision.hiddenSize),
    ...linearShapes('multi_modal_projector.linear_2', h, h),
  ];
  return projector.bias ? linears : linears.filter(([name]) => !name.endsWith('.bias'));
}

function normShapes(name: string, h: number): Shapes {
  return [
    [`${name}.weight`, [h]],
    [`${name}.bias`, [h]],
  ];
}

function linearShapes(name: string, out: number, into: number): Shapes {
  return [
    [`${name}.weight`, [out, into]],
    [`${name}.bias`, [out]],
  ];
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, i) => from + i);
}
