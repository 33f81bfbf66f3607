import { CommanderError } from '@commander-js/extra-typings';
import { ConfigError, MsdError, OptionError } from '../contracts/errors.ts';
import { flagOf, wordsOf } from './print/remedy-words.ts';

/** A failure as people read it, and what the program exits with: 2 if it was called wrongly, else 1. */
export function reportError(error: unknown): { text: string; exitCode: number } {
  if (error instanceof CommanderError) {
    const quotes = error.message.includes("too many arguments for 'run'");
    const text = quotes ? 'A prompt of several words needs quotes around it.\n' : '';
    return { text, exitCode: error.exitCode === 0 ? 0 : 2 }; // it has written its own text
  }
  if (error instanceof OptionError) return { text: `error: ${optionText(error)}\n`, exitCode: 2 };
  if (error instanceof ConfigError) return { text: `error: ${error.message}\n`, exitCode: 2 };
  if (MsdError.is(error)) return { text: `error: ${oneLine(wordsOf(error))}\n`, exitCode: 1 };
  const trace = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return {
    text: `This is a bug of msd; please report it with what you ran:\n${trace}\n`,
    exitCode: 1,
  };
}

/** `Option topP must be …` under its flag's name. */
function optionText({ option, message }: OptionError): string {
  return oneLine(message.replace(`Option ${option}`, flagOf(option)));
}

const oneLine = (text: string): string => text.replace(/\s*[\r\n]+\s*/g, ' ');
