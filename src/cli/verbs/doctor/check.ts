import { MsdError } from '../../../contracts/errors.ts';
import { wordsOf } from '../../print/remedy-words.ts';

/** One line of `msd doctor`. */
export interface Check {
  readonly name: string;
  /** `warn`: msd works, but not everything here; `fail`: it does not work. */
  readonly status: 'ok' | 'warn' | 'fail';
  readonly detail: string;
  /** What to do about it; empty if it is ok. */
  readonly advice: string;
}

export const ok = (name: string, detail: string): Check => ({
  name,
  status: 'ok',
  detail,
  advice: '',
});

/** A sentence out of whatever was thrown. */
export function reasonOf(error: unknown): string {
  const text = MsdError.is(error)
    ? wordsOf(error)
    : error instanceof Error
      ? error.message
      : String(error);
  return text.replace(/\s+/g, ' ');
}
