import { readFile } from 'node:fs/promises';
import { fromBinary } from '@bufbuild/protobuf';
import { ModelProtoSchema } from 'onnx-buf';
import { InferenceSession } from 'onnxruntime-node';
import { GraphError } from '../contracts/errors.ts';
import type { Session } from '../contracts/session.ts';
import type { SessionSettings } from './session.ts';
import { tellNobody } from './tell-nobody.ts';
import { messageOf, wrapSession } from './wrap-session.ts';

/** A network of others, with what its file says of itself. */
export interface StoredSession {
  readonly session: Session;
  readonly metadata: ReadonlyMap<string, string>;
}

/** Only what ends the process is logged: everything else is thrown. */
const LOG_FATAL = 4;

/**
 * Makes an ONNX file ready to run, as it is, on the CPU.
 * @throws GraphError where it can't be read or ONNX Runtime refuses it
 */
export async function openStoredSession(
  path: string,
  { threads }: Pick<SessionSettings, 'threads'>,
): Promise<StoredSession> {
  tellNobody();
  try {
    const file = await readFile(path);
    const { metadataProps } = fromBinary(ModelProtoSchema, file);
    const session = await InferenceSession.create(file, {
      executionProviders: ['cpu'],
      intraOpNumThreads: threads,
      interOpNumThreads: 1,
      graphOptimizationLevel: 'all',
      logSeverityLevel: LOG_FATAL,
      extra: { session: { intra_op: { allow_spinning: '0' } } },
    });
    return {
      session: wrapSession(path, session),
      metadata: new Map(metadataProps.map(({ key, value }) => [key, value])),
    };
  } catch (cause) {
    const problem = `${path} can't be run: ${messageOf(cause)}; install the package again.`;
    throw new GraphError(problem, { cause });
  }
}
