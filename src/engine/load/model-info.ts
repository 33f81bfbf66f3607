import type { TensorRef } from '../../contracts/checkpoint.ts';
import type { LoadSettings, ModelInfo, Precision } from '../../contracts/load.ts';
import type { TargetFiles } from '../../families/read-target.ts';
import { columnBytes } from '../../model/block-cache.ts';
import type { DraftFiles } from '../host.ts';

/** What was loaded, from the files and the measured costs. */
export function modelInfo(
  settings: LoadSettings,
  { config, tensors, unapplied }: TargetFiles,
  draft: DraftFiles | null,
  costs: ModelInfo['costs'],
): ModelInfo {
  const { decoder } = config;
  const refs = [...new Set(tensors.values())]; // a tied head stands twice
  const draftRefs = draft === null ? [] : [...draft.tensors.values()];
  const draftCache = draft === null ? 0 : columnBytes({ layers: 1, ...draft.config });
  return {
    ...settings,
    family: config.family,
    precision: precisionOf(tensors, settings.precision),
    contextLength: decoder.contextLength,
    hiddenSize: decoder.hiddenSize,
    layers: decoder.layers,
    vocabSize: decoder.vocabSize,
    parameters: countNumbers(refs),
    draftParameters: countNumbers(draftRefs),
    weightBytes: boundBytes([...refs, ...draftRefs]),
    cacheBytesPerToken: columnBytes(decoder) + draftCache,
    imageTokens: config.imageTokens ?? null,
    unapplied,
    costs,
  };
}

/** What the numbers are computed in, and what the files hold. */
export function precisionOf(
  tensors: TargetFiles['tensors'],
  precision: Precision = 'fp32',
): string {
  const dtypes = new Set([...tensors.values()].map(({ dtype }) => dtype));
  return `${precision} (weights ${[...dtypes].join(', ')})`;
}

/** A tied head's table is read both ways, and is counted by its 8 bits. */
function boundBytes(refs: readonly TensorRef[]): number {
  const panels = new Set(refs.flatMap(({ eightBit }) => (eightBit ? [eightBit.panels] : [])));
  const plain = refs.filter(({ eightBit }) => eightBit === undefined);
  return [...panels, ...plain].reduce((sum, { bytes }) => sum + bytes, 0);
}

function countNumbers(refs: readonly TensorRef[]): number {
  const sizes = refs.map(({ shape }) => shape.reduce((product, dim) => product * dim, 1));
  return sizes.reduce((sum, size) => sum + size, 0);
}
