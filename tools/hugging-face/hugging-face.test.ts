import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { CheckFailure } from '../python/check-failure.ts';
import { openHuggingFace } from './hugging-face.ts';

it.skipIf(process.platform === 'win32')(
  'fails where the interpreter ends without a word',
  async () => {
    const home = mkdtempSync(join(tmpdir(), 'msd-hf-'));
    const python = join(home, 'python');
    writeFileSync(python, '#!/bin/sh\nexit 1\n');
    chmodSync(python, 0o755);
    try {
      await expect(openHuggingFace(python, home, 4)).rejects.toBeInstanceOf(CheckFailure);
    } finally {
      rmSync(home, { recursive: true });
    }
  },
);
