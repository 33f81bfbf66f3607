import * as z from 'zod';
import type { TargetConfig } from '../../contracts/checkpoint.ts';
import { count, fieldError, parseFields, tokenId } from '../../contracts/config-fields.ts';
import type { ConfigFiles } from '../config-files.ts';
import { edgeTokens } from '../decoder/edge-tokens.ts';
import { llamaSchema, llamaSizes } from '../decoder/llama-config.ts';

/** Blocks of one kind, the first of which may make the picture smaller. */
interface Stage {
  readonly repeats: number;
  readonly kernel: number;
  readonly stride: number;
  /** How much wider a block is inside than what it reads. */
  readonly expansion: number;
  readonly channels: number;
}

/** An EfficientNet-Lite (Tan and Le 2019, without squeeze-and-excite), its norms folded. */
export interface EyeConfig {
  readonly imageSize: number;
  readonly stemChannels: number;
  readonly stages: readonly Stage[];
  /** The grid reads what so many stages make, beside the last. */
  readonly middleStage: number;
  readonly headChannels: number;
  readonly classes: number;
  /** Names beyond the classes, which are told by the whole picture alone; 0 is none. */
  readonly moreNames: number;
  /** Width of what these names are told by. */
  readonly moreNamesRank: number;
}

/** A classifier's eye, a bridge of names, a grid, and a Llama. */
export interface GlanceConfig extends TargetConfig {
  readonly family: 'glance';
  readonly eye: EyeConfig;
  /** Visual tokens of a class's name; there are two such groups. */
  readonly nameTokens: number;
  /** Chances of names are raised to this power: the larger, the less unlikely ones blur a name. */
  readonly nameSharpness: number;
  /** Visual tokens along each side of the grid. */
  readonly gridSize: number;
  readonly imageTokenId: number;
  readonly imageTokens: number;
  /** The names in words, as the bridge says them, where the files tell. */
  readonly names?: readonly string[];
}

const LITE0: readonly Stage[] = (
  [
    [1, 3, 1, 1, 16],
    [2, 3, 2, 6, 24],
    [2, 5, 2, 6, 40],
    [3, 3, 2, 6, 80],
    [3, 5, 1, 6, 112],
    [4, 5, 2, 6, 192],
    [1, 3, 1, 6, 320],
  ] as const
).map(([repeats, kernel, stride, expansion, channels]) => {
  return { repeats, kernel, stride, expansion, channels };
});

const stage = z.object({
  repeats: count,
  kernel: count,
  stride: count,
  expansion: count,
  channels: count,
});

const schema = z.object({
  text_config: llamaSchema.extend({ model_type: z.literal('llama').default('llama') }),
  vision_config: z
    .object({
      image_size: count.default(224),
      stem_channels: count.default(32),
      stages: z
        .array(stage)
        .min(1)
        .default([...LITE0]),
      middle_stage: count.default(5),
      head_channels: count.default(1280),
      classes: count.default(1000),
      more_names: z.int().nonnegative().default(0),
      more_names_rank: count.default(256),
      id2label: z.record(z.string(), z.string()).optional(),
    })
    .prefault({}),
  name_tokens: count.default(4),
  name_sharpness: z.number().min(1).max(100).default(2),
  grid_size: count.default(4),
  image_token_id: tokenId,
  read_text: z.boolean().default(true),
});

/**
 * The target that the files describe. What a file leaves out is EfficientNet-Lite0, eight tokens of names and a grid of
 * four by four.
 * @throws CheckpointError that names the field
 */
export function glanceConfig(files: ConfigFiles): GlanceConfig {
  const { path, value } = files.config;
  const fields = parseFields(path, schema, value);
  const text = fields.text_config;
  const eye = {
    imageSize: fields.vision_config.image_size,
    stemChannels: fields.vision_config.stem_channels,
    stages: fields.vision_config.stages,
    middleStage: fields.vision_config.middle_stage,
    headChannels: fields.vision_config.head_channels,
    classes: fields.vision_config.classes,
    moreNames: fields.vision_config.more_names,
    moreNamesRank: fields.vision_config.more_names_rank,
  };
  const { length } = eye.stages;
  if (eye.middleStage > length) {
    const expectation = `there are ${length} stages`;
    throw fieldError(path, 'vision_config.middle_stage', eye.middleStage, expectation);
  }
  const decoder = {
    ...llamaSizes(path, 'text_config.', text),
    layers: text.num_hidden_layers,
    tiedEmbeddings: text.tie_word_embeddings,
  };
  const { image_token_id: imageTokenId, name_tokens: nameTokens, grid_size: gridSize } = fields;
  if (imageTokenId >= decoder.vocabSize) {
    const expectation = `the vocabulary ends at ${decoder.vocabSize}`;
    throw fieldError(path, 'image_token_id', imageTokenId, expectation);
  }
  const { id2label } = fields.vision_config;
  const names = id2label && namesOf(path, id2label, eye.classes + eye.moreNames);
  return {
    family: 'glance',
    ...(names && { names }),
    decoder,
    eye,
    nameTokens,
    nameSharpness: fields.name_sharpness,
    gridSize,
    imageTokenId,
    imageTokens: 2 * nameTokens + gridSize ** 2,
    readsText: fields.read_text,
    ...edgeTokens(files, text),
  };
}

/** @throws CheckpointError where one is missing or there are more */
function namesOf(path: string, labels: Readonly<Record<string, string>>, count: number): string[] {
  const names = Array.from({ length: count }, (_, id) => labels[id]);
  const field = 'vision_config.id2label';
  const missing = names.indexOf(undefined);
  if (missing >= 0)
    throw fieldError(path, `${field}.${missing}`, undefined, 'each class has a name');
  const more = Object.keys(labels).length;
  if (more > count) throw fieldError(path, field, more, `there are ${count} names`);
  return names as string[];
}
