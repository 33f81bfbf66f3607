import { CommanderError } from '@commander-js/extra-typings';
import { expect, it } from 'vitest';
import { ContextLengthError, OptionError, PromptError } from '../contracts/errors.ts';
import { reportError } from './report-error.ts';

it('tells an error of ours in one line, with exit code 1', () => {
  const { text, exitCode } = reportError(new ContextLengthError(2000, 1024));
  expect(text).toMatch(/^error: The prompt has 2000 tokens .*\n$/);
  expect(exitCode).toBe(1);
  expect(reportError(new PromptError('One\n  two')).text).toBe('error: One two\n');
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
