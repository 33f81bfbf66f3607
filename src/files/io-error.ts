import { CheckpointError, MsdError } from '../contracts/errors.ts';

const SENTENCES: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file; check the path or fetch the model again.',
  ENOTDIR: 'a part of this path is not a folder; check the path.',
  EISDIR: 'this is a folder where a file is expected; check the path.',
  EACCES: 'no permission; give yourself access to the file and its folder.',
  EPERM: 'no permission; give yourself access to the file and its folder.',
  ELOOP: 'its symbolic links lead in a circle; fetch the model again.',
  ENOSPC: 'the disk is full; make room and try again.',
  EROFS: 'the disk is read-only; choose another place.',
};

/**
 * A failure of the file system at `path` as one sentence. Anything else (an error of ours, a bug) passes unchanged.
 */
export function ioError(path: string, cause: unknown): unknown {
  const code = errorCode(cause);
  if (code === undefined) return cause;
  const sentence =
    SENTENCES[code] ?? `the file system failed (${code}); check the disk and try again.`;
  return new CheckpointError(path, sentence, { cause });
}

/** The system's name for a failure, such as ENOENT; errors of ours have codes of their own. */
export function errorCode(cause: unknown): string | undefined {
  if (!(cause instanceof Error) || MsdError.is(cause)) return undefined;
  return 'code' in cause ? String(cause.code) : undefined;
}
