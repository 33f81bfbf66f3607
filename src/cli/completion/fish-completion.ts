import type { FlagWords, VerbWords } from './verb-words.ts';

/** A script for fish: verbs and flags with what they are for. */
export function fishCompletion(verbs: readonly VerbWords[]): string {
  const lines = verbs.flatMap(({ name, flags, below }) => {
    const at = `-n ${quoted(condition(name, below))}`;
    return [
      ...below.map((verb) => {
        const path = `${name} ${verb}`.trim();
        const about = verbs.find((one) => one.name === path)?.about ?? '';
        return `complete -c msd -f ${at} -a ${verb} -d ${quoted(about)}`;
      }),
      ...flags.map((flag) => `complete -c msd ${at} ${flagWords(flag)}`),
    ];
  });
  return `# msd completion for fish: msd completion fish | source\n${lines.join('\n')}\n`;
}

/** True where the words so far lead to this verb and to none below it. */
function condition(name: string, below: readonly string[]): string {
  const seen = name.split(' ').map((word) => `__fish_seen_subcommand_from ${word}`);
  const here = name === '' ? [] : seen;
  const notBelow = below.length === 0 ? [] : [`not __fish_seen_subcommand_from ${below.join(' ')}`];
  return [...here, ...notBelow].join('; and ');
}

function flagWords({ long, short, about, values }: FlagWords): string {
  const value =
    values === undefined ? '' : values.length === 0 ? ' -r' : ` -x -a ${quoted(values.join(' '))}`;
  const letter = short === undefined ? '' : ` -s ${short.slice(1)}`;
  return `-l ${long.slice(2)}${letter}${value} -d ${quoted(about)}`;
}

const quoted = (text: string): string => `'${text.replaceAll(/['\\]/g, '\\$&')}'`;
