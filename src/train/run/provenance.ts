import { createHash } from 'node:crypto';
import { readMachine } from '../../evaluate/machine.ts';
import { packageVersion } from '../../files/package-version.ts';

/** What is needed to run a training again and get the same weights. Plain JSON. */
export interface Provenance {
  /** As `readRunConfig` gave it. */
  readonly config: unknown;
  /** SHA-256 of each file that is learned from, models included, by its name. */
  readonly data: Readonly<Record<string, string>>;
  readonly seed: number;
  readonly versions: { readonly msd: string; readonly node: string; readonly onnxruntime: string };
  readonly machine: {
    readonly cpu: string;
    readonly cores: number;
    readonly platform: string;
    readonly threads: number;
  };
  readonly command: string;
  /** ISO 8601. */
  readonly started: string;
}

/** Fills in what the process knows of itself. */
export function describeRun(
  given: Pick<Provenance, 'config' | 'data' | 'seed' | 'command'> & { readonly threads: number },
  now: Date,
): Provenance {
  const { threads, ...rest } = given;
  const { node, onnxruntime, ...machine } = readMachine();
  return {
    ...rest,
    versions: { msd: packageVersion(), node, onnxruntime },
    machine: { ...machine, threads },
    started: now.toISOString(),
  };
}

/** Says which run a checkpoint belongs to. */
export function runHash({ config, data, seed }: Provenance): string {
  const named = [...leaves('', { config, data, seed })].map(([key, value]) => [key, value]);
  return createHash('sha256').update(JSON.stringify(named.sort())).digest('hex');
}

export interface Difference {
  /** Dotted, as `config.optimiser.rate`. */
  readonly key: string;
  /** As JSON; undefined where the key is not there. */
  readonly was: string | undefined;
  readonly is: string | undefined;
}

/**
 * Where two descriptions differ in what may change the weights: anything but when and by which command.
 * @param mayChange dotted keys that may differ, with all below them
 */
export function differences(
  before: Provenance,
  after: Provenance,
  mayChange: readonly string[],
): Difference[] {
  const settings = ({ config, data, seed, versions, machine }: Provenance) =>
    new Map(leaves('', { config, data, seed, versions, machine }));
  const [was, is] = [settings(before), settings(after)];
  const allowed = (key: string) => mayChange.some((one) => `${key}.`.startsWith(`${one}.`));
  return [...new Set([...was.keys(), ...is.keys()])]
    .filter((key) => was.get(key) !== is.get(key) && !allowed(key))
    .map((key) => ({ key, was: was.get(key), is: is.get(key) }));
}

/** Every value that is no group, as JSON, under its dotted key; a list counts as one value. */
function* leaves(prefix: string, value: unknown): Generator<[string, string]> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    const text = JSON.stringify(value);
    if (text !== undefined) yield [prefix, text]; // JSON leaves undefined out, and so does the file
    return;
  }
  for (const [key, inner] of Object.entries(value)) {
    yield* leaves(prefix === '' ? key : `${prefix}.${key}`, inner);
  }
}
