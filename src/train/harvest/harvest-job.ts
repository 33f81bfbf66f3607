import type { LoadSettings } from '../../contracts/load.ts';
import type { Harvest } from './harvest.ts';

/** What a harvest is asked to do. */
export interface HarvestJob extends Pick<Harvest, 'settings' | 'skipBad' | 'saveEvery' | 'batch'> {
  readonly paths: readonly string[];
  readonly imageRoot?: string;
  /** The first so many dialogues are asked. Default all. */
  readonly limit?: number;
  /** Folder of the feature cache where what the target computes is kept, and its most bytes. Default: nothing is kept. */
  readonly features?: { readonly folder: string; readonly limitBytes: number };
  readonly load: Pick<LoadSettings, 'model' | 'device' | 'threads' | 'precision'>;
  /** Where the answers go. Until all are there, they are kept in a folder beside it, `<out>.parts`. */
  readonly out: string;
}
