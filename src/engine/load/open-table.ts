import type { LoadSettings } from '../../contracts/load.ts';
import {
  matchTable,
  RECYCLED_FILE,
  type RecycledFile,
  readRecycledTable,
} from '../../draft/recycle/recycled-file.ts';
import type { Tokenizer } from '../../input/tokenizer.ts';
import { tokenizerIdentity } from '../../input/tokenizer-identity.ts';
import type { Host } from '../host.ts';

/**
 * The table of recycled tokens that a model begins with: of the draft's folder, else of its own, else the one that the
 * program brings for its tokenizer.
 * @throws CheckpointError where its file is damaged, DraftMismatchError where it is another tokenizer's
 */
export async function openTable(
  host: Pick<Host, 'modelFolder' | 'ownTable'>,
  { model, draft }: Pick<LoadSettings, 'model' | 'draft'>,
  tokenizer: Tokenizer,
): Promise<RecycledFile | null> {
  const given = await firstTable(host, [draft, model]);
  if (given === null && host.ownTable === undefined) return null;
  const identity = await tokenizerIdentity(tokenizer);
  const file = given ?? (await firstTable(host, [host.ownTable?.(identity)]));
  if (file !== null) matchTable(file, { tokenizer: identity, vocabSize: tokenizer.vocabSize });
  return file;
}

async function firstTable(
  host: Pick<Host, 'modelFolder'>,
  folders: readonly (string | null | undefined)[],
): Promise<RecycledFile | null> {
  for (const dir of folders) {
    const file = dir ? await readRecycledTable(host.modelFolder(dir)) : null;
    if (file !== null) return file;
  }
  return null;
}

/** Whether a folder that is given as a draft holds a table and no draft. */
export async function holdsTableAlone(
  host: Pick<Host, 'modelFolder'>,
  dir: string,
): Promise<boolean> {
  const folder = host.modelFolder(dir);
  if ((await folder.json('config.json')).value !== undefined) return false;
  return (await folder.numbers?.(RECYCLED_FILE)) !== undefined;
}
