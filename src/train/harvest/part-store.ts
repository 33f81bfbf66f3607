import { readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { RunFolderError } from '../../contracts/errors.ts';
import { ioError } from '../../files/io-error.ts';
import { isLockLeftover } from '../../files/lock-run.ts';
import { writeWhole } from '../../files/write-file.ts';
import { type LineFacts, readHarvestLine } from './harvest-record.ts';

/**
 * The lines of a harvest under way, in files that are written whole, one for each save. Lines come in the order in
 * which dialogues end, and leave in the order of the dialogues.
 */
export interface PartStore {
  /** What was saved before or added since, by dialogue. */
  readonly facts: ReadonlyMap<number, LineFacts>;
  /** Lines that were added since the last save. */
  readonly unsaved: number;
  add(line: string): void;
  /** Writes what was added before the call, after saves under way. A save that fails loses nothing: the next one tries again. */
  save(): Promise<void>;
  /** Writes what is kept, all of it saved, to `out`, and removes state and parts. */
  finish(out: string): Promise<void>;
}

export const STATE_FILE = 'state.json';
const PART = /^part-(\d+)\.jsonl$/;
/** What a killed write leaves behind. */
const HALF_WRITTEN = /^(part-\d+\.jsonl|state\.json|finished\.jsonl)\.[A-Za-z0-9]{6}$/;

/**
 * The parts in a folder, which this process has locked.
 * @throws RunFolderError if a part is damaged, CheckpointError if the file system fails
 */
export async function openPartStore(folder: string): Promise<PartStore> {
  const facts = new Map<number, LineFacts>();
  const partOf = new Map<number, number>(); // dialogue → the part that holds its line
  let last = 0;
  for (const name of await namesIn(folder)) {
    if (HALF_WRITTEN.test(name) || isLockLeftover(name))
      await rm(join(folder, name), { recursive: true });
    const part = Number(PART.exec(name)?.[1] ?? 0);
    if (part === 0) continue;
    last = Math.max(last, part);
    for (const { fact } of await readPart(pathOf(folder, part))) {
      facts.set(fact.dialogue, fact);
      partOf.set(fact.dialogue, part);
    }
  }

  let unsaved: { readonly dialogue: number; readonly line: string }[] = [];
  let saving: Promise<unknown> = Promise.resolve();
  /** Lines may be added while it writes: they are the next save's. */
  async function saveNow(): Promise<void> {
    const lines = unsaved;
    if (lines.length === 0) return;
    unsaved = [];
    try {
      await writeWhole(pathOf(folder, last + 1), lines.map(({ line }) => `${line}\n`).join(''));
    } catch (cause) {
      unsaved = [...lines, ...unsaved];
      throw cause;
    }
    last += 1;
    for (const { dialogue } of lines) partOf.set(dialogue, last);
  }
  /** What is kept, in the order of the dialogues; a part stays in memory from its first line to its last. */
  async function* kept(): AsyncGenerator<Uint8Array> {
    const open = new Map<number, Map<number, string>>();
    for (const dialogue of [...partOf.keys()].sort((a, b) => a - b)) {
      const part = partOf.get(dialogue) as number;
      const lines = open.get(part) ?? new Map<number, string>();
      if (!open.has(part)) {
        for (const { fact, line } of await readPart(pathOf(folder, part))) {
          if (partOf.get(fact.dialogue) === part) lines.set(fact.dialogue, line);
        }
        open.set(part, lines);
      }
      if (facts.get(dialogue)?.left === null) yield Buffer.from(`${lines.get(dialogue)}\n`);
      lines.delete(dialogue);
      if (lines.size === 0) open.delete(part);
    }
  }
  return {
    facts,
    get unsaved() {
      return unsaved.length;
    },
    add(line) {
      const fact = readHarvestLine(line);
      if (fact === undefined) throw new TypeError('This is no line of a harvest.');
      unsaved.push({ dialogue: fact.dialogue, line });
      facts.set(fact.dialogue, fact);
    },
    save() {
      const saved = saving.then(saveNow);
      saving = saved.catch(() => undefined); // told to who asked for it; the next one tries again
      return saved;
    },
    async finish(out) {
      const finished = join(folder, 'finished.jsonl');
      await writeWhole(finished, kept());
      try {
        await rename(finished, out);
      } catch (cause) {
        throw ioError(out, cause);
      }
      await removeParts(folder);
    },
  };
}

const pathOf = (folder: string, part: number): string =>
  join(folder, `part-${String(part).padStart(5, '0')}.jsonl`);

/** The state goes first: parts without one belong to no harvest any more. Files that are not ours stay. */
export async function removeParts(folder: string): Promise<void> {
  try {
    await rm(join(folder, STATE_FILE), { force: true });
    const parts = (await readdir(folder)).filter((name) => PART.test(name));
    for (const name of parts) await rm(join(folder, name));
  } catch (cause) {
    throw ioError(folder, cause);
  }
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (cause) {
    throw ioError(folder, cause);
  }
}

async function readPart(path: string): Promise<{ fact: LineFacts; line: string }[]> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw ioError(path, cause);
  });
  const lines = text.split('\n').filter((line) => line !== '');
  return lines.map((line) => {
    const fact = readHarvestLine(line);
    if (fact !== undefined) return { fact, line };
    throw new RunFolderError(
      path,
      'this part of a harvest is damaged; delete the file, and its dialogues are answered again.',
    );
  });
}
