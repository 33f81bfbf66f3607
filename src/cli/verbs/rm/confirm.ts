import { createInterface } from 'node:readline/promises';
import { OptionError } from '../../../contracts/errors.ts';

/**
 * Whether the user says yes.
 * @throws OptionError where nobody can be asked
 */
export async function confirm(question: string): Promise<boolean> {
  if (!process.stdin.isTTY) {
    throw new OptionError('yes', 'must be given where there is no terminal to ask on.');
  }
  const asked = createInterface({ input: process.stdin, output: process.stderr });
  const none = new AbortController();
  asked.on('close', () => none.abort());
  try {
    const answer = await asked.question(`${question} [y/N] `, none).catch(() => ''); // Ctrl-C, Ctrl-D
    return /^y(es)?$/i.test(answer.trim());
  } finally {
    asked.close();
  }
}
