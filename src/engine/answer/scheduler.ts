import type { GenerateEvent } from '../../contracts/generate.ts';
import type { Asking, Need } from '../../contracts/need.ts';
import type { Model } from '../model.ts';
import type { Ledger, Payee } from './ledger.ts';
import { nextPass, type Waiting } from './next-pass.ts';

/** What a scheduler runs the needs of its answers on. */
export interface Networks extends Pick<Model, 'target' | 'see' | 'meter' | 'rowsKeepApart'> {
  readonly clock: () => number;
}

/** How much runs at a time; what is beyond waits for room, first come, first served. A lone answer always runs. */
export interface Limits {
  readonly sequences: number;
  /** Columns that the caches of running answers may come to need. */
  readonly columns: number;
  /** Asked to give up what is kept of ended answers, as columns are short. */
  readonly release?: (columns: number) => void;
}

/** One answer among those that run. */
export interface Ticket {
  readonly ledger: Ledger;
  readonly emit: (events: readonly GenerateEvent[]) => void;
  readonly cancelled: () => boolean;
}

/** Runs many answers side by side: gathers what all of them need, and makes one pass of it. */
export interface Scheduler {
  run<R>(machine: Asking<R>, ticket: Ticket): Promise<R>;
  /** Answers that run or wait for a pass. */
  readonly running: number;
}

interface Running extends Ticket {
  readonly machine: Asking<unknown>;
  readonly end: (result: { value: unknown } | { error: unknown }) => void;
  need: Need | null;
  since: number;
  /** Columns that it was admitted with; null before. */
  columns: number | null;
}

export function createScheduler(networks: Networks, limits: Limits): Scheduler {
  const all = new Set<Running>();
  /** What answers are to be resumed with, once no pass reads the caches. */
  const inbox: (() => void)[] = [];
  let passes = 0;
  let lastWasPicture = false;
  let busy = false;
  let wake = () => {};

  /** Resumes an answer and takes what it needs next. */
  const resume = (one: Running, next: () => IteratorResult<Need, unknown>): void => {
    one.ledger.enter();
    try {
      let given = next();
      while (!given.done && given.value.type === 'events') {
        one.emit(given.value.events);
        given = one.machine.next(undefined);
      }
      if (given.done) finish(one, { value: given.value });
      else {
        one.need = given.value;
        one.since = passes;
        if (given.value.type === 'host') leaveAlone(one, given.value.work);
      }
    } catch (error) {
      finish(one, { error });
    } finally {
      one.ledger.leave();
    }
  };
  const reply = (one: Running, value: unknown) => {
    one.need = null;
    resume(one, () => one.machine.next(value));
  };
  const fail = (one: Running, error: unknown) => {
    one.need = null;
    resume(one, () => one.machine.throw(error));
  };
  const finish = (one: Running, result: { value: unknown } | { error: unknown }) => {
    all.delete(one);
    one.end(result);
  };

  /** Work of the machine goes on beside the passes. */
  const leaveAlone = (one: Running, work: () => Promise<unknown>) => {
    const start = networks.clock();
    const deliver = (then: () => void) => {
      inbox.push(() => {
        one.ledger.charge('host', networks.clock() - start);
        then();
      });
      wake();
    };
    work().then(
      (value) => deliver(() => reply(one, value)),
      (error) => deliver(() => fail(one, error)),
    );
  };

  const admit = () => {
    const waiting = [...all].filter(({ need }) => need?.type === 'admission');
    for (const one of waiting) {
      const admitted = [...all].filter(({ columns }) => columns !== null);
      const used = admitted.reduce((sum, { columns }) => sum + (columns ?? 0), 0);
      const { columns = 0 } = one.need as Need & { type: 'admission' };
      const fits = admitted.length < limits.sequences && used + columns <= limits.columns;
      if (!fits && admitted.length > 0 && !one.cancelled()) return;
      limits.release?.(limits.columns - used - columns);
      one.columns = columns;
      reply(one, undefined);
    }
  };

  /** One pass for some answers. */
  const serve = async (members: readonly Running[]) => {
    const [first] = members;
    const payee = payeeOf(first?.need as Need);
    const before = { ...networks.meter };
    const start = networks.clock();
    passes += 1;
    lastWasPicture = payee === 'tower';
    const results = await runPass(
      networks,
      members.map(({ need }) => need as Need),
    ).catch((error: unknown) => error);
    const wall = networks.clock() - start;
    const sessions = {
      tower: networks.meter.vision - before.vision,
      target: networks.meter.target - before.target,
      draft: networks.meter.draft - before.draft,
    };
    const rest = Math.max(0, wall - sessions.tower - sessions.target - sessions.draft);
    for (const [at, one] of members.entries()) {
      for (const [name, ms] of Object.entries(sessions)) one.ledger.charge(name as Payee, ms);
      one.ledger.charge('host', rest);
      if (Array.isArray(results)) reply(one, results[at]);
      else fail(one, results);
    }
  };

  const work = async () => {
    if (busy) return;
    busy = true;
    while (all.size > 0) {
      for (let next = inbox.shift(); next !== undefined; next = inbox.shift()) next();
      admit();
      const waiting = [...all].filter(waitsForPass);
      const together = nextPass(waiting, lastWasPicture);
      const places = networks.rowsKeepApart ? together : together.slice(0, 1);
      const members = places.map((at) => waiting[at] as Running);
      if (members.length > 0) await serve(members);
      else if (all.size > 0 && inbox.length === 0) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    }
    busy = false;
  };

  return {
    run: <R>(machine: Asking<R>, ticket: Ticket) =>
      new Promise<R>((resolve, reject) => {
        const end: Running['end'] = (result) =>
          'value' in result ? resolve(result.value as R) : reject(result.error);
        const one: Running = { ...ticket, machine, end, need: null, since: passes, columns: null };
        all.add(one);
        inbox.push(() => resume(one, () => machine.next(undefined)));
        wake();
        void work();
      }),
    get running() {
      return all.size;
    },
  };
}

const waitsForPass = (one: Running): one is Running & Waiting =>
  one.need?.type === 'target' || one.need?.type === 'draft' || one.need?.type === 'vision';

function payeeOf({ type }: Need): Payee {
  if (type === 'vision') return 'tower';
  return type === 'draft' ? 'draft' : 'target';
}

/** The replies to needs of one kind, in order. */
async function runPass({ target, see }: Networks, needs: readonly Need[]): Promise<unknown[]> {
  const [first] = needs;
  if (first?.type === 'vision') return [await see(first.feeds)];
  if (first?.type === 'draft') {
    return first.drafter.run(needs.flatMap((need) => (need.type === 'draft' ? need.job : [])));
  }
  return target.forward(needs.flatMap((need) => (need.type === 'target' ? need.step : [])));
}
