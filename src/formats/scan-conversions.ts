import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode, ioError } from '../files/io-error.ts';
import {
  type ConversionRecord,
  type ConversionSource,
  readRecord,
  recordPath,
} from './conversion-record.ts';
import { isRead } from './forms/forms.ts';
import { type Part, partsIn } from './parts.ts';

/** Whether a model that was converted is as it was. */
type SourceState = 'there' | 'changed' | 'gone';

/** A file of converted weights, or what is there of it. */
export interface Conversion {
  /** Where it stands, or will. */
  readonly path: string;
  /** All that can be deleted: the file, what killed processes left of it, and last the record of what it is of. */
  readonly paths: readonly string[];
  /** Of all of them, and of what is being written. */
  readonly bytes: number;
  /**
   * The best of its sources' states; `unknown` if there is no record. `outdated`: no load of this version reads what
   * it was converted to. `unfinished`: a conversion was killed on the way.
   */
  readonly state: SourceState | 'outdated' | 'unknown' | 'being written' | 'unfinished';
  readonly sources: readonly (ConversionSource & { readonly state: SourceState })[];
  readonly record: ConversionRecord | undefined;
  /** Undefined if nobody writes it. */
  readonly writer: Part | undefined;
}

const NAME = /^(?<stem>[0-9a-f]{32})\.(safetensors|json)$/;

/** All conversions in a folder of weights, those used last first. Whatever else lies there is not looked at. */
export async function scanConversions(folder: string): Promise<Conversion[]> {
  try {
    const parts = await partsIn(folder);
    const stems = (await readdir(folder)).flatMap((name) => NAME.exec(name)?.groups?.stem ?? []);
    const places = stems.map((stem) => join(folder, `${stem}.safetensors`));
    const all = new Set([...places, ...parts.map((part) => part.of)]);
    const found = [...all].map((path) =>
      scanConversion(
        path,
        parts.filter((part) => part.of === path),
      ),
    );
    const used = ({ record }: Conversion) => record?.used ?? '';
    return (await Promise.all(found)).sort((a, b) => (used(a) > used(b) ? -1 : 1));
  } catch (cause) {
    if (errorCode(cause) === 'ENOENT') return [];
    throw ioError(folder, cause);
  }
}

async function scanConversion(path: string, parts: readonly Part[]): Promise<Conversion> {
  const record = await readRecord(path);
  const sources = await Promise.all(
    (record?.sources ?? []).map(async (source) => ({ ...source, state: await stateOf(source) })),
  );
  const [whole, described] = [await sizeOf(path), await sizeOf(recordPath(path))];
  const writer = parts.find((part) => !part.isLeft);
  const best = (['there', 'changed', 'gone'] as const).find((state) =>
    sources.some((source) => source.state === state),
  );
  const found = record === undefined || isRead(record.form) ? (best ?? 'unknown') : 'outdated';
  const ended = whole === undefined ? 'unfinished' : found;
  return {
    ...{ path, sources, record, writer },
    paths: [
      ...(whole === undefined ? [] : [path]),
      ...parts.filter(({ isLeft }) => isLeft).map((part) => part.path),
      ...(described === undefined ? [] : [recordPath(path)]),
    ],
    bytes: (whole ?? 0) + (described ?? 0) + parts.reduce((sum, { bytes }) => sum + bytes, 0),
    state: writer === undefined ? ended : 'being written',
  };
}

async function stateOf({ folder, files }: ConversionSource): Promise<SourceState> {
  const found = await Promise.all([folder, ...files.map(({ path }) => path)].map(look));
  if (found.includes(undefined)) return 'gone';
  const isSame = files.every(({ bytes, modified }, index) => {
    const there = found[index + 1];
    return there?.size === bytes && there.mtimeMs === modified;
  });
  return isSame ? 'there' : 'changed';
}

const look = (path: string) => stat(path).catch(() => undefined);

const sizeOf = async (path: string): Promise<number | undefined> => (await look(path))?.size;
