import { createHash } from 'node:crypto';
import { type DataProblem, TrainingDataError } from '../../contracts/errors.ts';
import type { Dialogue } from './dialogue.ts';
import { createPictureFinder, MissingPicture } from './find-picture.ts';
import { harvestedAnswers } from './harvested-answers.ts';
import { parseRecord } from './parse-record.ts';
import { readRecords } from './read-records.ts';
import { BadRecord } from './turns.ts';

/** What tells a run's data again. */
export interface FileHash {
  readonly file: string;
  readonly sha256: string;
  readonly bytes: number;
}

interface ReadSettings {
  readonly skipBad: boolean;
  readonly imageRoot?: string;
  /** Whose turn ends a dialogue: the assistant's, to learn from it, or the user's, to ask it. Default 'assistant'. */
  readonly last?: 'assistant' | 'user';
}

/**
 * Reads the dialogues of all files, in order: LLaVA's and ShareGPT's `conversations`, or chat `messages`, as a JSON list
 * or as JSON Lines. Pictures are looked for beside their file, in its folder `images`, then in `imageRoot`.
 *
 * Every record that can't be learned from is named, by file, index and reason. Throws TrainingDataError with all of them
 * unless `skipBad`; with it, too, where a whole file can't be used or no dialogue is left.
 */
export async function readDialogues(
  paths: readonly string[],
  { skipBad, imageRoot, last }: ReadSettings,
): Promise<{ dialogues: Dialogue[]; problems: DataProblem[]; hashes: FileHash[] }> {
  const findPicture = createPictureFinder(imageRoot);
  const dialogues: Dialogue[] = [];
  const problems: DataProblem[] = [];
  const hashes: FileHash[] = [];
  for (const file of paths) {
    const hash = createHash('sha256');
    let size = 0;
    const onBytes = (bytes: Uint8Array) => {
      hash.update(bytes);
      size += bytes.length;
    };
    for await (const record of readRecords(file, onBytes)) {
      if ('reason' in record) {
        problems.push({ file, ...record });
        continue;
      }
      const { index, value } = record;
      try {
        const { messages, sources } = parseRecord(value, last);
        const images: string[] = [];
        for (const source of sources) images.push(await findPicture(file, source));
        const answers = harvestedAnswers(value);
        dialogues.push({ place: { file, index }, messages, images, ...(answers && { answers }) });
      } catch (error) {
        if (!(error instanceof BadRecord)) throw error;
        const missing = error instanceof MissingPicture && { missingPicture: true };
        problems.push({ file, index, reason: error.message, ...missing });
      }
    }
    hashes.push({ file, sha256: hash.digest('hex'), bytes: size });
  }
  const wholeFile = problems.some(({ index }) => index === undefined);
  if (dialogues.length === 0 || wholeFile || (problems.length > 0 && !skipBad)) {
    throw new TrainingDataError(problems, dialogues.length);
  }
  return { dialogues, problems, hashes };
}
