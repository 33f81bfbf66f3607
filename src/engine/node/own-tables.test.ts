import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { modelFolder } from '../../checkpoint/model-folder.ts';
import { readRecycledTable } from '../../draft/recycle/recycled-file.ts';
import { repositoryPath } from '../../input/node/testing/read-goldens.ts';
import { resolveLoadOptions } from '../../load.ts';
import { createNodeHost } from './node-host.ts';

const ALL = repositoryPath('models/recycled');
const TABLES = readdirSync(ALL, { withFileTypes: true }).filter((entry) => entry.isDirectory());

it.each(TABLES)(
  'the table in $name is whole, and found by its tokenizer alone',
  async ({ name }) => {
    const file = await readRecycledTable(modelFolder(join(ALL, name)));
    if (file === null) throw new Error('there is no table');
    expect(file.table.endings).toBeGreaterThan(0);
    const { ownTable } = await createNodeHost(resolveLoadOptions({}));
    expect(ownTable?.(file.tokenizer)).toBe(join(ALL, name));
    expect(ownTable?.('0'.repeat(64))).toBeUndefined();
  },
);
