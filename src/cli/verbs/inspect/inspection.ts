import type { RunInfo } from '../../../contracts/generate.ts';
import type { ModelInfo } from '../../../contracts/load.ts';
import { type FolderFile, folderFiles } from './folder-files.ts';
import { type TreeCost, treeCosts } from './tree-costs.ts';

/** What there is to know about a loaded model without asking it anything. */
export interface Inspection {
  readonly info: ModelInfo;
  readonly run: RunInfo;
  /** Bytes. */
  readonly memory: {
    readonly weights: number;
    readonly cachePerToken: number;
    /** Null where it depends on the picture. */
    readonly cachePerPicture: number | null;
    readonly cacheFullContext: number;
    /** Of the whole process, model loaded. */
    readonly resident: number;
  };
  readonly trees: readonly TreeCost[];
  readonly files: readonly FolderFile[];
}

/** @param resident bytes of the process */
export async function inspectModel(
  info: ModelInfo,
  run: RunInfo,
  resident: number,
): Promise<Inspection> {
  const folders = [info.model, ...(info.draft === null ? [] : [info.draft])];
  return {
    info,
    run,
    memory: {
      weights: info.weightBytes,
      cachePerToken: info.cacheBytesPerToken,
      cachePerPicture: info.imageTokens && info.cacheBytesPerToken * info.imageTokens,
      cacheFullContext: info.cacheBytesPerToken * info.contextLength,
      resident,
    },
    trees: treeCosts(info.costs, run),
    files: (await Promise.all(folders.map(folderFiles))).flat(),
  };
}
