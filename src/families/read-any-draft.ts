import type { ModelFolder } from '../contracts/model-folder.ts';
import { BLOCK_DRAFT } from './block-draft-config.ts';
import { readConfigFiles } from './config-files.ts';
import { type BlockDraftFiles, readBlockDraft } from './read-block-draft.ts';
import { type LayerDraftFiles, readDraft } from './read-draft.ts';

/** A draft's folder, read and checked, whatever method it was made for. */
export type DraftFiles = LayerDraftFiles | BlockDraftFiles;

/** @throws what `readDraft` and `readBlockDraft` throw */
export async function readAnyDraft(folder: ModelFolder): Promise<DraftFiles> {
  const { family } = await readConfigFiles(folder);
  return family === BLOCK_DRAFT ? readBlockDraft(folder) : readDraft(folder);
}
