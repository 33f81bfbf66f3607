import { expect, it, onTestFinished } from 'vitest';
import { serveMsd } from '../../serve/testing/serve-msd.ts';

it('says what it runs before it says where', async () => {
  const server = await serveMsd(['--threads', '1']);
  onTestFinished(() => void server.stop());
  expect(server.told).toMatch(/^model +\S*models\/tiny\/target, fp32 \(weights F32\)$/m);
  expect(server.told).toMatch(/^draft +\S*models\/tiny\/draft; drafter auto$/m);
  expect(server.told).toMatch(/^runs +on cpu, 1 thread$/m);
  expect(server.told).toMatch(/^trees +auto: those that pay$/m);
  expect(server.told).toContain(`Ready: open ${server.url}/ in a browser`);
});
