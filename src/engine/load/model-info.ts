import type { Stored, TensorRef } from '../../contracts/checkpoint.ts';
import type { LoadSettings, ModelInfo, ModelPart, PartPrecisions } from '../../contracts/load.ts';
import type { TargetFiles } from '../../families/read-target.ts';
import type { DraftFiles } from '../host.ts';
import { partsOf, precisionWords } from './model-products.ts';

/** Bytes of a key and a value, both float32, in one layer. */
export const cacheBytes = ({ kvHeads, headDim }: { kvHeads: number; headDim: number }): number =>
  2 * 4 * kvHeads * headDim;

/** What was loaded, from the files and the measured costs. */
export function modelInfo(
  settings: LoadSettings,
  { config, tensors, unapplied }: TargetFiles,
  draft: DraftFiles | null,
  costs: ModelInfo['costs'],
): ModelInfo {
  const { decoder } = config;
  const refs = [...tensors.values()];
  const draftRefs = draft === null ? [] : [...draft.tensors.values()];
  const draftCache = draft === null ? 0 : cacheBytes(draft.config);
  return {
    ...settings,
    family: config.family,
    precision: precisionText(tensors, settings.precision, partsOf(config, draft !== null)),
    contextLength: decoder.contextLength,
    hiddenSize: decoder.hiddenSize,
    layers: decoder.layers,
    vocabSize: decoder.vocabSize,
    parameters: countNumbers(refs),
    draftParameters: countNumbers(draftRefs),
    weightBytes: boundBytes([...refs, ...draftRefs]),
    cacheBytesPerToken: decoder.layers * cacheBytes(decoder) + draftCache,
    imageTokens: config.imageTokens ?? null,
    unapplied,
    costs,
  };
}

/** What the numbers of these parts are computed in, and what the files hold. */
export function precisionText(
  tensors: TargetFiles['tensors'],
  precisions: PartPrecisions | undefined,
  parts: readonly ModelPart[],
): string {
  const dtypes = new Set([...tensors.values()].map(({ dtype }) => dtype));
  return `${precisionWords(precisions, parts)} (weights ${[...dtypes].join(', ')})`;
}

/** Converted matrices share their product's parts. */
function boundBytes(refs: readonly TensorRef[]): number {
  const bound = refs.flatMap((ref): Stored[] => (ref.form ? Object.values(ref.form.parts) : [ref]));
  const places = new Map(bound.map(({ path, offset, bytes }) => [`${path}#${offset}`, bytes]));
  return [...places.values()].reduce((sum, bytes) => sum + bytes, 0);
}

function countNumbers(refs: readonly TensorRef[]): number {
  const sizes = refs.map(({ shape }) => shape.reduce((product, dim) => product * dim, 1));
  return sizes.reduce((sum, size) => sum + size, 0);
}
