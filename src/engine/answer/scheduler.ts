import type { GenerateEvent } from '../../contracts/generate.ts';
import type { Asking, Need } from '../../contracts/need.ts';
import type { Others } from '../../decode/plan.ts';
import { MOST_TREE_ROWS } from '../../model/lane-map.ts';
import type { Model } from '../model.ts';
import { type Company, companyOf } from './company.ts';
import type { Ledger, Payee } from './ledger.ts';
import { nextPass, type Sort, type Waiting } from './next-pass.ts';

/** What a scheduler runs the needs of its answers on. */
export interface Networks extends Pick<Model, 'target' | 'embed' | 'meter' | 'rowsKeepApart'> {
  readonly clock: () => number;
  /** Awaited after every pass, so that messages come in, as that an answer is cancelled. */
  readonly letMessagesIn: () => Promise<void>;
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
  /** Those that decode beside the one that is resumed. */
  readonly others: () => Others;
  /** All beside it, as a prompt that is read has to heed them. */
  readonly company: () => Company;
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
  const past = { made: 0, newest: {} as Partial<Record<Sort, number>> };
  let busy = false;
  let wake = () => {};

  /** Resumes an answer and takes what it needs next. */
  const resume = (one: Running, next: () => IteratorResult<Need, unknown>): void => {
    one.ledger.enter();
    try {
      let given = next();
      while (!given.done && given.value.type === 'events') {
        given = tell(one, given.value.events);
      }
      if (given.done) finish(one, { value: given.value });
      else {
        one.need = given.value;
        one.since = past.made;
      }
    } catch (error) {
      finish(one, { error });
    } finally {
      one.ledger.leave();
    }
    if (one.need?.type === 'host') leaveAlone(one, one.need.work);
  };
  /** A listener that throws ends its answer, which gives back its caches. */
  const tell = (one: Running, events: readonly GenerateEvent[]) => {
    try {
      one.emit(events);
    } catch (error) {
      return one.machine.throw(error);
    }
    return one.machine.next(undefined);
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
      one.ledger.charge('host', networks.clock() - start);
      inbox.push(then);
      wake();
    };
    Promise.resolve()
      .then(work)
      .then(
        (value) => deliver(() => reply(one, value)),
        (error) => deliver(() => fail(one, error)),
      );
  };

  /** In order: nobody overtakes one that waits for room, but whoever was cancelled needs none. */
  const admit = () => {
    let full = false;
    for (const one of [...all]) {
      if (one.need?.type !== 'admission') continue;
      const { columns } = one.need;
      const admitted = [...all].filter(({ columns }) => columns !== null);
      const used = admitted.reduce((sum, { columns }) => sum + (columns ?? 0), 0);
      const fits = admitted.length < limits.sequences && used + columns <= limits.columns;
      if (!one.cancelled()) {
        full ||= !fits && admitted.length > 0;
        if (full) continue;
        limits.release?.(limits.columns - used - columns);
        one.columns = columns;
      }
      reply(one, undefined);
    }
  };

  /** Those that waited for what others do look again. */
  const giveTurns = () => {
    for (const one of [...all]) if (one.need?.type === 'turn') reply(one, undefined);
  };

  /** One pass for some answers. */
  const serve = async (sort: Sort, members: readonly Running[]): Promise<void> => {
    const needs = members.map(({ need }) => need as Need);
    const rewind = needs.map(rewindOf);
    const before = { ...networks.meter };
    const start = networks.clock();
    past.made += 1;
    past.newest[sort] = past.made;
    const results = await runPass(networks, needs).catch((error: unknown) => ({ error }));
    if ('error' in results && members.length > 1) {
      // One of them may be to blame: each is asked again, alone.
      for (const [at, one] of members.entries()) {
        try {
          rewind[at]?.();
        } catch (error) {
          fail(one, error);
          continue;
        }
        await serve(sort, [one]);
      }
      return;
    }
    const wall = networks.clock() - start;
    const sessions = {
      tower: networks.meter.vision - before.vision,
      target: networks.meter.target - before.target,
      draft: networks.meter.draft - before.draft,
    };
    const rows = needs.reduce((sum, need) => sum + targetRows(need), 0);
    const rest = Math.max(0, wall - sessions.tower - sessions.target - sessions.draft);
    for (const [at, one] of members.entries()) {
      if (rows > 0) one.ledger.join({ rows, lanes: members.length });
      for (const [name, ms] of Object.entries(sessions)) one.ledger.charge(name as Payee, ms);
      one.ledger.charge('host', rest);
      if ('error' in results) fail(one, results.error);
      else reply(one, results[at]);
    }
  };

  const work = async () => {
    if (busy) return;
    busy = true;
    while (all.size > 0) {
      for (let next = inbox.shift(); next !== undefined; next = inbox.shift()) next();
      admit();
      giveTurns();
      const waiting = [...all].filter(waitsForPass);
      const next = nextPass(waiting, past);
      if (next !== null) {
        const places = networks.rowsKeepApart ? next.members : next.members.slice(0, 1);
        await serve(
          next.sort,
          places.map((at) => waiting[at] as Running),
        );
        await networks.letMessagesIn();
      } else if (all.size > 0 && inbox.length === 0) {
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
        const one: Running = {
          ...ticket,
          machine,
          end,
          need: null,
          since: past.made,
          columns: null,
        };
        all.add(one);
        inbox.push(() => resume(one, () => machine.next(undefined)));
        wake();
        void work();
      }),
    get running() {
      return all.size;
    },
    others: () => othersOf(needsOf(all)),
    company: () => companyOf(needsOf(all)),
  };
}

const needsOf = (all: ReadonlySet<Running>): Need[] => [...all].flatMap(({ need }) => need ?? []);

const targetRows = (need: Need): number => (need.type === 'target' ? need.step.ids.length : 0);

/** Of answers that wait: those that bring a tree or a token to the next pass, and those that are about to. */
function othersOf(needs: readonly Need[]): Others {
  const rows = needs.map(targetRows).filter((count) => count > 0 && count <= MOST_TREE_ROWS);
  const undecided = needs.filter((need) => need.type === 'draft' && need.job.grow !== undefined);
  return {
    reading: companyOf(needs).reading,
    lanes: rows.length + undecided.length,
    undecided: undecided.length,
    rows: rows.reduce((sum, count) => sum + count, 0),
  };
}

const waitsForPass = (one: Running): one is Running & Waiting =>
  one.need?.type === 'target' || one.need?.type === 'draft' || one.need?.type === 'vision';

/** Undoes what a job that failed may have read: it is asked again with the same rows. */
function rewindOf(need: Need): () => void {
  if (need.type !== 'draft') return () => {};
  const { state } = need.job;
  const { length } = state;
  return () => state.truncate(length);
}

/** The replies to needs of one kind, in order. */
async function runPass({ target, embed }: Networks, needs: readonly Need[]): Promise<unknown[]> {
  const [first] = needs;
  if (first?.type === 'vision') return [await embed(first.feeds)];
  if (first?.type === 'draft') {
    return first.drafter.run(needs.flatMap((need) => (need.type === 'draft' ? need.job : [])));
  }
  return target.forward(needs.flatMap((need) => (need.type === 'target' ? need.step : [])));
}
