/** The hub, its cache, and the disk that both need. */
import { MsdError, type MsdErrorOptions } from './msd-error.ts';

/** The hub does not let this token, or nobody without one, read the model. */
export class GatedModelError extends MsdError {
  override readonly name = 'GatedModelError';
  override readonly code = 'model_gated';
  readonly model: string;
  /** 401 or 403. */
  readonly status: number;
  constructor(model: string, status: number, page: string) {
    super(
      status === 401
        ? `${model}: the hub wants to know who asks (401); set HF_TOKEN to a token that may read it, or write one with "hf auth login", and check the name.`
        : `${model}: the hub gives this account no access (403); ask for it at ${page}, and set HF_TOKEN to a token of that account.`,
    );
    this.model = model;
    this.status = status;
  }
}

/** The hub has no such model, revision or file. */
export class MissingModelError extends MsdError {
  override readonly name = 'MissingModelError';
  override readonly code = 'hub_model_missing';
  readonly model: string;
  constructor(model: string, problem: string, options?: MsdErrorOptions) {
    super(`${model}: ${problem}`, options);
    this.model = model;
  }
}

/** The hub can't be reached, ends early again and again, or answers what makes no sense. What was fetched stays. */
export class HubTransferError extends MsdError {
  override readonly name = 'HubTransferError';
  override readonly code = 'hub_transfer_failed';
  /** Without its query, which may hold a signature. */
  readonly url: string;
  constructor(url: string, problem: string, options?: ErrorOptions) {
    super(`${url}: ${problem}`, options);
    this.url = url;
  }
}

/** What came is not what the hub had promised, by size or by hash; it was deleted. */
export class DamagedDownloadError extends MsdError {
  override readonly name = 'DamagedDownloadError';
  override readonly code = 'download_damaged';
  readonly model: string;
  readonly file: string;
  constructor(model: string, file: string, problem: string) {
    super(
      `${model}: ${file} ${problem}; what came of it was deleted. Pull again, and if that does not help, mistrust the server.`,
    );
    this.model = model;
    this.file = file;
  }
}

/** The disk has too little room for what is to be fetched or converted; nothing was written. */
export class DiskSpaceError extends MsdError {
  override readonly name = 'DiskSpaceError';
  override readonly code = 'disk_space_short';
  readonly path: string;
  readonly neededBytes: number;
  readonly freeBytes: number;
  /** @param what as `the files to fetch` */
  constructor(path: string, what: string, neededBytes: number, freeBytes: number, advice: string) {
    super(
      `${path}: ${what} need ${neededBytes} bytes but the disk has room for ${freeBytes}; make room, or ${advice}`,
      { remedy: { kind: 'remove-models' } },
    );
    this.path = path;
    this.neededBytes = neededBytes;
    this.freeBytes = freeBytes;
  }
}

/** Another process pulls, removes or converts the model. */
export class ModelBusyError extends MsdError {
  override readonly name = 'ModelBusyError';
  override readonly code = 'model_busy';
  readonly model: string;
  readonly pid: number;
  readonly host: string;
  /** @param lock the file that names the process */
  constructor(model: string, pid: number, host: string, lock: string) {
    super(
      `${model}: process ${pid} on ${host} is pulling, removing or converting it; wait for that, or delete ${lock} if there is no such process.`,
    );
    this.model = model;
    this.pid = pid;
    this.host = host;
  }
}
