import { spellings, type VerbWords, verbCases } from './verb-words.ts';

/** A script for bash: verbs, then a verb's flags, then a flag's values; files where nothing else can stand. */
export function bashCompletion(verbs: readonly VerbWords[]): string {
  return `# msd completion for bash: source <(msd completion bash)
_msd() {
  local word=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD-1]} verb='' words='' flags='' i
  for ((i = 1; i < COMP_CWORD; i++)); do
    case "\${verb:+$verb }\${COMP_WORDS[i]}" in
${verbCases(verbs)}
    esac
  done
  COMPREPLY=()
  case "$verb $before" in
${verbs.flatMap(valueCases).join('\n')}
  esac
  case "$verb" in
${verbs.map(wordCase).join('\n')}
  esac
  [[ $word == -* ]] && words=$flags
  [[ -n $words ]] && COMPREPLY=($(compgen -W "$words" -- "$word"))
}
complete -o default -F _msd msd
`;
}

/** A flag with a value is followed by one of its values, or by a file. */
function valueCases({ name, flags }: VerbWords): string[] {
  const withValue = flags.filter(({ values }) => values !== undefined);
  return withValue.map((flag) => {
    const pattern = spellings(flag)
      .map((spelling) => `'${name} ${spelling}'`)
      .join('|');
    const values = flag.values?.join(' ');
    const reply = values ? `COMPREPLY=($(compgen -W '${values}' -- "$word")); ` : '';
    return `    ${pattern}) ${reply}return ;;`;
  });
}

function wordCase({ name, flags, below }: VerbWords): string {
  const spelled = flags.flatMap(spellings);
  return `    '${name}') words='${below.join(' ')}' flags='${spelled.join(' ')}' ;;`;
}
