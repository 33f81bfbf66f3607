/** Requests that can't be answered as they stand; the model goes on. */
import { counted } from '../counted.ts';
import { MsdError, type MsdErrorOptions } from './msd-error.ts';

/** A picture can't be read. */
export class ImageError extends MsdError {
  override readonly name = 'ImageError';
  override readonly code = 'image_unreadable';
  /** Path, or a short name for bytes and data URIs. */
  readonly source: string;
  constructor(source: string, problem: string, options?: MsdErrorOptions) {
    super(`Picture ${source}: ${problem}`, options);
    this.source = source;
  }
}

/** The messages or the prompt can't become a prompt for the model. */
export class PromptError extends MsdError {
  override readonly name = 'PromptError';
  override readonly code = 'prompt_invalid';
}

/** The rendered prompt's placeholders are not as many as the pictures. */
export class PlaceholderError extends MsdError {
  override readonly name = 'PlaceholderError';
  override readonly code = 'placeholders_mismatched';
  readonly placeholders: number;
  readonly images: number;
  constructor(placeholders: number, images: number) {
    super(
      `The prompt holds ${counted(placeholders, 'image placeholder')}, for ${counted(images, 'picture')} that came with it; give one picture per placeholder.`,
    );
    this.placeholders = placeholders;
    this.images = images;
  }
}

/**
 * The prompt leaves no room for a token of an answer in the model's context, which holds both. An answer that fills the
 * context ends with finish reason 'length' instead.
 */
export class ContextLengthError extends MsdError {
  override readonly name = 'ContextLengthError';
  override readonly code = 'context_length_exceeded';
  readonly promptTokens: number;
  readonly contextLength: number;
  /** Of `promptTokens`, those of pictures. */
  readonly pictureTokens: number;
  constructor(promptTokens: number, contextLength: number, pictureTokens = 0) {
    const ofPictures = pictureTokens === 0 ? '' : `, ${pictureTokens} of them of pictures`;
    const fewer = pictureTokens === 0 ? '' : ', ask with fewer or smaller pictures';
    super(
      `The prompt has ${promptTokens} tokens${ofPictures}, but the model's context holds ${contextLength}, prompt and answer together; leave out ${promptTokens - contextLength + 1} or more${fewer}, or begin a new conversation.`,
    );
    this.promptTokens = promptTokens;
    this.contextLength = contextLength;
    this.pictureTokens = pictureTokens;
  }
}

/** A request's option is out of range. */
export class OptionError extends MsdError {
  override readonly name = 'OptionError';
  override readonly code = 'option_invalid';
  readonly option: string;
  constructor(option: string, problem: string) {
    super(`Option ${option} ${problem}`);
    this.option = option;
  }
}

/** A drafter was asked for by name and can't run. */
export class DrafterUnavailableError extends MsdError {
  override readonly name = 'DrafterUnavailableError';
  override readonly code = 'drafter_unavailable';
  readonly drafter: string;
  constructor(drafter: string, reason: string, options?: MsdErrorOptions) {
    super(`Drafter "${drafter}" can't run: ${reason}`, options);
    this.drafter = drafter;
  }
}

/** A schema or a regular expression says what no grammar here keeps, so that answers could break it. */
export class SchemaError extends MsdError {
  override readonly name = 'SchemaError';
  override readonly code = 'schema_unsupported';
  /** Where in the schema, as a JSON pointer: `#/properties/age`. */
  readonly path: string;
  readonly keyword: string;
  constructor(path: string, keyword: string, problem: string) {
    super(`Schema ${path}: ${keyword} ${problem}.`);
    this.path = path;
    this.keyword = keyword;
  }
}
