/** A process of its own: what asking for webgpu says, and whether the CPU still works after. Prints JSON. */

import { MsdError } from '../../contracts/errors.ts';
import { createGraph, input, output } from '../../graph/graph.ts';
import { add } from '../../graph/operators/elementwise.ts';
import { probeDevice } from '../device.ts';
import { createSession } from '../session.ts';

const graph = createGraph('sum');
const x = input(graph, 'x', 'float32', [1]);
output('y', add(x, x));

/** 'ok', or the error in the library's terms. */
async function tried(what: Promise<unknown>): Promise<string> {
  try {
    await what;
    return 'ok';
  } catch (error) {
    return MsdError.is(error) ? `${error.name}: ${error.message}` : `not ours: ${error}`;
  }
}

const started = performance.now();
const said = {
  probe: await tried(probeDevice('webgpu')),
  again: await tried(probeDevice('webgpu')),
  session: await tried(createSession(graph, { device: 'webgpu', threads: 1 })),
  cpu: await tried(probeDevice('cpu')),
};
process.stdout.write(JSON.stringify({ ...said, ms: performance.now() - started }));
