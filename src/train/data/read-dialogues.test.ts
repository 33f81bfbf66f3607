import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TrainingDataError } from '../../contracts/errors.ts';
import type { Dialogue } from './dialogue.ts';
import { readDialogues } from './read-dialogues.ts';
import { sliceFiles } from './testing/train-slice.ts';

const folder = mkdtempSync(join(tmpdir(), 'msd-data-'));
const elsewhere = mkdtempSync(join(tmpdir(), 'msd-pictures-'));
const png = readFileSync(new URL('../../../fixtures/tiny/images/small.png', import.meta.url));
const uri = `data:image/png;base64,${png.toString('base64')}`;

beforeAll(() => {
  mkdirSync(join(folder, 'images'));
  writeFileSync(join(folder, 'beside.png'), png);
  writeFileSync(join(folder, 'images', 'inside.png'), png);
  writeFileSync(join(elsewhere, 'far.png'), png);
  writeFileSync(join(folder, 'words.png'), 'no picture');
  writeFileSync(join(folder, 'empty.png'), '');
  writeFileSync(join(folder, 'picture.bmp'), 'BM0123456789');
});
afterAll(() => {
  for (const path of [folder, elsewhere]) rmSync(path, { recursive: true });
});

function write(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}
const listOf = (...records: unknown[]) => write('list.json', JSON.stringify(records));
const linesOf = (...records: unknown[]) =>
  write('lines.jsonl', records.map((record) => `${JSON.stringify(record)}\n`).join(''));
const read = (...paths: string[]) => readDialogues(paths, { skipBad: false, imageRoot: elsewhere });

async function only(path: string): Promise<Dialogue> {
  const { dialogues } = await read(path);
  expect(dialogues).toHaveLength(1);
  return dialogues[0] as Dialogue;
}
async function refusal(path: string, skipBad = false): Promise<TrainingDataError> {
  const outcome = await readDialogues([path], { skipBad }).catch((error: unknown) => error);
  expect(outcome).toBeInstanceOf(TrainingDataError);
  return outcome as TrainingDataError;
}
/** Why the file's only record is refused. */
async function reason(path: string): Promise<string> {
  const { problems } = await refusal(path);
  expect(problems).toHaveLength(1);
  expect(problems[0]).toMatchObject({ file: path, index: 0 });
  return problems[0]?.reason ?? '';
}

/** A dialogue in short: its turns, with * for a picture. */
const short = ({ messages }: Dialogue) =>
  messages.map(
    ({ role, content }) =>
      `${role}: ${content.map((part) => (part.type === 'text' ? part.text : '*')).join('|')}`,
  );

const asks = (value: string) => ({ from: 'human', value });
const says = (value: string) => ({ from: 'gpt', value });
const question = { role: 'user', content: 'q' };
const reply = { role: 'assistant', content: 'a' };

describe('conversations', () => {
  it('of LLaVA are read with their pictures', async () => {
    const path = listOf({
      id: 7,
      image: 'beside.png',
      conversations: [asks('<image>\nWhat?'), says('A ring.'), asks('Sure?'), says('Yes.')],
    });
    const dialogue = await only(path);
    expect(short(dialogue)).toEqual([
      'user: *|What?',
      'assistant: A ring.',
      'user: Sure?',
      'assistant: Yes.',
    ]);
    expect(dialogue.images).toEqual([join(folder, 'beside.png')]);
    expect(dialogue.place).toEqual({ file: path, index: 0 });
  });

  it.each([
    ['in front', '<image>\nWhat?', '*|What?'],
    ['in front without a break', '<image>What?', '*|What?'],
    ['behind', 'What?\n<image>', 'What?|*'],
    ['alone', ' <image>\n', '*'],
    ['in the middle', 'Is <image> red?', 'Is |*| red?'],
  ])('have the picture where the placeholder stands: %s', async (_, value, turn) => {
    const image = 'beside.png';
    const dialogue = await only(listOf({ image, conversations: [asks(value), says('a')] }));
    expect(short(dialogue)[0]).toBe(`user: ${turn}`);
  });

  it('may show several pictures, from each place where they are looked for', async () => {
    const conversations = [
      asks('<image>\n<image>\nCompare.'),
      says('a'),
      asks('And <image>?'),
      says('b'),
    ];
    const image = ['inside.png', 'far.png', 'beside.png'];
    const dialogue = await only(listOf({ image, conversations }));
    expect(short(dialogue)).toEqual([
      'user: *|*|Compare.',
      'assistant: a',
      'user: And |*|?',
      'assistant: b',
    ]);
    expect(dialogue.images).toEqual([
      join(folder, 'images/inside.png'),
      join(elsewhere, 'far.png'),
      join(folder, 'beside.png'),
    ]);
  });

  it('of ShareGPT are read by all their names for roles and keys', async () => {
    const turns = [
      { from: 'system', value: 's' },
      { from: 'user', value: 'q' },
      { from: 'chatgpt', value: 'a' },
      { role: 'human', content: 'r' },
      { role: 'assistant', content: 'b' },
    ];
    const expected = ['system: s', 'user: q', 'assistant: a', 'user: r', 'assistant: b'];
    expect(short(await only(listOf({ conversations: turns })))).toEqual(expected);
    expect(short(await only(listOf({ items: turns, image: null })))).toEqual(expected);
    expect(short(await only(listOf({ system: 's', conversations: turns.slice(1) })))).toEqual(
      expected,
    );
  });

  it('lose what stands before the first question and behind the last reply', async () => {
    const turns = [says('x'), says('y'), asks('q'), says('a'), asks('unanswered')];
    const kept = ['user: q', 'assistant: a'];
    expect(short(await only(listOf({ conversations: turns })))).toEqual(kept);
    const system = { from: 'system', value: 's' };
    expect(short(await only(listOf({ conversations: [system, ...turns] })))).toEqual([
      'system: s',
      ...kept,
    ]);
  });

  it('keep what looks like a placeholder in a reply as text', async () => {
    const dialogue = await only(listOf({ conversations: [asks('q'), says('Write <image> so')] }));
    expect(short(dialogue)[1]).toBe('assistant: Write <image> so');
  });
});

describe('chat messages', () => {
  it('are read from lines, numbered as an editor would from 0', async () => {
    const line = JSON.stringify({ messages: [question, reply] });
    const { dialogues } = await read(write('lines.jsonl', `\n${line}\r\n\n${line}`));
    expect(dialogues.map(({ place }) => place.index)).toEqual([1, 3]);
  });

  it.each([
    ['paths', { type: 'image', image: 'beside.png' }, undefined],
    ['image URLs', { type: 'image_url', image_url: { url: 'beside.png' } }, undefined],
    ['image URLs as text', { type: 'image_url', image_url: 'beside.png' }, undefined],
    ['a list beside them', { type: 'image' }, ['beside.png']],
  ])('may hold pictures as parts with %s', async (_, part, images) => {
    const content = [{ type: 'text', text: 'See' }, part, { type: 'text', text: 'this' }];
    const messages = [{ role: 'user', content }, reply];
    const dialogue = await only(linesOf({ messages, ...(images && { images }) }));
    expect(short(dialogue)).toEqual(['user: See|*|this', 'assistant: a']);
    expect(dialogue.images).toEqual([join(folder, 'beside.png')]);
  });

  it('may hold pictures as data URIs', async () => {
    const content = [{ type: 'image_url', image_url: { url: uri } }];
    const dialogue = await only(linesOf({ messages: [{ role: 'user', content }, reply] }));
    expect(dialogue.images).toEqual([uri]);
  });

  it('place listed pictures by placeholders, which are text where none are listed', async () => {
    const messages = [{ role: 'user', content: '<image>What?' }, reply];
    expect(short(await only(linesOf({ messages, images: ['beside.png'] })))[0]).toBe(
      'user: *|What?',
    );
    expect(short(await only(linesOf({ messages })))[0]).toBe('user: <image>What?');
  });

  it('have replies of one part', async () => {
    const content = [
      { type: 'text', text: 'a' },
      { type: 'text', text: 'b' },
    ];
    const dialogue = await only(linesOf({ messages: [question, { role: 'assistant', content }] }));
    expect(short(dialogue)[1]).toBe('assistant: a\nb');
  });
});

describe('a record is refused that', () => {
  const talk = [asks('q'), says('a')];
  const shows = [asks('<image>\nq'), says('a')];
  it.each<[string, unknown, RegExp]>([
    ['is no object', 'text', /no object/],
    ['is a list', [talk], /no object/],
    ['has no known key', { text: 'a' }, /neither "conversations" nor "messages"/],
    ['has no turns', { conversations: [] }, /no turn of the user/],
    ['has turns that are no list', { conversations: 'q' }, /must be a list/],
    ['has no reply', { conversations: [asks('q')] }, /no reply/],
    ['has no question', { conversations: [says('a')] }, /no turn of the user/],
    [
      'has an unknown speaker',
      { conversations: [{ from: 'tool', value: '1' }, ...talk] },
      /"tool"/,
    ],
    ['has a turn without text', { conversations: [{ from: 'human' }] }, /no text/],
    ['asks twice', { conversations: [asks('p'), ...talk] }, /\[1\] is the user's/],
    ['replies twice', { conversations: [...talk, says('b')] }, /\[2\] is the assistant's/],
    [
      'has the system speak later',
      { conversations: [...talk, { from: 'system', value: 's' }, ...talk] },
      /\[2\] is the system's/,
    ],
    ['has an empty reply', { conversations: [asks('q'), says(' \n')] }, /\[1\] is empty/],
    ['has an empty question', { conversations: [asks(''), says('a')] }, /\[0\] is empty/],
    [
      'lists a picture that no turn shows',
      { image: 'beside.png', conversations: talk },
      /0 picture/,
    ],
    ['shows a picture that is not listed', { conversations: shows }, /1 picture placeholder/],
    ['lists pictures twice', { image: 'a', images: ['a'], conversations: shows }, /both/],
    ['lists a number as picture', { image: 3, conversations: shows }, /path of a picture/],
    [
      'shows a missing picture',
      { image: 'gone.png', conversations: shows },
      /no picture "gone.png"/,
    ],
    ['shows a folder', { image: 'images', conversations: shows }, /no picture "images"/],
    ['shows words', { image: 'words.png', conversations: shows }, /no picture file/],
    ['shows an empty file', { image: 'empty.png', conversations: shows }, /no picture file/],
    ['shows a BMP file', { image: 'picture.bmp', conversations: shows }, /BMP/],
    ['shows a URL', { image: 'https://a.b/c.png', conversations: shows }, /not fetched/],
    ['shows an impossible path', { image: 'a\0b.png', conversations: shows }, /can't be read/],
    ['shows words as data', { image: 'data:,hello', conversations: shows }, /no picture file/],
    ['has a reply first', { messages: [reply, question, reply] }, /\[0\] is the assistant's/],
    ['has a tool speak', { messages: [question, { role: 'tool', content: '1' }] }, /"tool"/],
    ['has content null', { messages: [question, { ...reply, content: null }] }, /content must be/],
    [
      'has a part of another kind',
      { messages: [{ role: 'user', content: [{ type: 'video' }] }, reply] },
      /"video"/,
    ],
    [
      'shows a picture in a reply',
      { messages: [question, { role: 'assistant', content: [{ type: 'image', image: uri }] }] },
      /only the user's turns/,
    ],
  ])('%s', async (_, record, said) => {
    expect(await reason(listOf(record))).toMatch(said);
    expect(await reason(linesOf(record))).toMatch(said);
  });

  it('is nested by the hundred thousand', async () => {
    const deep = '['.repeat(1e5) + ']'.repeat(1e5);
    const text = (role: string) => `[{"messages":[{"role":${role},"content":"q"}]}]`;
    expect(await reason(write('list.json', text(deep)))).toMatch(/role is a list/);
  });

  it('is no UTF-8', async () => {
    expect(await reason(write('lines.jsonl', Buffer.from('{"a":"\xff"}', 'latin1')))).toMatch(
      /UTF-8/,
    );
  });
});

describe('files', () => {
  const good = { conversations: [asks('q'), says('a')] };
  const bad = { conversations: [] };

  it('are hashed as they lie on the disk, in the order given', async () => {
    const paths = [sliceFiles.v, sliceFiles.t];
    const { dialogues, problems, hashes } = await read(...paths);
    expect(problems).toEqual([]);
    expect(hashes).toEqual(
      paths.map((file) => {
        const bytes = readFileSync(file);
        const sha256 = createHash('sha256').update(bytes).digest('hex');
        return { file, sha256, bytes: bytes.length };
      }),
    );
    const counts = paths.map((file) => JSON.parse(readFileSync(file, 'utf8')).length);
    expect(dialogues).toHaveLength(counts[0] + counts[1]);
    expect(basename(dialogues[0]?.place.file ?? '')).toBe('train_visual.json');
  });

  it('may begin with a byte order mark, and be lines by another name', async () => {
    const line = JSON.stringify(good);
    for (const [name, text] of [
      ['bom.json', `\ufeff[${line}]`],
      ['bom.jsonl', `\ufeff${line}`],
      ['lines.json', `${line}\n${line}`],
      ['line.txt', ` ${line}`],
    ] as const) {
      const { dialogues } = await read(write(name, text));
      expect(dialogues.length, name).toBeGreaterThan(0);
    }
  });

  it('with bad records are refused, each named, unless they may be skipped', async () => {
    const path = listOf(bad, good, bad, good);
    const { message, problems, usable, remedy } = await refusal(path);
    expect(problems.map(({ index }) => index)).toEqual([0, 2]);
    expect(usable).toBe(2);
    expect(remedy).toMatchObject({ kind: 'use-option', option: 'skipBad' });
    expect(message).toContain(`${path}, record 2: "conversations" holds no turn of the user`);
    const skipped = await readDialogues([path], { skipBad: true });
    expect(skipped.dialogues.map(({ place }) => place.index)).toEqual([1, 3]);
    expect(skipped.problems).toEqual(problems);
  });

  it('with many bad records are refused in few lines, the data naming all', async () => {
    const { message, problems } = await refusal(listOf(good, ...Array(50).fill(bad)));
    expect(message.split('\n')).toHaveLength(23);
    expect(message).toContain('and 30 more');
    expect(problems).toHaveLength(50);
  });

  it('with nothing left are refused though bad records may be skipped', async () => {
    const { remedy, usable } = await refusal(listOf(bad), true);
    expect(usable).toBe(0);
    expect(remedy).toBeUndefined();
  });

  const line = JSON.stringify(good);
  it.each([
    ['missing', 'gone.json', undefined, /no such file/],
    ['a folder', 'images', undefined, /no regular file/],
    ['empty', 'empty.json', ' \n', /empty/],
    ['without records', 'none.json', '[ ]', /no records/],
    ['one object over several lines', 'object.json', `{\n"data": [${line}]\n}`, /neither a JSON/],
    ['words', 'words.json', 'hello', /neither a JSON list/],
    ['cut short', 'cut.json', `[${line},${line.slice(0, 20)}`, /missing in record 1/],
    ['two lists', 'two.json', `[${line}][${line}]`, /behind the end of its list/],
  ])('that are %s are never skipped', async (_, name, content, said) => {
    const path = content === undefined ? join(folder, name) : write(name, content);
    const { problems, remedy } = await refusal(path, true);
    expect(problems).toEqual([{ file: path, reason: expect.stringMatching(said) }]);
    expect(remedy).toBeUndefined();
  });
});

describe('dialogues to ask', () => {
  const user = { role: 'user', content: 'Why?' };
  const ask = async (...records: unknown[]) => {
    const { dialogues } = await readDialogues([listOf(...records)], {
      skipBad: false,
      last: 'user',
    });
    return dialogues.map(({ messages }) => messages.map(({ role }) => role));
  };

  it('end with the user, answered or not', async () => {
    const reply = { role: 'assistant', content: 'So.' };
    expect(await ask({ messages: [user] })).toEqual([['user']]);
    expect(await ask({ messages: [user, reply] })).toEqual([['user']]);
    expect(await ask({ messages: [user, reply, user] })).toEqual([['user', 'assistant', 'user']]);
  });

  it('hold a turn of the user', async () => {
    const asked = ask({ messages: [{ role: 'system', content: 'Be brief.' }] });
    await expect(asked).rejects.toThrow('it holds no turn of the user');
  });
});
