import type { CommandUnknownOpts } from '@commander-js/extra-typings';
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
}
