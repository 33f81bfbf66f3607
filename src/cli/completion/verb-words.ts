import type { CommandUnknownOpts } from '@commander-js/extra-typings';

/** What can stand behind a verb, for the shells. */
export interface VerbWords {
  /** As typed, `train draft`. */
  readonly name: string;
  readonly about: string;
  readonly flags: readonly FlagWords[];
  /** Verbs below it, or what its argument may be. */
  readonly below: readonly string[];
}

export interface FlagWords {
  readonly long: string;
  readonly short: string | undefined;
  readonly about: string;
  /** Of a flag with a value: those that there are, else empty; undefined for a switch. */
  readonly values: readonly string[] | undefined;
}

/** All verbs of a program, the program itself first, under an empty name. */
export function verbWords(program: CommandUnknownOpts, name = ''): VerbWords[] {
  const help = { long: '--help', short: '-h', about: 'what there is', values: undefined };
  const flags = program.options.map((option) => ({
    long: option.long ?? option.flags,
    short: option.short,
    about: option.description,
    values: option.required || option.optional ? (option.argChoices ?? []) : undefined,
  }));
  return [
    {
      name,
      about: program.description(),
      flags: [...flags, help],
      below: [
        ...program.commands.map((verb) => verb.name()),
        ...program.registeredArguments.flatMap(({ argChoices = [] }) => argChoices),
      ],
    },
    ...program.commands.flatMap((verb) => verbWords(verb, `${name} ${verb.name()}`.trim())),
  ];
}

/** As a flag can be typed: the long way first. */
export const spellings = ({ long, short }: Pick<FlagWords, 'long' | 'short'>): string[] =>
  short === undefined ? [long] : [long, short];

/** For the loops of bash and zsh over the words of a line: a case for each verb, which is kept as `verb`. */
export const verbCases = (verbs: readonly VerbWords[]): string =>
  verbs
    .filter(({ name }) => name !== '')
    .map(({ name }) => `      '${name}') verb='${name}' ;;`)
    .join('\n');
