import { fstatSync } from 'node:fs';
import { buffer } from 'node:stream/consumers';
import { PromptError } from '../../../contracts/errors.ts';

/** Milliseconds without a byte after which is said what is waited for. */
const PATIENCE = 1000;

/**
 * Whether someone piped or redirected something to standard input. A socket, which is what Node's child processes get
 * unasked, is nothing of the kind: it may stay open for ever.
 */
export function isPiped(descriptor: number): boolean {
  try {
    const stats = fstatSync(descriptor);
    return stats.isFIFO() || stats.isFile();
  } catch {
    return false; // closed
  }
}

/**
 * All of standard input as text, without the line ends behind it.
 * @param hint told if nothing comes for a second
 * @throws PromptError if it is no UTF-8
 */
export async function readStandardInput(
  stream: NodeJS.ReadableStream,
  hint: () => void,
): Promise<string> {
  const timer = setTimeout(hint, PATIENCE);
  stream.once('data', () => clearTimeout(timer));
  const bytes = await buffer(stream).finally(() => clearTimeout(timer));
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return text.replace(/[\r\n]+$/, '');
  } catch (cause) {
    throw new PromptError('Standard input is not UTF-8 text; give the prompt as text.', { cause });
  }
}
