/** Model folders and drafts that are not what they should be. */
import { type ErrorCode, MsdError, type MsdErrorOptions } from './msd-error.ts';

/** A file of a model folder is missing, unreadable, or not what it claims to be. */
export class CheckpointError extends MsdError {
  override readonly name: string = 'CheckpointError';
  override readonly code: ErrorCode = 'checkpoint_invalid';
  readonly path: string;
  constructor(path: string, problem: string, options?: MsdErrorOptions) {
    super(`${path}: ${problem}`, options);
    this.path = path;
  }
}

/** The tensors of a checkpoint are not the ones that its config promises. */
export class TensorsError extends MsdError {
  override readonly name = 'TensorsError';
  override readonly code = 'tensors_mismatched';
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
  override readonly name = 'NonFiniteWeightError';
  override readonly code = 'weight_not_finite';
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
  override readonly name = 'UnknownFamilyError';
  override readonly code = 'family_unknown';
  readonly modelType: string;
  constructor(path: string, modelType: string, known: readonly string[]) {
    super(`${path}: model type "${modelType}" is not supported; supported: ${known.join(', ')}.`);
    this.modelType = modelType;
  }
}

/** The draft can't serve this target. */
export class DraftMismatchError extends MsdError {
  override readonly name = 'DraftMismatchError';
  override readonly code = 'draft_mismatched';
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
  override readonly name = 'UnsupportedDraftError';
  override readonly code = 'draft_unsupported';
  readonly path: string;
  readonly method: string;
  constructor(path: string, method: string, reason: string) {
    super(`${path}: this draft is made for ${method}, which ${reason}; use another draft.`, {
      remedy: { kind: 'use-option', option: 'force', to: 'run the model without one' },
    });
    this.path = path;
    this.method = method;
  }
}

/** A name or path of a model leads to no folder: nothing stands there, and the Hugging Face cache does not have it. */
export class ModelNotFoundError extends CheckpointError {
  override readonly name = 'ModelNotFoundError';
  override readonly code = 'model_not_found';
}
