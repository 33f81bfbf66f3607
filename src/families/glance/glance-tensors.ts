import type { WeightRef } from '../../contracts/checkpoint.ts';
import type { LinearWeights } from '../../graph/blocks/linear.ts';
import type { ConvolutionWeights, InvertedResidualWeights } from '../../model/inverted-residual.ts';
import { plainLayout } from '../decoder/plain-decoder.ts';
import type { Tensors } from '../family.ts';
import { linearShapes, type Shapes, type TensorLayout } from '../tensor-layout.ts';
import type { EyeConfig, GlanceConfig } from './glance-config.ts';

/** The decoder's tensors are called as in a Llama alone, so that its file serves as it is. */
export function glanceLayout(config: GlanceConfig): TensorLayout {
  const body = plainLayout(config);
  const { eye, decoder, nameTokens } = config;
  const h = decoder.hiddenSize;
  return {
    ...body,
    required: [
      ...body.required,
      ...eyeShapes(eye),
      ...moreNamesShapes(eye),
      ['names.weight', [nameTokens * h, eye.classes + eye.moreNames]],
      ...linearShapes('grid.linear_1', h, gridWidth(config)),
      ...linearShapes('grid.linear_2', h, h),
    ],
  };
}

/** What is known of a cell: channels of the middle and of the last stage, and names. */
export function gridWidth({ eye, decoder }: GlanceConfig): number {
  return channelsOf(eye, eye.middleStage) + channelsOf(eye, eye.stages.length) + decoder.hiddenSize;
}

/** Cells along each side that more names are told by, of the middle stage and of the last. */
export const FEATURE_CELLS = [4, 2] as const;

/** What more names are told by: the middle stage and the last, in cells. */
const featureWidth = (eye: EyeConfig): number =>
  channelsOf(eye, eye.middleStage) * FEATURE_CELLS[0] ** 2 +
  channelsOf(eye, eye.stages.length) * FEATURE_CELLS[1] ** 2;

function moreNamesShapes(eye: EyeConfig): Shapes {
  if (eye.moreNames === 0) return [];
  return [
    ...linearShapes('eye.more_names.linear_1', eye.moreNamesRank, featureWidth(eye)),
    ...linearShapes('eye.more_names.linear_2', eye.moreNames, eye.moreNamesRank),
  ];
}

const channelsOf = ({ stages }: EyeConfig, made: number): number =>
  stages[made - 1]?.channels as number;

/** The blocks of all stages, in order. */
export function eyeBlocks({ stages, stemChannels }: EyeConfig) {
  let into = stemChannels;
  return stages.flatMap(({ repeats, kernel, stride, expansion, channels }, index) =>
    Array.from({ length: repeats }, (_, repeat) => {
      const block = { into, kernel, expansion, channels, stage: index + 1 };
      into = channels;
      return { ...block, stride: repeat === 0 ? stride : 1 };
    }),
  );
}

function eyeShapes(eye: EyeConfig): Shapes {
  const convolution = (name: string, out: number, into: number, kernel = 1): Shapes => [
    [`eye.${name}.weight`, [out, into, kernel, kernel]],
    [`eye.${name}.bias`, [out]],
  ];
  const blocks = eyeBlocks(eye).flatMap(({ into, kernel, expansion, channels }, index) => {
    const [at, wide] = [`blocks.${index}`, into * expansion];
    return [
      ...(expansion > 1 ? convolution(`${at}.expand`, wide, into) : []),
      ...convolution(`${at}.depthwise`, wide, 1, kernel),
      ...convolution(`${at}.project`, channels, wide),
    ];
  });
  return [
    ...convolution('stem', eye.stemChannels, 3, 3),
    ...blocks,
    ...convolution('head', eye.headChannels, channelsOf(eye, eye.stages.length)),
    ...linearShapes('eye.classifier', eye.classes, eye.headChannels),
  ];
}

/** Everything before the decoder. */
export interface GlanceWeights {
  readonly stem: ConvolutionWeights;
  readonly blocks: readonly InvertedResidualWeights[];
  readonly head: ConvolutionWeights;
  readonly classifier: LinearWeights;
  /** Absent where there are none. */
  readonly moreNames?: readonly [LinearWeights, LinearWeights];
  /** What each class's name is in the decoder's embeddings, token by token: [nameTokens · H, classes + moreNames] */
  readonly names: WeightRef;
  readonly grid: readonly [LinearWeights, LinearWeights];
}

export function glanceWeights({ eye }: GlanceConfig, tensors: Tensors): GlanceWeights {
  const get = (name: string) => tensors.get(name) as WeightRef;
  const both = (at: string) => ({ weight: get(`${at}.weight`), bias: get(`${at}.bias`) });
  return {
    stem: both('eye.stem'),
    blocks: eyeBlocks(eye).map(({ expansion }, index) => ({
      ...(expansion > 1 && { expand: both(`eye.blocks.${index}.expand`) }),
      depthwise: both(`eye.blocks.${index}.depthwise`),
      project: both(`eye.blocks.${index}.project`),
    })),
    head: both('eye.head'),
    classifier: both('eye.classifier'),
    ...(eye.moreNames > 0 && {
      moreNames: [both('eye.more_names.linear_1'), both('eye.more_names.linear_2')] as const,
    }),
    names: get('names.weight'),
    grid: [both('grid.linear_1'), both('grid.linear_2')],
  };
}
