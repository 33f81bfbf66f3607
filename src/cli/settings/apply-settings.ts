import type { CommandUnknownOpts } from '@commander-js/extra-typings';
import { ConfigError } from '../../contracts/errors.ts';
import type { Settings } from './read-settings.ts';

/** Gives a verb the settings that it has flags for and that nobody gave. A draft goes with its own model alone. */
export function applySettings(verb: CommandUnknownOpts, settings: Settings): void {
  const isGiven = (name: string) => verb.getOptionValueSource(name) === 'cli';
  const { model, draft, threads } = settings;
  const wanted = { model, threads, ...(!isGiven('model') && { draft }) };
  const flags = verb.options.map((option) => option.attributeName());
  for (const [name, value] of Object.entries(wanted)) {
    if (value === undefined || !flags.includes(name) || isGiven(name)) continue;
    verb.setOptionValueWithSource(name, value, 'config');
  }
  if (verb.name() === 'serve') applyServe(verb, settings.serve ?? {});
}

/**
 * Flags that the file gives, read as if they were typed.
 * @throws ConfigError naming the flag
 */
function applyServe(verb: CommandUnknownOpts, given: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(given)) {
    const option = verb.options.find((option) => option.attributeName() === name);
    if (option === undefined) {
      throw new ConfigError(`serve.${name}`, 'there is no such flag; see msd serve --help.');
    }
    if (['cli', 'env'].includes(verb.getOptionValueSource(name) ?? '')) continue;
    const texts = (Array.isArray(value) ? value : [value]).map(String);
    let read: unknown;
    for (const text of texts) {
      try {
        read = option.parseArg === undefined ? text : option.parseArg(text, read as never);
      } catch (cause) {
        const problem = cause instanceof Error ? cause.message : String(cause);
        throw new ConfigError(`serve.${name}`, problem, { cause });
      }
    }
    verb.setOptionValueWithSource(name, read, 'config');
  }
}
