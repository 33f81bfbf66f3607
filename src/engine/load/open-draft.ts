import type { TargetConfig } from '../../contracts/checkpoint.ts';
import { OptionError, UnsupportedDraftError } from '../../contracts/errors.ts';
import type { LoadSettings } from '../../contracts/load.ts';
import { matchDraft } from '../../families/match-draft.ts';
import { type DraftFiles, readAnyDraft } from '../../families/read-any-draft.ts';
import type { Host } from '../host.ts';
import { holdsTableAlone } from './open-table.ts';

/** The draft of a load, or why there is none although one was given: the method that it was made for. */
export interface OpenDraft {
  readonly draft: DraftFiles | null;
  readonly refused?: string;
}

/**
 * Reads the draft that a load asks for, its weights' headers alone; with `force`, a draft of a method that does not run here is left out.
 * @throws what `readAnyDraft` and `matchDraft` throw, or OptionError where `draftPositions` asks for axes that the draft has not
 */
export async function openDraft(
  host: Pick<Host, 'modelFolder'>,
  { draft: dir, draftPositions, force = false }: LoadSettings,
  target: TargetConfig,
): Promise<OpenDraft> {
  if (dir === null || (await holdsTableAlone(host, dir))) return { draft: null };
  try {
    const draft = await readAnyDraft(host.modelFolder(dir));
    matchDraft(draft.config, target);
    if (draftPositions === 'mrope' && draft.config.mropeSection === undefined) {
      throw new OptionError('draftPositions', 'is mrope, which this draft does not know.');
    }
    return { draft };
  } catch (error) {
    if (force && error instanceof UnsupportedDraftError) {
      return { draft: null, refused: error.method };
    }
    throw error;
  }
}
