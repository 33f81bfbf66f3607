import { expect, it } from 'vitest';
import { snapshotName } from './snapshot-name.ts';
import { commitOf } from './testing/cache-folder.ts';

it.each([
  [`/hub/models--owner--a-b/snapshots/${commitOf('1')}`, 'owner/a-b@111111111111'],
  [`/hub/models--gpt2/snapshots/${commitOf('2')}`, 'gpt2@222222222222'],
  [`/hub/models--owner--a/snapshots/${commitOf('1')}/tower`, undefined],
  ['/hub/models--owner--a/snapshots', undefined],
  [`/hub/datasets--owner--a/snapshots/${commitOf('1')}`, undefined],
  [`/models--owner--a/snapshots/${commitOf('1')}`, undefined],
])('%s is %s', (folder, name) => {
  expect(snapshotName('/hub', folder)).toBe(name);
});
