/** Mutated data files: whatever is in them, each record is read or named, and nothing else is thrown. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DataProblem, TrainingDataError } from '../../contracts/errors.ts';
import type { Dialogue } from './dialogue.ts';
import { readDialogues } from './read-dialogues.ts';

const numRuns = Number(process.env.MSD_FUZZ ?? 300);
const timeout = 3_600_000;
const folder = mkdtempSync(join(tmpdir(), 'msd-fuzz-'));

beforeAll(() => {
  const png = readFileSync(new URL('../../../fixtures/tiny/images/small.png', import.meta.url));
  mkdirSync(join(folder, 'images'));
  for (const name of ['a.png', 'images/b.png']) writeFileSync(join(folder, name), png);
  writeFileSync(join(folder, 'words.png'), 'no picture');
});
afterAll(() => rmSync(folder, { recursive: true }));

interface Outcome {
  readonly dialogues: readonly Dialogue[] | undefined;
  readonly problems: readonly DataProblem[];
  readonly usable: number;
}

/** What reading gives; anything but dialogues or a TrainingDataError fails the test. */
async function outcome(file: string, skipBad: boolean): Promise<Outcome> {
  try {
    const { dialogues, problems } = await readDialogues([file], { skipBad });
    return { dialogues, problems, usable: dialogues.length };
  } catch (error) {
    if (!(error instanceof TrainingDataError)) throw error;
    for (const { reason } of error.problems) {
      expect(reason).not.toMatch(/\p{Cc}|undefined|\[object/u);
      expect(reason.length).toBeLessThan(1000);
    }
    return { dialogues: undefined, problems: error.problems, usable: error.usable };
  }
}

function write(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

interface Format {
  /** Keys of a record's turns, and of a turn. */
  readonly turns: 'conversations' | 'messages';
  readonly speaker: 'from' | 'role';
  readonly text: 'value' | 'content';
  readonly user: string;
  readonly assistant: string;
}
const sharegpt: Format = {
  turns: 'conversations',
  speaker: 'from',
  text: 'value',
  user: 'human',
  assistant: 'gpt',
};
const chat: Format = {
  turns: 'messages',
  speaker: 'role',
  text: 'content',
  user: 'user',
  assistant: 'assistant',
};

type Json = Record<string, unknown>;
interface Sample {
  readonly format: Format;
  readonly record: Json;
}
const words = fc
  .string({ unit: 'grapheme', maxLength: 20 })
  .map((text) => `w${text.replaceAll('<image>', '')}w`);

/** A record that must be read: any format, with up to two pictures in each question. */
const good: fc.Arbitrary<Sample> = fc
  .record({
    format: fc.constantFrom(sharegpt, chat),
    system: fc.option(words),
    rounds: fc.array(
      fc.record({
        question: words,
        reply: words,
        pictures: fc.array(fc.constantFrom('a.png', 'b.png'), { maxLength: 2 }),
      }),
      { minLength: 1, maxLength: 3 },
    ),
  })
  .map(({ format, system, rounds }) => {
    const turn = (from: string, text: string) => ({ [format.speaker]: from, [format.text]: text });
    const turns = rounds.flatMap(({ question, reply, pictures }) => [
      turn(format.user, '<image>\n'.repeat(pictures.length) + question),
      turn(format.assistant, reply),
    ]);
    const pictures = rounds.flatMap(({ pictures }) => pictures);
    const record = {
      ...(pictures.length > 0 && { images: pictures }),
      [format.turns]: system === null ? turns : [turn('system', system), ...turns],
    };
    return { format, record };
  });

const notText = fc.constantFrom<unknown>(null, 3, true, {}, [], [{}]);
const notList = fc.constantFrom<unknown>(null, 3, 'text', {}, true);

/** A change after which a good record is a bad one. */
type Damage = (sample: Sample, at: number, values: { text: unknown; list: unknown }) => unknown;

const turnsOf = ({ format, record }: Sample) => record[format.turns] as Json[];
const withTurns = (sample: Sample, turns: unknown): Json => ({
  ...sample.record,
  [sample.format.turns]: turns,
});
const changeTurn = (sample: Sample, at: number, change: (turn: Json) => unknown): Json => {
  const turns = turnsOf(sample);
  const chosen = at % turns.length;
  return withTurns(
    sample,
    turns.map((turn, i) => (i === chosen ? change(turn) : turn)),
  );
};
const without = (object: Json, key: string): Json =>
  Object.fromEntries(Object.entries(object).filter(([name]) => name !== key));
const spoken = (sample: Sample) =>
  turnsOf(sample).filter((turn) => turn[sample.format.speaker] !== 'system');
const pictures = ({ record }: Sample) => (record.images ?? []) as string[];

const damages: Readonly<Record<string, Damage>> = {
  'no object': (_, __, { text }) => (Array.isArray(text) || typeof text !== 'object' ? text : null),
  'no turns key': ({ record, format }) => without(record, format.turns),
  'turns of another type': (sample, _, { list }) => withTurns(sample, list),
  'no turns': (sample) => withTurns(sample, []),
  'a turn of another type': (sample, at) => changeTurn(sample, at, () => 'text'),
  'no speaker': (sample, at) =>
    changeTurn(sample, at, (turn) => without(turn, sample.format.speaker)),
  'a speaker of another type': (sample, at, { text }) =>
    changeTurn(sample, at, (turn) => ({ ...turn, [sample.format.speaker]: text ?? 1 })),
  'an unknown speaker': (sample, at) =>
    changeTurn(sample, at, (turn) => ({ ...turn, [sample.format.speaker]: 'tool' })),
  'no text': (sample, at) => changeTurn(sample, at, (turn) => without(turn, sample.format.text)),
  'text of another type': (sample, at, { text }) =>
    // An empty list of parts is no text either, but in a system turn it is just empty.
    changeTurn(sample, at, (turn) => ({
      ...turn,
      [sample.format.text]: Array.isArray(text) ? 4 : text,
    })),
  'a turn said twice': (sample, at) => {
    const turns = spoken(sample);
    // A last question without a reply would be left out, a first reply twice dropped: repeat a reply behind its question.
    const reply = turns[((at % (turns.length / 2)) | 0) * 2 + 1] as Json;
    return withTurns(
      sample,
      turns.flatMap((turn) => (turn === reply ? [turn, turn] : [turn])),
    );
  },
  'an empty reply': (sample) =>
    changeTurn(sample, turnsOf(sample).length - 1, (turn) => ({
      ...turn,
      [sample.format.text]: ' ',
    })),
  'questions only': (sample) =>
    withTurns(
      sample,
      turnsOf(sample).filter((turn) => turn[sample.format.speaker] !== sample.format.assistant),
    ),
  'replies only': (sample) =>
    withTurns(
      sample,
      turnsOf(sample).filter((turn) => turn[sample.format.speaker] !== sample.format.user),
    ),
  'a system turn at the end': (sample) => {
    const last = turnsOf(sample).at(-1) as Json;
    const system = { ...last, [sample.format.speaker]: 'system' };
    return withTurns(sample, [...turnsOf(sample), system, ...spoken(sample)]);
  },
  'a picture too many': (sample) => ({ ...sample.record, images: [...pictures(sample), 'a.png'] }),
  'a missing picture': (sample) => shown(sample, 'gone.png'),
  'a picture of words': (sample) => shown(sample, 'words.png'),
  'a picture of another type': (sample, _, { text }) => shown(sample, text),
  'a picture behind a URL': (sample) => shown(sample, 'http://localhost/a.png'),
};

/** The record with one more picture in front of its first question. */
function shown(sample: Sample, picture: unknown): Json {
  const { format } = sample;
  const first = turnsOf(sample).findIndex((turn) => turn[format.speaker] === format.user);
  const changed = changeTurn(sample, first, (turn) => ({
    ...turn,
    [format.text]: `<image>\n${turn[format.text]}`,
  }));
  return { ...changed, images: [picture, ...pictures(sample)] };
}

const bad = fc
  .tuple(
    good,
    fc.constantFrom(...Object.keys(damages)),
    fc.nat(),
    fc.record({ text: notText, list: notList }),
  )
  .map(([sample, name, at, values]) => damages[name]?.(sample, at, values));

/** Records, and which of them must be refused. */
const data = fc.array(
  fc.oneof(
    {
      weight: 2,
      arbitrary: good.map(({ record }) => ({ record: record as unknown, isBad: false })),
    },
    { weight: 1, arbitrary: bad.map((record) => ({ record, isBad: true })) },
  ),
  { minLength: 1, maxLength: 8 },
);

describe('damaged records', () => {
  it.each([
    ['a list', 'data.json', (records: unknown[]) => JSON.stringify(records, null, 1)],
    [
      'lines',
      'data.jsonl',
      (records: unknown[]) => records.map((r) => JSON.stringify(r)).join('\n'),
    ],
  ])(
    'of %s are named, all and no others',
    async (_, name, print) => {
      await fc.assert(
        fc.asyncProperty(data, async (data) => {
          const file = write(name, print(data.map(({ record }) => record)));
          const indices = data.flatMap(({ isBad }, i) => (isBad ? [i] : []));
          const rest = data.flatMap(({ isBad }, i) => (isBad ? [] : [i]));
          for (const skipBad of [true, false]) {
            const { dialogues, problems, usable } = await outcome(file, skipBad);
            expect(problems.map(({ index }) => index)).toEqual(indices);
            expect(usable).toBe(rest.length);
            const reads = rest.length > 0 && (skipBad || indices.length === 0);
            expect(dialogues?.map(({ place }) => place)).toEqual(
              reads ? rest.map((index) => ({ file, index })) : undefined,
            );
          }
        }),
        { numRuns },
      );
    },
    timeout,
  );
});

const records = fc.array(
  good.map(({ record }) => record),
  { minLength: 1, maxLength: 6 },
);
const edits = fc.array(
  fc.record({
    at: fc.nat(),
    cut: fc.integer({ min: 0, max: 12 }),
    put: fc.oneof(
      fc.constantFrom('"', '{', '}', '[', ']', ',', ':', '\\', '\n', 'null', '\\u0000', '"image":'),
      fc.string({ unit: 'binary', maxLength: 4 }),
    ),
  }),
  { minLength: 1, maxLength: 4 },
);

/** Bytes of the text with some cut out and others put in, perhaps with no character left whole. */
function edited(text: string, changes: typeof edits extends fc.Arbitrary<infer T> ? T : never) {
  return changes.reduce<Buffer>((bytes, { at, cut, put }) => {
    const start = at % (bytes.length + 1);
    return Buffer.concat([bytes.subarray(0, start), Buffer.from(put), bytes.subarray(start + cut)]);
  }, Buffer.from(text));
}

describe('damaged bytes', () => {
  it(
    'of lines cost no line but those that they are in',
    async () => {
      await fc.assert(
        fc.asyncProperty(records, edits, async (records, changes) => {
          const lines = records.map((record) => JSON.stringify(record));
          const bytes = edited(lines.join('\n'), changes);
          const now = bytes.toString('latin1').replace(/^ï»¿/, '').split('\n');
          const { dialogues, problems } = await outcome(write('bytes.jsonl', bytes), true);
          const intact = new Set(lines.map((line) => Buffer.from(line).toString('latin1')));
          const read = new Set(dialogues?.map(({ place }) => place.index));
          const named = new Set(problems.map(({ index }) => index));
          for (const [i, line] of now.entries()) {
            if (line.trim() === '') continue;
            expect(read.has(i) || named.has(i), `line ${i} is read or named`).toBe(true);
            if (intact.has(line)) expect(named.has(i), `line ${i} is intact`).toBe(false);
          }
        }),
        { numRuns },
      );
    },
    timeout,
  );

  it(
    'of lists leave each record read or named, or the file refused',
    async () => {
      await fc.assert(
        fc.asyncProperty(records, edits, async (records, changes) => {
          const bytes = edited(JSON.stringify(records), changes);
          const { problems, usable } = await outcome(write('bytes.json', bytes), true);
          const indices = problems.flatMap(({ index }) => (index === undefined ? [] : [index]));
          const refused = problems.length > indices.length;
          expect(new Set(indices).size).toBe(indices.length);
          expect(Math.max(-1, ...indices)).toBeLessThan(usable + indices.length);
          // What is JSON as a whole is never refused as a whole, unless it isn't a list with records.
          const whole = parse(bytes);
          if (Array.isArray(whole) && whole.length > 0) {
            expect(refused).toBe(false);
            expect(usable + indices.length).toBe(whole.length);
          } else expect(problems.length).toBeGreaterThan(0);
        }),
        { numRuns },
      );
    },
    timeout,
  );

  it(
    'of anything are refused in words',
    async () => {
      const anything = fc.oneof(
        fc.uint8Array({ maxLength: 100 }),
        fc.jsonValue().map((value) => Buffer.from(JSON.stringify(value))),
        fc.array(fc.jsonValue()).map((value) => Buffer.from(JSON.stringify(value))),
      );
      await fc.assert(
        fc.asyncProperty(anything, fc.constantFrom('x.json', 'x.jsonl'), async (bytes, name) => {
          const { problems, usable } = await outcome(write(name, bytes), true);
          expect(problems.length).toBeGreaterThan(0);
          expect(usable).toBe(0);
        }),
        { numRuns },
      );
    },
    timeout,
  );
});

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return undefined;
  }
}
