import { setTimeout as sleepFor } from 'node:timers/promises';
import { hubCache, hubEnvironment } from './hub/hub-environment.ts';
import { modelName } from './hub/model-name.ts';
import { proxiedFetch } from './hub/proxied-fetch.ts';
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
  /** Told what a reader would want to know: whom it asks, and that a request is tried again. */
  readonly onNotice?: (text: string) => void;
}

/**
 * Fetches a model from the Hugging Face hub into its cache, where `load` finds it by the same name. Every file is checked
 * by size and hash; a pull that was stopped, however, goes on where it was. HF_HOME, HF_HUB_CACHE, HF_TOKEN and
 * HF_ENDPOINT are read as Python reads them, and proxies where their variables name any.
 *
 * @param name `owner/name`, or `owner/name@revision` (a branch, tag or commit)
 * @throws ConfigError, GatedModelError, MissingModelError, HubTransferError, DamagedDownloadError, DiskSpaceError,
 * ModelBusyError, CheckpointError where the disk fails; offline ModelNotFoundError; the signal's reason
 */
export async function pull(name: string, options: PullOptions = {}): Promise<Pulled> {
  const { files, offline = false, onProgress = () => {}, onNotice = () => {} } = options;
  const { signal = new AbortController().signal } = options;
  const hub = hubEnvironment(process.env);
  const cache = hubCache(process.env);
  const isOffline = hub.offline || offline;
  const proxied = isOffline ? undefined : await proxiedFetch(process.env);
  const wanted = { ...modelName(name), ...(files && { files }), cache };
  onNotice(
    isOffline
      ? `looking for ${name} in ${cache}, asking nobody`
      : `asking ${hub.endpoint} for ${name}${proxied ? ` (${proxied.by})` : ''}`,
  );
  const { pullModel } = await import('./hub/pull-model.ts');
  return pullModel(
    { ...wanted, hub: { ...hub, offline: isOffline } },
    {
      signal,
      ...(proxied && { fetch: proxied.fetch }),
      sleep: (ms) => sleepFor(ms, undefined, { signal }),
      onRetry: (problem, waitMs) =>
        onNotice(`${problem}; trying again in ${Math.ceil(waitMs / 1000)} s`),
      onProgress,
      onNotice,
    },
  );
}
