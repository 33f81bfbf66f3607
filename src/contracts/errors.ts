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
      `${path}: the tensors do not fit config.json (${parts.join('; ')}); use the files of one and the same model.`,
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
