import { expect, it } from 'vitest';
import { passMsd, startMsd } from '../testing/run-msd.ts';

it('finds that msd works here', async () => {
  const { stdout } = await passMsd(['doctor']);
  expect(stdout).toMatch(/^ok +node +20|^ok +node +\d\d/m);
  expect(stdout).toMatch(/^ok +onnxruntime-node +1\.\d+\.\d+, with cpu/m);
  expect(stdout).toMatch(
    /^ok +device cpu .* in \d+ passes instead of \d+: ".+", as plain decoding says$/m,
  );
  expect(stdout).toMatch(/^(ok|warn) +device webgpu /m);
  expect(stdout).toMatch(/^ok +cost cache /m);
  expect(stdout).not.toMatch(/^fail/m);
});

it('warns where nothing can be kept, and says so in JSON', async () => {
  const nowhere = { XDG_CACHE_HOME: '/dev/null' };
  const { child, outcome } = startMsd(['doctor', '--json'], nowhere);
  child.stdin.end();
  const { code, stdout } = await outcome;
  const { ok, checks } = JSON.parse(stdout);
  expect(checks).toContainEqual(expect.objectContaining({ name: 'cost cache', status: 'warn' }));
  expect(ok).toBe(true);
  expect(code).toBe(0);
});
