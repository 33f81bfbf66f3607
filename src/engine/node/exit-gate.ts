/**
 * A thread that is ended inside a native call of onnxruntime-node takes the whole process down with an abort. So the
 * engine's thread counts its calls, and a process that exits first lets them end and starts no other.
 */
export type ExitGate = Int32Array<SharedArrayBuffer>; // [calls under way, 1 once closed]

const CALLS = 0;
const CLOSED = 1;

export const createExitGate = (): ExitGate => new Int32Array(new SharedArrayBuffer(8));

/** Makes a native call. Behind a closed gate it never returns: the thread is about to end. */
export async function throughGate<T>(gate: ExitGate, call: () => Promise<T>): Promise<T> {
  Atomics.add(gate, CALLS, 1);
  try {
    if (Atomics.load(gate, CLOSED) === 0) return await call();
  } finally {
    Atomics.sub(gate, CALLS, 1);
    Atomics.notify(gate, CALLS);
  }
  return new Promise<never>(() => {});
}

/** Closes the gate and blocks until no call is under way, or until `patience` milliseconds are over. */
export function closeGate(gate: ExitGate, patience: number): void {
  Atomics.store(gate, CLOSED, 1);
  const end = performance.now() + patience;
  for (;;) {
    const calls = Atomics.load(gate, CALLS);
    const left = end - performance.now();
    if (calls === 0 || left <= 0) return;
    Atomics.wait(gate, CALLS, calls, left);
  }
}
