import { expect, it } from 'vitest';
import { CheckpointError, type Remedy } from '../../contracts/errors.ts';
import { wordsOf } from './remedy-words.ts';

const worded = (remedy?: Remedy) => wordsOf(new CheckpointError('/a', 'it is odd.', { remedy }));

it.each<[Remedy, string]>([
  [{ kind: 'use-option', option: 'device', values: ['cpu'] }, 'Use --device cpu.'],
  [{ kind: 'use-option', option: 'dtype', values: ['bf16', 'f32'] }, 'Use --dtype bf16 or f32.'],
  [{ kind: 'use-option', option: 'skipBad', to: 'go on' }, 'Use --skip-bad to go on.'],
  [{ kind: 'drop-option', option: 'offline' }, 'Try without --offline.'],
  [{ kind: 'fetch-model', model: 'a/b@c' }, 'Fetch it with: msd pull a/b@c'],
  [{ kind: 'import-file', file: 'my model.gguf' }, "Import it with: msd import 'my model.gguf'"],
  [
    { kind: 'merge-adapters', folder: 'my adapters' },
    "Merge them with: msd export 'my adapters' --out FOLDER",
  ],
  [
    { kind: 'merge-adapters', folder: 'a', base: 'b/c' },
    'Fetch it and merge them with: msd pull b/c && msd export a --out FOLDER',
  ],
  [{ kind: 'list-models' }, 'See msd list.'],
  [
    {
      kind: 'any-of',
      remedies: [
        { kind: 'use-option', option: 'imageRoot', to: 'name it' },
        { kind: 'list-models' },
      ],
    },
    'Use --image-root to name it. See msd list.',
  ],
  [{ kind: 'remove-models' }, 'What takes room: msd list; what removes it: msd rm.'],
])('words %j as a command line', (remedy, words) => {
  expect(worded(remedy)).toBe(`/a: it is odd. ${words}`);
});

it('adds nothing to an error without one', () => {
  expect(worded()).toBe('/a: it is odd.');
});
