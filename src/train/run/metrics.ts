/** The records of a run, one JSON object a line in `metrics.jsonl`, appended as it goes. */
import { readFile, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { RunFolderError } from '../../contracts/errors.ts';
import { errorCode, ioError } from '../../files/io-error.ts';
import { jsonIn } from '../../files/json-file.ts';
import { writeWhole } from '../../files/write-file.ts';
import { type Disk, flush, writeError } from './disk.ts';
import type { RunRecord } from './records.ts';

const METRICS_FILE = 'metrics.jsonl';

export interface Metrics {
  /** Adds a line, or nothing: what a full disk cut short is taken back. */
  append(record: RunRecord): Promise<void>;
  /** Waits until all lines are on the disk. */
  flush(): Promise<void>;
}

/**
 * Opens the records in the folder of a run that goes on after `step`: those of later steps, and a line that a kill cut
 * short, go.
 * @param lastGood the last checkpoint, for the messages of errors
 * @throws RunFolderError if one of those that stay is damaged
 */
export async function openMetrics(
  dir: string,
  step: number,
  disk: Disk,
  lastGood: () => string | undefined,
): Promise<Metrics> {
  const path = join(dir, METRICS_FILE);
  const before = await readText(path);
  const kept = linesUpTo(path, before, step).join('');
  let bytes = Buffer.byteLength(kept);
  try {
    if (kept !== before) await writeWhole(path, kept);
  } catch (cause) {
    throw writeError(path, bytes, lastGood(), cause);
  }
  return {
    async append(record) {
      const line = `${JSON.stringify(record)}\n`;
      const needed = Buffer.byteLength(line);
      try {
        await disk.append(path, line);
      } catch (cause) {
        await truncate(path, bytes).catch(() => {}); // not there yet
        throw writeError(path, bytes + needed, lastGood(), cause);
      }
      bytes += needed;
    },
    async flush() {
      if (bytes > 0) await flush(path);
    },
  };
}

/**
 * The records in a run's folder, for a report; also of one under way.
 * @throws RunFolderError if one is damaged
 */
export async function readMetrics(dir: string): Promise<RunRecord[]> {
  const path = join(dir, METRICS_FILE);
  const lines = linesUpTo(path, await readText(path), Number.POSITIVE_INFINITY);
  return lines.flatMap((line) => recordIn(line) ?? []);
}

/** Whole lines up to the last record of at most `step` steps. */
function linesUpTo(path: string, text: string, step: number): string[] {
  const lines = text.split(/(?<=\n)/).filter((line) => line.endsWith('\n'));
  const records = lines.map(recordIn);
  const end = records.findLastIndex((record) => record !== undefined && record.step <= step) + 1;
  const damaged = records.slice(0, end).indexOf(undefined);
  if (damaged === -1) return lines.slice(0, end);
  throw new RunFolderError(path, `line ${damaged + 1} is no record; delete the line.`);
}

function recordIn(line: string): RunRecord | undefined {
  const value = jsonIn(line);
  return isRecord(value) ? value : undefined;
}

const isRecord = (value: unknown): value is RunRecord =>
  typeof value === 'object' &&
  value !== null &&
  'kind' in value &&
  (value.kind === 'step' || value.kind === 'validation') &&
  'step' in value &&
  Number.isSafeInteger(value.step);

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    if (errorCode(cause) === 'ENOENT') return '';
    throw ioError(path, cause);
  }
}
