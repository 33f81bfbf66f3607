import { type FlagWords, spellings, type VerbWords, verbCases } from './verb-words.ts';

/** A script for zsh: verbs and flags with what they are for. */
export function zshCompletion(verbs: readonly VerbWords[]): string {
  return `#compdef msd
# msd completion for zsh: source <(msd completion zsh)
_msd() {
  local verb='' i
  for ((i = 2; i < CURRENT; i++)); do
    case "\${verb:+$verb }\${words[i]}" in
${verbCases(verbs)}
    esac
  done
  case "$verb" in
${verbs.map((verb) => verbCase(verb, verbs)).join('\n')}
  esac
}
if [[ $funcstack[1] == _msd ]]; then _msd "$@"; else compdef _msd msd; fi
`;
}

function verbCase({ name, flags, below }: VerbWords, verbs: readonly VerbWords[]): string {
  const about = (verb: string) => verbs.find((one) => one.name === `${name} ${verb}`.trim())?.about;
  const list = below.map((verb) => quoted(`${verb}:${about(verb) ?? ''}`));
  const rest = list.length === 0 ? [`'*:file:_files'`] : [`'*:: :(( ${below.join(' ')} ))'`];
  const show =
    list.length === 0
      ? ''
      : `      local -a verbs=(${list.join(' ')})
      [[ $words[CURRENT] != -* ]] && { _describe verb verbs; return }
`;
  return `    '${name}')
${show}      _arguments ${[...flags.flatMap(flagSpec), ...rest].join(' ')} ;;`;
}

function flagSpec({ about, values, ...flag }: FlagWords): string[] {
  const text = about.replaceAll(/[[\]:\\]/g, '\\$&');
  const value =
    values === undefined
      ? ''
      : values.length === 0
        ? ':value:_files'
        : `:value:(${values.join(' ')})`;
  return spellings(flag).map((spelling) => quoted(`*${spelling}[${text}]${value}`));
}

const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
