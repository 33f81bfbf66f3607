#!/usr/bin/env node
import { tellNobody } from '../runtime/tell-nobody.ts';
import { createProgram } from './program.ts';
import { reportError } from './report-error.ts';

tellNobody();

// Whoever read the output has enough of it, as `head` has.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error) => {
    if ('code' in error && error.code === 'EPIPE') process.exit();
    throw error;
  });
}

try {
  await createProgram().parseAsync();
} catch (error) {
  const { text, exitCode } = reportError(error);
  process.stderr.write(text);
  process.exitCode = exitCode;
}
