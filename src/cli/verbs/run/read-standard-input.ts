import { buffer } from 'node:stream/consumers';
import { PromptError } from '../../../contracts/errors.ts';

/** All of standard input as text, without the line ends behind it. */
export async function readStandardInput(stream: NodeJS.ReadableStream): Promise<string> {
  const bytes = await buffer(stream);
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return text.replace(/[\r\n]+$/, '');
  } catch (cause) {
    throw new PromptError('Standard input is not UTF-8 text; give the prompt as text.', { cause });
  }
}
