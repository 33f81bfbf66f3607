import { parentPort } from 'node:worker_threads';
import { packWhole } from '../../formats/pack-products.ts';
import type { PackJob, PackReply } from './pack-by-threads.ts';

/** Entry of a thread that packs products, one for each message. */
const port = parentPort;
if (port === null) throw new Error('This file is the entry of a worker thread.');
port.on('message', async ({ index, ...job }: PackJob) => {
  const bytes = await packWhole(job).catch(() => null); // who asked packs it again, and hears why
  const reply: PackReply = { index, bytes };
  port.postMessage(reply, bytes === null ? [] : [bytes.buffer as ArrayBuffer]);
});
