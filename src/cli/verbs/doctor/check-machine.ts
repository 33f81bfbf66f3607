import { availableParallelism, freemem, totalmem } from 'node:os';
import { listSupportedBackends } from 'onnxruntime-node';
import { readMachine } from '../../../evaluate/machine.ts';
import { byteSize } from '../../print/units.ts';
import { type Check, ok } from './check.ts';

const OLDEST_NODE = [20, 19] as const;
/** Less is too little for any but the smallest models. */
const LITTLE_MEMORY = 1024 ** 3;

/** Node, platform, processor, memory and the inference engine. */
export function checkMachine(): Check[] {
  const { cpu, cores, platform, node, onnxruntime } = readMachine();
  const backends = listSupportedBackends().filter(({ bundled }) => bundled);
  const names = backends.map(({ name }) => name).join(', ');
  return [
    nodeCheck(node),
    ok('platform', platform),
    ok('processor', `${cpu}, ${cores} cores, ${availableParallelism()} of them for msd`),
    memoryCheck(freemem(), totalmem()),
    ok('onnxruntime-node', `${onnxruntime}, with ${names}`),
  ];
}

function nodeCheck(version: string): Check {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [oldest, oldestMinor] = OLDEST_NODE;
  if (major > oldest || (major === oldest && minor >= oldestMinor)) return ok('node', version);
  const advice = `Install Node ${OLDEST_NODE.join('.')} or newer.`;
  return { name: 'node', status: 'fail', detail: version, advice };
}

function memoryCheck(free: number, total: number): Check {
  const detail = `${byteSize(free)} free of ${byteSize(total)}`;
  if (free >= LITTLE_MEMORY) return ok('memory', detail);
  const advice = 'Close other programs before you load a larger model than the embedded one.';
  return { name: 'memory', status: 'warn', detail, advice };
}
