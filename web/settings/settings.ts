/** What a person sets, kept in the browser but for the key, which ends with the tab. */

export interface Settings {
  readonly system: string;
  readonly temperature: number;
  /** Null draws one for each question. */
  readonly seed: number | null;
  readonly maxTokens: number;
  /** The nodes that pay, so many rows a pass, or no guesses. */
  readonly tree: 'auto' | 'plain' | number;
  /** Whether words show who guessed them. */
  readonly colours: boolean;
  readonly theme: 'system' | 'light' | 'dark';
}

export const USUAL_SETTINGS: Settings = {
  ...{ system: '', temperature: 0, seed: null, maxTokens: 512, tree: 'auto' },
  ...{ colours: true, theme: 'system' },
};

type Shelf = Pick<Storage, 'getItem' | 'setItem'>;
const NAME = 'msd.settings';

/** Settings as they were kept; what is missing or makes no sense is as usual. */
export function readSettings(shelf: Shelf): Settings {
  const kept = parsed(shelf.getItem(NAME));
  return {
    system: typeof kept.system === 'string' ? kept.system : USUAL_SETTINGS.system,
    temperature: numberIn(kept.temperature, 0, 2) ?? USUAL_SETTINGS.temperature,
    seed: wholeIn(kept.seed, 0, Number.MAX_SAFE_INTEGER) ?? null,
    maxTokens: wholeIn(kept.maxTokens, 1, 1_000_000) ?? USUAL_SETTINGS.maxTokens,
    tree: kept.tree === 'plain' ? 'plain' : (wholeIn(kept.tree, 1, 64) ?? 'auto'),
    colours: kept.colours !== false,
    theme: kept.theme === 'light' || kept.theme === 'dark' ? kept.theme : 'system',
  };
}

export const keepSettings = (shelf: Shelf, settings: Settings): void =>
  shelf.setItem(NAME, JSON.stringify(settings));

function parsed(text: string | null): Partial<Record<keyof Settings, unknown>> {
  try {
    const value: unknown = JSON.parse(text ?? '{}');
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
}

export const numberIn = (value: unknown, least: number, most: number): number | undefined =>
  typeof value === 'number' && value >= least && value <= most ? value : undefined;

export const wholeIn = (value: unknown, least: number, most: number): number | undefined =>
  Number.isSafeInteger(value) ? numberIn(value, least, most) : undefined;
