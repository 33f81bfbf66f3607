import { expect, it } from 'vitest';
import { repositoryPath } from '../../input/node/testing/read-goldens.ts';
import { createEngine } from '../engine.ts';
import { createNodeHost } from '../node/node-host.ts';
import { resultOf } from '../testing/collect.ts';

const SETTINGS = {
  model: repositoryPath('fixtures/families/text/llama3'),
  draft: null,
  device: 'cpu',
  threads: 1,
} as const;

it.each([
  ['the device alone, where it runs everything', undefined, 'cpu'],
  ['what the device left out', ['Cast of int64'], 'cpu (Cast of int64 on the cpu)'],
])('tells %s', async (_, leftOut, device) => {
  const host = await createNodeHost(SETTINGS);
  const openSession: typeof host.openSession = async (graph) => ({
    ...(await host.openSession(graph)),
    ...(leftOut && { leftOut }),
  });
  const engine = await createEngine({ ...host, openSession }, SETTINGS);
  const { run } = await resultOf(engine, { prompt: 'a town', maxTokens: 1 });
  await engine.dispose();
  expect(engine.info.device).toBe(device);
  expect(run.device).toBe(device);
});
