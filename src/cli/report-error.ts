import { CommanderError } from '@commander-js/extra-typings';
import { ConfigError, MsdError, OptionError, TrainingDataError } from '../contracts/errors.ts';
import { flagOf, remedyWords, wordsOf } from './print/remedy-words.ts';

/** A failure as people read it, and what the program exits with: 2 if it was called wrongly, else 1. */
export function reportError(error: unknown): { text: string; exitCode: number } {
  if (error instanceof CommanderError) {
    const quotes = error.message.includes("too many arguments for 'run'");
    const text = quotes ? 'A prompt of several words needs quotes around it.\n' : '';
    return { text, exitCode: error.exitCode === 0 ? 0 : 2 }; // it has written its own text
  }
  if (error instanceof OptionError) return { text: `error: ${optionText(error)}\n`, exitCode: 2 };
  if (error instanceof ConfigError) return { text: `error: ${error.message}\n`, exitCode: 2 };
  if (error instanceof TrainingDataError) {
    return { text: `error: ${wordsOf(error)}\n`, exitCode: 1 }; // a problem a line
  }
  if (MsdError.is(error)) return { text: `error: ${oneLine(wordsOf(error))}\n`, exitCode: 1 };
  if (error instanceof AggregateError && error.errors.every(MsdError.is)) {
    const errors: readonly MsdError[] = error.errors;
    const problems = errors.map(({ problem }) => `error: ${oneLine(problem)}\n`);
    const remedies = errors.flatMap(({ remedy }) => (remedy ? remedyWords(remedy) : []));
    return { text: [...problems, ...lines(new Set(remedies))].join(''), exitCode: 1 };
  }
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

const lines = (texts: Iterable<string>): string[] => [...texts].map((text) => `${text}\n`);

const oneLine = (text: string): string => text.replace(/\s*[\r\n]+\s*/g, ' ');
