import { parse } from 'node:path';
import { InferenceSession } from 'onnxruntime-node';
import { isInMemory } from '../contracts/checkpoint.ts';
import { GraphError } from '../contracts/errors.ts';
import type { Device } from '../contracts/load.ts';
import type { Session } from '../contracts/session.ts';
import type { Graph } from '../graph/graph.ts';
import { serialise } from '../graph/serialise.ts';
import { checkFiles, type FileRef } from './check-files.ts';
import { probeDevice } from './device.ts';
import { operatorsLeftOut } from './operators-left-out.ts';
import { sumsMayOverflow } from './sums-overflow.ts';
import { tellNobody } from './tell-nobody.ts';
import { messageOf, wrapSession } from './wrap-session.ts';

export interface SessionSettings {
  readonly device: Device;
  /** Threads of one operator. */
  readonly threads: number;
  /**
   * What threads do between operators. Default 'sleep': target and draft take turns, and a pool that spins while it
   * waits takes the cores from the other's. Where one session does all the work, 'spin' starts operators sooner.
   */
  readonly idle?: 'sleep' | 'spin';
}

/** Only what ends the process is logged: everything else is thrown. */
const LOG_FATAL = 4;

/**
 * Makes a graph ready to run. The model is handed over from memory, weights in memory as they are now; those in files
 * are mapped: external data is located relative to the root of the file system. The files must stay as they are for as
 * long as the session lives; the system ends a process that reads a mapped file beyond its end.
 * @throws CheckpointError where a file changed since its header was read, DeviceError where the device does not work,
 * GraphError where ONNX Runtime refuses the graph.
 */
export async function createSession(graph: Graph, settings: SessionSettings): Promise<Session> {
  tellNobody();
  const refs = [...graph.bound.values()].flatMap(({ ref }) => (isInMemory(ref) ? [] : [ref]));
  const root = parse(refs[0]?.path ?? process.cwd()).root;
  const model = serialise(graph, ({ path }) => path.slice(root.length).replaceAll('\\', '/'));
  const common = {
    intraOpNumThreads: settings.threads,
    interOpNumThreads: 1,
    graphOptimizationLevel: 'all',
    logSeverityLevel: LOG_FATAL,
  } as const;
  const session = {
    model_external_initializers_file_folder_path: root,
    x64quantprecision: (await sumsMayOverflow()) ? '1' : '0', // for signed weights, where there are any
    intra_op: { allow_spinning: settings.idle === 'spin' ? '1' : '0' },
  };
  const { device } = settings;
  const open = (executionProviders: string[], fallback: '0' | '1') =>
    InferenceSession.create(model, {
      ...common,
      executionProviders,
      extra: { session: { ...session, disable_cpu_ep_fallback: fallback } },
    });
  try {
    if (device === 'cpu') return wrapSession(graph.name, await open(['cpu'], '0'));
    const whole = await open([device], '1').catch(() => undefined);
    if (whole !== undefined) return wrapSession(graph.name, whole);
    const leftOut = await operatorsLeftOut(device, graph);
    return wrapSession(graph.name, await open([device, 'cpu'], '0'), leftOut);
  } catch (cause) {
    throw await refusal(graph.name, refs, device, cause);
  }
}

/** Looks for the reason in what ONNX Runtime was given, as its messages change from release to release. */
async function refusal(
  name: string,
  refs: readonly FileRef[],
  device: Device,
  cause: unknown,
): Promise<GraphError> {
  await checkFiles(refs, cause);
  if (device !== 'cpu') await probeDevice(device);
  return new GraphError(`Graph ${name} was refused by ONNX Runtime: ${messageOf(cause)}`, {
    cause,
  });
}
