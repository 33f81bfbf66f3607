import type { Stored, TensorRef } from '../../contracts/checkpoint.ts';
import type {
  Device,
  LoadSettings,
  ModelInfo,
  ModelPart,
  PartPrecisions,
} from '../../contracts/load.ts';
import type { DraftFiles } from '../../families/read-any-draft.ts';
import type { TargetFiles } from '../../families/read-target.ts';
import { columnBytes } from '../../model/block-cache.ts';
import { partsOf, precisionOf } from './model-products.ts';

/** What was loaded, from the files and the measured costs. */
export function modelInfo(
  settings: LoadSettings,
  { config, tensors, unapplied }: TargetFiles,
  draft: DraftFiles | null,
  costs: ModelInfo['costs'],
): Omit<ModelInfo, 'drafters'> {
  const { decoder } = config;
  const refs = [...tensors.values()];
  const draftRefs = draft === null ? [] : [...draft.tensors.values()];
  const draftCache = draft === null ? 0 : columnBytes({ layers: 1, ...draft.config });
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
    cacheBytesPerToken: columnBytes(decoder) + draftCache,
    readsPictures: config.imageTokenId !== undefined,
    imageTokens: config.imageTokens ?? null,
    unapplied,
    costs,
  };
}

/** The device, and what it leaves to another: `webgpu (Cast of int64 on the cpu)`. */
export function deviceText(device: Device, leftOut: ReadonlySet<string>): string {
  return leftOut.size === 0 ? device : `${device} (${[...leftOut].sort().join(', ')} on the cpu)`;
}

/** What the numbers of these parts are computed in, and what the files hold. */
function precisionText(
  tensors: TargetFiles['tensors'],
  precisions: PartPrecisions | undefined,
  parts: readonly ModelPart[],
): string {
  const dtypes = new Set([...tensors.values()].map(({ dtype }) => dtype));
  return `${computedIn(precisions, parts)} (weights ${[...dtypes].join(', ')})`;
}

/** One precision, or that of each part: `decoder w8a8, head fp32`. */
export function computedIn(
  precisions: PartPrecisions | undefined,
  parts: readonly ModelPart[],
): string {
  const [same, ...others] = new Set(parts.map((part) => precisionOf(precisions, part)));
  if (same !== undefined && others.length === 0) return same;
  return parts.map((part) => `${part} ${precisionOf(precisions, part)}`).join(', ');
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
