import { Worker } from 'node:worker_threads';
import { PackageFileError } from '../../contracts/errors.ts';
import { packageFile } from '../../files/package-file.ts';
import { markOf } from '../../formats/forms/forms.ts';
import {
  bytesOfProduct,
  type PackedProduct,
  type PackProducts,
  packProduct,
  packProducts,
} from '../../formats/pack-products.ts';
import type { ConversionPlan, PlannedProduct } from '../../formats/plan-conversion.ts';

/** What a thread is asked. */
export interface PackJob extends PackedProduct {
  readonly index: number;
}

/** What it replies; null where it could not. */
export interface PackReply {
  readonly index: number;
  readonly bytes: Uint8Array | null;
}

/** More threads than this would wait for the disk, and each holds products in memory. */
const MOST_THREADS = 4;
/** Bytes of a file that threads are worth their start for. */
const WORTH = 32 << 20;
/** Bytes of products that may be under way, beside one for each thread. */
const ROOM = 64 << 20;

/** Packs a plan's products in some threads, in order; in this one, too, what those can't. */
export function packByThreads(threads: number, worth = WORTH): PackProducts {
  return async function* (plan) {
    const workers = plan.bytes < worth ? [] : startWorkers(Math.min(threads, MOST_THREADS));
    if (workers.length === 0) {
      yield* packProducts(plan);
      return;
    }
    try {
      yield* packTogether(plan, workers);
    } finally {
      await Promise.all(workers.map(({ end }) => end()));
    }
  };
}

interface PackWorker {
  /** Bytes that it was asked for so far. */
  asked: number;
  pack(job: PackJob): Promise<Uint8Array | null>;
  end(): Promise<unknown>;
}

/** None where one would do, or where the package lies without its built files. */
function startWorkers(count: number): PackWorker[] {
  if (count < 2) return [];
  try {
    const entry = packageFile('dist/engine/node/pack-worker.js');
    return Array.from({ length: count }, () => startWorker(entry));
  } catch (error) {
    if (error instanceof PackageFileError) return [];
    throw error;
  }
}

function startWorker(entry: string): PackWorker {
  const worker = new Worker(entry, { execArgv: [] });
  const waiting = new Map<number, (bytes: Uint8Array | null) => void>();
  let lost = false;
  worker.on('message', ({ index, bytes }: PackReply) => {
    waiting.get(index)?.(bytes);
    waiting.delete(index);
  });
  const lose = () => {
    lost = true;
    for (const resolve of waiting.values()) resolve(null);
  };
  for (const end of ['error', 'messageerror', 'exit']) worker.on(end, lose);
  return {
    asked: 0,
    pack(job) {
      if (lost) return Promise.resolve(null);
      return new Promise((resolve) => {
        waiting.set(job.index, resolve);
        worker.postMessage(job);
      });
    },
    end: () => worker.terminate(),
  };
}

async function* packTogether(
  { kind, products }: ConversionPlan,
  workers: readonly PackWorker[],
): AsyncGenerator<Uint8Array> {
  const { version } = markOf(kind);
  const start = (planned: PlannedProduct, index: number) => {
    const least = workers.reduce((a, b) => (b.asked < a.asked ? b : a));
    least.asked += bytesOfProduct(planned);
    return least.pack({ kind, version, planned, index });
  };
  const ahead: Promise<Uint8Array | null>[] = [];
  let room = ROOM;
  for (const [at, planned] of products.entries()) {
    for (let next = at + ahead.length; next < products.length; next++) {
      const own = products[next] as PlannedProduct;
      if (ahead.length >= workers.length && room < bytesOfProduct(own)) break;
      room -= bytesOfProduct(own);
      ahead.push(start(own, next));
    }
    const bytes = await ahead.shift();
    room += bytesOfProduct(planned);
    if (bytes) yield bytes;
    else yield* packProduct({ kind, planned });
  }
}
