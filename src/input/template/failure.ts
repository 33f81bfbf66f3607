import { UnsupportedTemplateError } from '../../contracts/errors.ts';

/** What jinja2 would fail with too: a broken template, or one that its data does not suit. */
export class TemplateFailure extends Error {
  /** Line of the template, counted from 1; 0 where unknown. */
  readonly line: number;
  constructor(message: string, line = 0) {
    super(message);
    this.line = line;
  }
}

export function fail(message: string): never {
  throw new TemplateFailure(message);
}

/** The same with the line of the template, where it has none yet. */
export function atLine(error: unknown, line: number): unknown {
  if (error instanceof TemplateFailure && error.line === 0) {
    return new TemplateFailure(error.message, line);
  }
  if (error instanceof UnsupportedTemplateError && error.line === 0) {
    return new UnsupportedTemplateError(error.construct, line);
  }
  return error;
}
