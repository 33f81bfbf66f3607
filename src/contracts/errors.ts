/**
 * Every failure that a user can cause or meet is one of these classes. The message says in one sentence what is
 * wrong and what to do; the fields carry the data that a handler needs.
 */
export abstract class MsdError extends Error {
  /** Marks our errors across duplicate installs. */
  readonly msd = true;

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
  }

  /** True for an error of this library, whichever copy of it threw. */
  static is(error: unknown): error is MsdError {
    return error instanceof Error && 'msd' in error && error.msd === true;
  }
}

/** A graph was built wrongly: shapes or types that do not fit. */
export class GraphError extends MsdError {}

/** A file of a model folder is missing, unreadable, or not what it claims to be. */
export class CheckpointError extends MsdError {
  readonly path: string;
  constructor(path: string, problem: string, options?: ErrorOptions) {
    super(`${path}: ${problem}`, options);
    this.path = path;
  }
}

/** The tensors of a checkpoint are not the ones that its config promises. */
export class TensorsError extends MsdError {
  readonly path: string;
  readonly missing: readonly string[];
  readonly unexpected: readonly string[];
  readonly misshapen: readonly string[];
  constructor(
    path: string,
    found: {
      missing: readonly string[];
      unexpected: readonly string[];
      misshapen: readonly string[];
    },
  ) {
    const list = (label: string, names: readonly string[]) =>
      names.length === 0 ? [] : [`${label} ${names.join(', ')}`];
    const parts = [
      ...list('missing', found.missing),
      ...list('unexpected', found.unexpected),
      ...list('misshapen', found.misshapen),
    ];
    super(
      `${path}: the tensors are not those of the model that the files describe (${parts.join('; ')}); use the files of one and the same model.`,
    );
    this.path = path;
    this.missing = found.missing;
    this.unexpected = found.unexpected;
    this.misshapen = found.misshapen;
  }
}

/** A weight is NaN or infinite. */
export class NonFiniteWeightError extends MsdError {
  readonly path: string;
  readonly tensor: string;
  constructor(path: string, tensor: string) {
    super(
      `${path}: tensor ${tensor} holds NaN or infinity; fetch the file again or use another checkpoint.`,
    );
    this.path = path;
    this.tensor = tensor;
  }
}

/** The model's type is not one that this library runs. */
export class UnknownFamilyError extends MsdError {
  readonly modelType: string;
  constructor(path: string, modelType: string, known: readonly string[]) {
    super(`${path}: model type "${modelType}" is not supported; supported: ${known.join(', ')}.`);
    this.modelType = modelType;
  }
}

/** The draft can't serve this target. */
export class DraftMismatchError extends MsdError {
  readonly field: string;
  readonly draft: number | string;
  readonly target: number | string;
  constructor(field: string, draft: number | string, target: number | string) {
    super(
      `The draft's ${field} is ${draft} but the target's is ${target}; use the draft that was trained for this target.`,
    );
    this.field = field;
    this.draft = draft;
    this.target = target;
  }
}

/** The draft is of a method that this library does not run. */
export class UnsupportedDraftError extends MsdError {
  readonly path: string;
  readonly method: string;
  constructor(path: string, method: string, reason: string) {
    super(
      `${path}: this draft is made for ${method}, which ${reason}; use another draft, or --force to run the model without one.`,
    );
    this.path = path;
    this.method = method;
  }
}

/** A drafter was asked for by name and can't run. */
export class DrafterUnavailableError extends MsdError {
  readonly drafter: string;
  constructor(drafter: string, reason: string) {
    super(`Drafter "${drafter}" can't run: ${reason}`);
    this.drafter = drafter;
  }
}

/** The device can't run sessions here. */
export class DeviceError extends MsdError {
  readonly device: string;
  constructor(device: string, reason: string, options?: ErrorOptions) {
    super(`Device "${device}" can't be used: ${reason} Use --device cpu.`, options);
    this.device = device;
  }
}

/** A picture can't be read. */
export class ImageError extends MsdError {
  /** Path, or a short name for bytes and data URIs. */
  readonly source: string;
  constructor(source: string, problem: string, options?: ErrorOptions) {
    super(`Picture ${source}: ${problem}`, options);
    this.source = source;
  }
}

/** The tokenizer files are broken or missing. */
export class TokenizerError extends MsdError {}

/** The chat template is broken, or refuses the messages. */
export class ChatTemplateError extends MsdError {}

/** The chat template uses something whose outcome is not known to be that of jinja2. */
export class UnsupportedTemplateError extends ChatTemplateError {
  /** In words. */
  readonly construct: string;
  /** Of the template, counted from 1; 0 where unknown. */
  readonly line: number;
  constructor(construct: string, line = 0) {
    super(
      `The chat template uses ${construct}${line > 0 ? ` in line ${line}` : ''}, which is not supported; write that part otherwise, or use another template that was published with the model.`,
    );
    this.construct = construct;
    this.line = line;
  }
}

/** The messages or the prompt can't become a prompt for the model. */
export class PromptError extends MsdError {}

/** The rendered prompt's placeholders are not as many as the pictures. */
export class PlaceholderError extends MsdError {
  readonly placeholders: number;
  readonly images: number;
  constructor(placeholders: number, images: number) {
    super(
      `The prompt holds ${placeholders} image placeholder(s) but ${images} picture(s) were given; give one picture per placeholder.`,
    );
    this.placeholders = placeholders;
    this.images = images;
  }
}

/** The prompt does not fit the model's context. */
export class ContextLengthError extends MsdError {
  readonly promptTokens: number;
  readonly contextLength: number;
  constructor(promptTokens: number, contextLength: number) {
    super(
      `The prompt has ${promptTokens} tokens but the model reads at most ${contextLength} with room for an answer; shorten it or drop a picture.`,
    );
    this.promptTokens = promptTokens;
    this.contextLength = contextLength;
  }
}

/** A request's option is out of range. */
export class OptionError extends MsdError {
  readonly option: string;
  constructor(option: string, problem: string) {
    super(`Option ${option} ${problem}`);
    this.option = option;
  }
}

/** A model or sequence was used after dispose(). */
export class DisposedError extends MsdError {
  constructor(what: string) {
    super(`The ${what} was disposed; load it again before using it.`);
  }
}

/** Numbers in a pass stopped being finite. */
export class NonFiniteFeatureError extends MsdError {}

/** The thread of a loaded model ended by itself: out of memory, or a bug. Its running requests fail with this. */
export class EngineLostError extends MsdError {
  constructor(reason: string, options?: ErrorOptions) {
    super(
      `The model's thread ended (${reason}); load the model again, with fewer requests if memory ran out.`,
      options,
    );
  }
}

/** What is wrong with a file of training data, or with one record of it. */
export interface DataProblem {
  readonly file: string;
  /** Counted from 0: of the record in a JSON list, of the line in JSON Lines. Absent where the file as a whole is meant. */
  readonly index?: number;
  readonly reason: string;
}

/** Training data that can't be learned from as it stands. Whole files are never skipped, bad records if asked. */
export class TrainingDataError extends MsdError {
  readonly problems: readonly DataProblem[];
  /** Dialogues without a problem. */
  readonly usable: number;
  constructor(problems: readonly DataProblem[], usable: number) {
    const shown = problems.slice(0, SHOWN_PROBLEMS).map(({ file, index, reason }) => {
      const record = index === undefined ? '' : `, record ${index}`;
      return `\n  ${file}${record}: ${reason}`;
    });
    const more = problems.length - shown.length;
    const skippable = usable > 0 && problems.every(({ index }) => index !== undefined);
    super(
      `The training data has ${problems.length} problem(s) and ${usable} dialogue(s) that can be used; correct the files` +
        `${skippable ? ', or pass --skip-bad to leave bad records out' : ''}.` +
        `${shown.join('')}${more > 0 ? `\n  and ${more} more` : ''}`,
    );
    this.problems = problems;
    this.usable = usable;
  }
}

const SHOWN_PROBLEMS = 20;

/** A run's config can't be read, or a key of it is unknown or has a value that isn't allowed. */
export class ConfigError extends MsdError {
  /** The key, as `optimiser.rate`; or the file, or the override, that can't be read. */
  readonly where: string;
  constructor(where: string, problem: string, options?: ErrorOptions) {
    super(`${where}: ${problem}`, options);
    this.where = where;
  }
}

/** A folder is no run's folder, or what a run wrote there is damaged. */
export class RunFolderError extends MsdError {
  readonly path: string;
  constructor(path: string, problem: string, options?: ErrorOptions) {
    super(`${path}: ${problem}`, options);
    this.path = path;
  }
}

/** Another process trains or harvests in the folder. */
export class RunLockedError extends MsdError {
  readonly lock: string;
  readonly pid: number;
  readonly host: string;
  constructor(lock: string, pid: number, host: string) {
    super(
      `${lock}: process ${pid} on ${host} works in this folder; wait for it, choose another folder, or delete the file if there is no such process.`,
    );
    this.lock = lock;
    this.pid = pid;
    this.host = host;
  }
}

/** A run would go on with a config, data or machine that gives other weights than the ones it began with. */
export class RunMismatchError extends MsdError {
  readonly dir: string;
  readonly keys: readonly string[];
  /** @param differences each key with what it was and what it is, as `config.seed (was 1, is 2)` */
  constructor(dir: string, keys: readonly string[], differences: readonly string[]) {
    super(
      `${dir}: this run began with another ${differences.join(', ')}; give it the same again, or choose a new folder.`,
    );
    this.dir = dir;
    this.keys = keys;
  }
}

/** The disk is full while a run writes; nothing half-written stays. */
export class DiskFullError extends MsdError {
  readonly path: string;
  readonly neededBytes: number;
  /** Folder of the last whole checkpoint. */
  readonly lastGood: string | undefined;
  constructor(
    path: string,
    neededBytes: number,
    lastGood: string | undefined,
    options?: ErrorOptions,
  ) {
    super(
      `${path}: the disk is full and this file needs ${neededBytes} bytes; make room and start the run again. ${goesOn(lastGood)}`,
      options,
    );
    this.path = path;
    this.neededBytes = neededBytes;
    this.lastGood = lastGood;
  }
}

/** The loss, the gradient or a weight became NaN or infinite; nothing of it was saved. */
export class TrainingDivergedError extends MsdError {
  readonly step: number;
  /** Folder of the last whole checkpoint. */
  readonly lastGood: string | undefined;
  /** Where the step's dialogues stand; records counted from 0. */
  readonly places: readonly { readonly file: string; readonly index: number }[];
  /** @param what as `the loss is NaN` */
  constructor(
    step: number,
    what: string,
    lastGood: string | undefined,
    places: readonly { readonly file: string; readonly index: number }[],
  ) {
    const shown = places.slice(0, 3).map(({ file, index }) => `${file} record ${index}`);
    const more = places.length > shown.length ? ` and ${places.length - shown.length} more` : '';
    const look = shown.length > 0 ? `, or look at its dialogues (${shown.join(', ')}${more})` : '';
    super(
      `Step ${step}: ${what}; start a new run with a lower learning rate${look}. ${goesOn(lastGood)}`,
    );
    this.step = step;
    this.lastGood = lastGood;
    this.places = places;
  }
}

function goesOn(lastGood: string | undefined): string {
  return lastGood === undefined
    ? 'There is no checkpoint yet.'
    : `The last good checkpoint is ${lastGood}.`;
}

/** A name or path of a model leads to no folder: nothing stands there, and the Hugging Face cache does not have it. */
export class ModelNotFoundError extends CheckpointError {}

/** The hub does not let this token, or nobody without one, read the model. */
export class GatedModelError extends MsdError {
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
  readonly model: string;
  constructor(model: string, problem: string) {
    super(`${model}: ${problem}`);
    this.model = model;
  }
}

/** The hub can't be reached, ends early again and again, or answers what makes no sense. What was fetched stays. */
export class HubTransferError extends MsdError {
  /** Without its query, which may hold a signature. */
  readonly url: string;
  constructor(url: string, problem: string, options?: ErrorOptions) {
    super(`${url}: ${problem}`, options);
    this.url = url;
  }
}

/** What came is not what the hub had promised, by size or by hash; it was deleted. */
export class DamagedDownloadError extends MsdError {
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
  readonly path: string;
  readonly neededBytes: number;
  readonly freeBytes: number;
  /** @param what as `the files to fetch` */
  constructor(path: string, what: string, neededBytes: number, freeBytes: number, advice: string) {
    super(
      `${path}: ${what} need ${neededBytes} bytes but the disk has room for ${freeBytes}; make room (msd list, msd rm), or ${advice}`,
    );
    this.path = path;
    this.neededBytes = neededBytes;
    this.freeBytes = freeBytes;
  }
}

/** Another process pulls, removes or converts the model. */
export class ModelBusyError extends MsdError {
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

/** The machine has too little memory for the model; no weight was read. */
export class MemoryError extends MsdError {
  readonly model: string;
  readonly neededBytes: number;
  readonly availableBytes: number;
  /** What the need is made of, in bytes. */
  readonly parts: Readonly<Record<string, number>>;
  constructor(
    model: string,
    parts: Readonly<Record<string, number>>,
    availableBytes: number,
    advice: string,
  ) {
    const gib = (bytes: number) => `${(bytes / 2 ** 30).toFixed(1)} GiB`;
    const needed = Object.values(parts).reduce((sum, bytes) => sum + bytes, 0);
    const list = Object.entries(parts).map(([name, bytes]) => `${name} ${gib(bytes)}`);
    super(
      `${model}: the model needs about ${gib(needed)} of memory (${list.join(', ')}) but ${gib(availableBytes)} can be had; ${advice}`,
    );
    this.model = model;
    this.neededBytes = needed;
    this.availableBytes = availableBytes;
    this.parts = parts;
  }
}
