import { CommanderError } from '@commander-js/extra-typings';
import { expect, it } from 'vitest';
import {
  ContextLengthError,
  ImageError,
  OptionError,
  PromptError,
  TrainingDataError,
} from '../contracts/errors.ts';
import { reportError } from './report-error.ts';

it('tells an error of ours in one line, with exit code 1', () => {
  const { text, exitCode } = reportError(new ContextLengthError(2000, 1024));
  expect(text).toMatch(
    /^error: The prompt has 2000 tokens, but the model's context holds 1024, .* leave out 977 or more, .*\n$/,
  );
  expect(exitCode).toBe(1);
  expect(reportError(new PromptError('One\n  two')).text).toBe('error: One two\n');
});

it('tells the problems of training data one a line, and what would mend them', () => {
  const missing = { file: 'a.json', reason: 'there is no picture b.png', missingPicture: true };
  const { text } = reportError(
    new TrainingDataError(
      [0, 1].map((index) => ({ ...missing, index })),
      7,
    ),
  );
  expect(text.split('\n')).toEqual([
    'error: The training data has 2 problems and 7 dialogues that can be used:',
    '  a.json, record 0: there is no picture b.png.',
    '  a.json, record 1: there is no picture b.png.',
    'Correct the files. Use --image-root to name the folder that pictures lie in. Use --skip-bad to leave bad records out.',
    '',
  ]);
});

it('tells several errors in a line each', () => {
  const remedy = { kind: 'use-option', option: 'imageRoot' } as const;
  const errors = ['a.png', 'b.png'].map(
    (name) => new ImageError(name, 'it is not there.', { remedy }),
  );
  expect(reportError(new AggregateError(errors))).toEqual({
    text: 'error: Picture a.png: it is not there.\nerror: Picture b.png: it is not there.\nUse --image-root.\n',
    exitCode: 1,
  });
  expect(reportError(new AggregateError([new TypeError('oh')])).text).toContain('bug of msd');
});

it('calls an option by its flag, with exit code 2', () => {
  const { text, exitCode } = reportError(new OptionError('maxTokens', 'must be a whole number.'));
  expect(text).toBe('error: --max-tokens must be a whole number.\n');
  expect(exitCode).toBe(2);
});

it('leaves the text of wrong calls and of help to the parser', () => {
  expect(reportError(new CommanderError(1, 'commander.unknownOption', 'x'))).toEqual({
    text: '',
    exitCode: 2,
  });
  expect(reportError(new CommanderError(0, 'commander.helpDisplayed', 'x')).exitCode).toBe(0);
});

it('shows where a bug is', () => {
  const { text, exitCode } = reportError(new TypeError('oh'));
  expect(text).toMatch(/bug of msd[\s\S]*TypeError: oh\n +at /);
  expect(exitCode).toBe(1);
});
