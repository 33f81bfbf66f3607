/**
 * What would help, as data: the program words it with flags, the library with the names of options, a server as its
 * clients know it. Options are named as in `LoadOptions` and `GenerateOptions`, and so as the program's flags in camel case.
 */
export type Remedy =
  | {
      readonly kind: 'use-option';
      readonly option: string;
      /** Any of these; absent where it is the user's to say, or the option is a switch. */
      readonly values?: readonly string[];
      /** As `run the model without one`. */
      readonly to?: string;
    }
  | { readonly kind: 'drop-option'; readonly option: string }
  /** Fetch the model from the hub into its cache. */
  | { readonly kind: 'fetch-model'; readonly model: string }
  /** Make a folder of a GGUF file. */
  | { readonly kind: 'import-file'; readonly file: string }
  /** Make a model of adapters and the one that they adapt, whose name on the hub `base` is where it has to be fetched first. */
  | { readonly kind: 'merge-adapters'; readonly folder: string; readonly base?: string }
  /** Look what the cache holds. */
  | { readonly kind: 'list-models' }
  /** Take models off the disk that are not needed. */
  | { readonly kind: 'remove-models' }
  | { readonly kind: 'any-of'; readonly remedies: readonly Remedy[] };

/** One remedy out of those that there are; undefined of none. */
export function anyOf(remedies: readonly Remedy[]): Remedy | undefined {
  return remedies.length > 1 ? { kind: 'any-of', remedies } : remedies[0];
}

/** As a sentence to who calls the library. */
export function remedyText(remedy: Remedy): string {
  switch (remedy.kind) {
    case 'use-option':
      return `Use option ${useOf(remedy)}.`;
    case 'drop-option':
      return `Try without option ${remedy.option}.`;
    case 'fetch-model':
      return `Fetch ${remedy.model} from the hub.`;
    case 'import-file':
      return `Import it with the program: msd import ${remedy.file}`;
    case 'merge-adapters':
      return `${remedy.base === undefined ? 'Merge' : `Fetch ${remedy.base} from the hub, and merge`} them with the program: msd export ${remedy.folder}`;
    case 'list-models':
      return 'Look into the cache for what is there.';
    case 'remove-models':
      return 'Remove models that are not needed.';
    case 'any-of':
      return remedy.remedies.map(remedyText).join(' ');
  }
}

/** `device cpu`, `dtype bf16 or f32`, `force to run the model without one`, under the name that users know. */
export function useOf(
  { option, values = [], to }: Remedy & { kind: 'use-option' },
  name = option,
): string {
  const value = values.length > 0 ? ` ${values.join(' or ')}` : '';
  return `${name}${value}${to === undefined ? '' : ` to ${to}`}`;
}
