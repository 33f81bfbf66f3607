const EXIT_CODES = { SIGINT: 130, SIGTERM: 143 } as const;

/** Calls `handle` with the exit code for each Ctrl-C or termination signal, until the returned function is called. */
export function onInterrupt(handle: (exitCode: number) => void): () => void {
  const interrupt = (signal: keyof typeof EXIT_CODES) => handle(EXIT_CODES[signal]);
  const signals = Object.keys(EXIT_CODES);
  for (const signal of signals) process.on(signal, interrupt);
  return () => {
    for (const signal of signals) process.off(signal, interrupt);
  };
}
