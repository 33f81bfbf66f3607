import { createHash } from 'node:crypto';
import type { Model } from '../../engine/model.ts';
import type { TokenisedDialogue } from '../data/dialogue.ts';

/** Raised when the same weights and dialogue would give other numbers, or other bytes on disk. */
const VERSION = 2;

/**
 * The name of a dialogue's feature rows by all that it depends on: the target's weights and config, how pixels are made, the
 * device, the precision, ids, and the picture files' bytes. A hit thus needs neither decoding nor the tower. The number of threads is
 * no part of it: it changes no bit.
 * @param digests SHA-256 of each picture's file, in the order of the spans.
 */
export function featureKey(
  { files, info }: Pick<Model, 'files' | 'info'>,
  { ids, spans }: Pick<TokenisedDialogue, 'ids' | 'spans'>,
  digests: readonly string[],
): string {
  const { fingerprint, config } = files;
  const preprocessorConfig = files.preprocessor.value;
  const { device, precision } = info;
  const context = {
    ...{ VERSION, fingerprint, config, preprocessorConfig, device, precision },
    ...{ spans, digests },
  };
  return createHash('sha256')
    .update(JSON.stringify(context))
    .update(new Uint8Array(ids.buffer, ids.byteOffset, ids.byteLength))
    .digest('hex');
}

/** The name of the likeliest tokens at a dialogue's places, by that of its feature rows. */
export const topLogitsKey = (key: string): string =>
  createHash('sha256').update(`top logits of ${key}`).digest('hex');
