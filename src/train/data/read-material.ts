import type { z } from 'zod';
import type { DataProblem } from '../../contracts/errors.ts';
import type { Model } from '../../engine/model.ts';
import { llavaOnly } from '../llava-only.ts';
import type { dataSchema } from '../settings.ts';
import type { Dialogue, Place, TokenisedDialogue } from './dialogue.ts';
import { type FileHash, readDialogues } from './read-dialogues.ts';
import { splitDialogues } from './split-dialogues.ts';
import { tokeniseDialogue } from './tokenise-dialogue.ts';

/** A dialogue, and the same as the networks read it. */
export interface ReadDialogue {
  readonly dialogue: Dialogue;
  readonly tokens: TokenisedDialogue;
}

/** Dialogues without pictures, and with. */
export interface ByKind {
  readonly text: readonly ReadDialogue[];
  readonly visual: readonly ReadDialogue[];
}

export interface Material {
  readonly training: ByKind;
  readonly validation: ByKind;
  readonly hashes: readonly FileHash[];
  /** Records that were skipped, and dialogues that were left out as too long. */
  readonly problems: readonly DataProblem[];
  readonly tooLong: readonly Place[];
}

export type DataSettings = z.output<typeof dataSchema>;

/** Reads, splits and tokenises what a run learns from. */
export async function readMaterial(
  { train, validation, validationShare, imageRoot, skipBad, maxTokens }: DataSettings,
  model: Pick<Model, 'tokenizer' | 'template' | 'files'>,
  seed: number,
): Promise<Material> {
  const options = { skipBad, ...(imageRoot !== undefined && { imageRoot }) };
  const given = await readDialogues(train, options);
  const held = validation.length > 0 ? await readDialogues(validation, options) : undefined;
  const split = held
    ? { training: given.dialogues, validation: held.dialogues }
    : splitDialogues(given.dialogues, validationShare, seed);
  const tooLong: Place[] = [];
  const read = (dialogues: readonly Dialogue[]) => byKind(dialogues, model, maxTokens, tooLong);
  return {
    training: read(split.training),
    validation: read(split.validation),
    hashes: [...given.hashes, ...(held?.hashes ?? [])],
    problems: [...given.problems, ...(held?.problems ?? [])],
    tooLong,
  };
}

function byKind(
  dialogues: readonly Dialogue[],
  { tokenizer, template, files }: Pick<Model, 'tokenizer' | 'template' | 'files'>,
  maxTokens: number,
  tooLong: Place[],
): ByKind {
  const { imageTokenId, imageTokens, decoder } = llavaOnly(files.config);
  const kinds: { text: ReadDialogue[]; visual: ReadDialogue[] } = { text: [], visual: [] };
  for (const dialogue of dialogues) {
    const tokens = tokeniseDialogue(dialogue, {
      tokenizer,
      template,
      imageTokenId,
      imageTokens: dialogue.images.map(() => imageTokens),
      maxTokens: Math.min(maxTokens, decoder.contextLength),
    });
    if ('tooLong' in tokens) tooLong.push(dialogue.place);
    else kinds[dialogue.images.length > 0 ? 'visual' : 'text'].push({ dialogue, tokens });
  }
  return kinds;
}
