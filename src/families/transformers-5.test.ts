/** The small checkpoints as transformers 5 saves them again (tools/transformers-5) are the models that they were. */
import { cpSync, existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { modelFolder } from '../checkpoint/model-folder.ts';
import { tempFolder } from '../checkpoint/testing/folders.ts';
import type { TensorRef } from '../contracts/checkpoint.ts';
import type { ModelFolder } from '../contracts/model-folder.ts';
import {
  familyFixture,
  messagesOf,
  PICTURE_FAMILIES,
  TEXT_FAMILIES,
} from '../engine/testing/family-fixture.ts';
import {
  goldenImage,
  readGoldens,
  readJson,
  repositoryPath,
} from '../input/node/testing/read-goldens.ts';
import { createTokenizer } from '../input/tokenizer.ts';
import { load } from '../load.ts';
import { familyOf } from './families.ts';
import { readTarget, type TargetFiles } from './read-target.ts';

const SAVED = 'fixtures/transformers-5';
const VERSIONS = readdirSync(repositoryPath(SAVED));

/** The files of 5 where it wrote them, with the fixture's tokenizer and, by the names of 5, its tensors. */
function savedFolder(version: string, name: string): ModelFolder {
  const saved = `${SAVED}/${version}/${name}`;
  const fixture = modelFolder(repositoryPath(`fixtures/families/${name}`));
  const written = modelFolder(repositoryPath(saved));
  const own = (file: string) => existsSync(join(written.path, file));
  const processed = own('processor_config.json') || own('preprocessor_config.json');
  return {
    ...fixture,
    path: written.path,
    json: (file) =>
      (file === 'tokenizer.json' && !own(file)) ||
      (file === 'preprocessor_config.json' && !processed)
        ? fixture.json(file)
        : written.json(file),
    async tensors() {
      const table = await fixture.tensors();
      const names = Object.entries(readJson(`${saved}/tensors.json`) as Record<string, string>);
      return new Map(names.map(([name, was]) => [name, table.get(was) as TensorRef]));
    },
  };
}

function picturesOf({ config, preprocessor, ...files }: TargetFiles) {
  const tokenizer = createTokenizer(files.tokenizer, files.tokenizerConfig);
  const reader = familyOf(config).pictures?.(config, { preprocessor, tokenizer });
  const shapes = readGoldens('fixtures/families/images/decoded.safetensors');
  const image = goldenImage(shapes, 'wide.jpg');
  const { namedTokens, specialTokens } = tokenizer;
  return { layout: reader?.layout(image), feeds: reader?.feeds(image), namedTokens, specialTokens };
}

async function both(version: string, name: string) {
  const fixture = modelFolder(repositoryPath(`fixtures/families/${name}`));
  return {
    saved: await readTarget(savedFolder(version, name)),
    fixture: await readTarget(fixture),
  };
}

const idsFile = z.record(
  z.string(),
  z.object({ prompt: z.array(z.int()), answer: z.array(z.int()) }),
);

/** The folder as it was saved: its weights are the fixture's, under the names that they had. */
function wholeFolder(version: string, name: string): string {
  const [saved, dir] = [`${SAVED}/${version}/${name}`, tempFolder()];
  const names = readJson(`${saved}/tensors.json`) as Record<string, string>;
  expect(Object.keys(names)).toEqual(Object.values(names));
  cpSync(repositoryPath(saved), dir, { recursive: true });
  const weights = repositoryPath(`fixtures/families/${name}/model.safetensors`);
  cpSync(weights, join(dir, 'model.safetensors'));
  return dir;
}

/** A family of this project's own is none of transformers'. */
const KNOWN = PICTURE_FAMILIES.filter((name) => name !== 'glance');

describe.each(VERSIONS)('saved again by transformers %s', (version) => {
  it.each([...KNOWN, ...TEXT_FAMILIES])('%s is the same model', async (name) => {
    const { saved, fixture } = await both(version, name);
    expect(saved.config).toEqual(fixture.config);
    expect(saved.tensors).toEqual(fixture.tensors);
  });

  it.each(KNOWN)('%s reads the same pictures', async (name) => {
    const { saved, fixture } = await both(version, name);
    expect(picturesOf(saved)).toEqual(picturesOf(fixture));
  });

  it.each(TEXT_FAMILIES)('%s answers with the words of that transformers', async (name) => {
    const folder = wholeFolder(version, name);
    const expected = idsFile.parse(readJson(`${SAVED}/${version}/${name}/ids.json`));
    const model = await load({ model: folder, threads: 1, thread: false });
    try {
      for (const one of familyFixture(name).cases) {
        const answer = await model.complete({ messages: messagesOf(one), maxTokens: 24 });
        expect(answer.promptTokens).toBe(expected[one.name]?.prompt.length);
        expect(answer.ids).toEqual(expected[one.name]?.answer);
      }
    } finally {
      await model.dispose();
    }
  });
});
