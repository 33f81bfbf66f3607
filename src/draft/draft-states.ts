import type { DraftJob, DraftState } from '../contracts/drafter.ts';

/** The states that a drafter has opened. Others hold them as plain `DraftState`s, and hand them back in jobs. */
export interface DraftStates<State extends DraftState> {
  add(state: State): State;
  /** @throws RangeError if the state is of another drafter */
  of(job: Pick<DraftJob, 'state'>): State;
  /** Does the work of some jobs; where it fails, none of their states has read anything. */
  wholly<R>(jobs: readonly DraftJob[], work: () => Promise<R>): Promise<R>;
}

export function createDraftStates<State extends DraftState>(): DraftStates<State> {
  const states = new WeakMap<DraftState, State>();
  const of: DraftStates<State>['of'] = ({ state }) => {
    const found = states.get(state);
    if (found === undefined) throw new RangeError('The state is of another drafter.');
    return found;
  };
  return {
    add(state) {
      states.set(state, state);
      return state;
    },
    of,
    async wholly(jobs, work) {
      const before = jobs.map((job) => ({ state: of(job), length: job.state.length }));
      try {
        return await work();
      } catch (error) {
        for (const { state, length } of before) state.truncate(length);
        throw error;
      }
    },
  };
}
