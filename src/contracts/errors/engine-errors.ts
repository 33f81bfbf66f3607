/** What a loaded model, or one that is being loaded, runs into. */
import { type ErrorCode, MsdError } from './msd-error.ts';
import type { Remedy } from './remedy.ts';

/** A graph was built wrongly: shapes or types that do not fit. */
export class GraphError extends MsdError {
  override readonly name = 'GraphError';
  override readonly code = 'graph_invalid';
}

/** The tokenizer files are broken or missing. */
export class TokenizerError extends MsdError {
  override readonly name = 'TokenizerError';
  override readonly code = 'tokenizer_invalid';
}

/** The chat template is broken, or refuses the messages. */
export class ChatTemplateError extends MsdError {
  override readonly name: string = 'ChatTemplateError';
  override readonly code: ErrorCode = 'chat_template_invalid';
}

/** The chat template uses something whose outcome is not known to be that of jinja2. */
export class UnsupportedTemplateError extends ChatTemplateError {
  override readonly name = 'UnsupportedTemplateError';
  override readonly code = 'chat_template_unsupported';
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

/** The device can't run sessions here. */
export class DeviceError extends MsdError {
  override readonly name = 'DeviceError';
  override readonly code = 'device_unavailable';
  readonly device: string;
  readonly reason: string;
  constructor(device: string, reason: string, options?: ErrorOptions) {
    const remedy: Remedy = { kind: 'use-option', option: 'device', values: ['cpu'] };
    super(`Device "${device}" can't be used: ${reason}`, {
      ...options,
      ...(device !== 'cpu' && { remedy }),
    });
    this.device = device;
    this.reason = reason;
  }
}

/** The machine has too little memory for the model; no weight was read. */
export class MemoryError extends MsdError {
  override readonly name = 'MemoryError';
  override readonly code = 'memory_short';
  readonly model: string;
  readonly neededBytes: number;
  readonly availableBytes: number;
  /** What the need is made of, in bytes. */
  readonly parts: Readonly<Record<string, number>>;
  constructor(
    model: string,
    parts: Readonly<Record<string, number>>,
    availableBytes: number,
    remedy?: Remedy,
  ) {
    const gib = (bytes: number) => `${(bytes / 2 ** 30).toFixed(1)} GiB`;
    const needed = Object.values(parts).reduce((sum, bytes) => sum + bytes, 0);
    const list = Object.entries(parts).map(([name, bytes]) => `${name} ${gib(bytes)}`);
    super(
      `${model}: the model needs about ${gib(needed)} of memory (${list.join(', ')}) but ${gib(availableBytes)} can be had; end other programs, or take a smaller model or a machine with more memory.`,
      { remedy },
    );
    this.model = model;
    this.neededBytes = needed;
    this.availableBytes = availableBytes;
    this.parts = parts;
  }
}

/** A model or sequence was used after dispose(). */
export class DisposedError extends MsdError {
  override readonly name = 'DisposedError';
  override readonly code = 'model_disposed';
  constructor(what: string) {
    super(`The ${what} was disposed; load it again before using it.`);
  }
}

/** Numbers in a pass stopped being finite. */
export class NonFiniteFeatureError extends MsdError {
  override readonly name = 'NonFiniteFeatureError';
  override readonly code = 'feature_not_finite';
}

/** A grammar is at a place where none of the model's tokens goes on. */
export class NoTokenError extends MsdError {
  override readonly name = 'NoTokenError';
  override readonly code = 'grammar_stuck';
  constructor() {
    super(
      "No token of the model's vocabulary goes on with what the answer must come out as; ask for another form, or use a model whose tokens can spell it.",
    );
  }
}

/** The thread of a loaded model ended by itself: out of memory, or a bug. Its running requests fail with this. */
export class EngineLostError extends MsdError {
  override readonly name = 'EngineLostError';
  override readonly code = 'engine_lost';
  constructor(reason: string, options?: ErrorOptions) {
    super(
      `The model's thread ended (${reason}); load the model again, with fewer requests if memory ran out.`,
      options,
    );
  }
}

/** A file of this package is neither around its code nor in an installed package: a bundler took the code alone. */
export class PackageFileError extends MsdError {
  override readonly name = 'PackageFileError';
  override readonly code = 'package_file_missing';
  /** From the package's root. */
  readonly file: string;
  constructor(file: string) {
    super(
      `The file ${file} of msd-ts is neither around its code nor in an installed package, as happens in a bundle: keep msd-ts out of the bundle (esbuild: external: ['msd-ts']; webpack: externals: { 'msd-ts': 'commonjs msd-ts' }; Next: serverExternalPackages: ['msd-ts']) and have it in node_modules where the program runs.`,
    );
    this.file = file;
  }
}

/** A program that is not part of this package, as Python or another engine, is missing or gave up. */
export class ProgramError extends MsdError {
  override readonly name = 'ProgramError';
  override readonly code = 'program_failed';
  readonly program: string;
  constructor(program: string, problem: string, options?: ErrorOptions) {
    super(`${program}: ${problem}`, options);
    this.program = program;
  }
}
