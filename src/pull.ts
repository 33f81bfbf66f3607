import { setTimeout as sleepFor } from 'node:timers/promises';
import { hubCache, hubEnvironment } from './hub/hub-environment.ts';
import { modelName } from './hub/model-name.ts';
import type { Pulled } from './hub/pull-model.ts';

export interface PullOptions {
  /** Paths of the only files to fetch, as of one GGUF. Default: those that a model is loaded from. */
  readonly files?: readonly string[];
  /** Ask nobody; succeed if it was pulled before. Default false, or true where HF_HUB_OFFLINE says so. */
  readonly offline?: boolean;
  /** Stops the pull, which rejects with the signal's reason and keeps what was fetched. */
  readonly signal?: AbortSignal;
  /** Told how many bytes of all files are there, of how many. */
  readonly onProgress?: (doneBytes: number, totalBytes: number) => void;
  /** Told what a reader would want to know, as that a request is tried again. */
  readonly onNotice?: (text: string) => void;
}

/**
 * Fetches a model from the Hugging Face hub into its cache, where `load` finds it by the same name. Every file is checked
 * by size and hash; a pull that was stopped, however, goes on where it was. HF_HOME, HF_HUB_CACHE, HF_TOKEN and
 * HF_ENDPOINT are read as Python reads them.
 *
 * @param name `owner/name`, or `owner/name@revision` (a branch, tag or commit)
 * @throws ConfigError, GatedModelError, MissingModelError, HubTransferError, DamagedDownloadError, DiskSpaceError,
 * ModelBusyError, CheckpointError where the disk fails; offline ModelNotFoundError; the signal's reason
 */
export async function pull(name: string, options: PullOptions = {}): Promise<Pulled> {
  const { files, offline = false, onProgress = () => {}, onNotice = () => {} } = options;
  const { signal = new AbortController().signal } = options;
  const hub = hubEnvironment(process.env);
  const { pullModel } = await import('./hub/pull-model.ts');
  return pullModel(
    {
      ...{ ...modelName(name), ...(files && { files }), cache: hubCache(process.env) },
      hub: { ...hub, offline: hub.offline || offline },
    },
    { signal, sleep: (ms) => sleepFor(ms, undefined, { signal }), onProgress, onNotice },
  );
}
