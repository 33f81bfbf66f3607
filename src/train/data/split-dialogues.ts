import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import type { Dialogue } from './dialogue.ts';

/**
 * Holds back about `share` of the dialogues, each by a hash of `seed` and what it says: the same dialogue falls on the
 * same side whatever stands beside it, and copies of one never on both. Folders of pictures don't count, since data
 * moves between machines. The order is kept; of few dialogues none may be held back.
 *
 * @param share from 0 to 1
 */
export function splitDialogues(
  dialogues: readonly Dialogue[],
  share: number,
  seed: number,
): { training: Dialogue[]; validation: Dialogue[] } {
  const training: Dialogue[] = [];
  const validation: Dialogue[] = [];
  for (const dialogue of dialogues) {
    (hashed(dialogue, seed) < share ? validation : training).push(dialogue);
  }
  return { training, validation };
}

/** 48 bits of the hash, in [0, 1). */
function hashed({ messages, images }: Dialogue, seed: number): number {
  const content = JSON.stringify([seed, messages, images.map((image) => basename(image))]);
  return createHash('sha256').update(content).digest().readUIntBE(0, 6) / 2 ** 48;
}
