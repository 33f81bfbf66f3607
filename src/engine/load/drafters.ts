import type {
  CreateDrafter,
  Drafter,
  DrafterContext,
  OwnDrafterContext,
  TextGuesses,
} from '../../contracts/drafter.ts';
import { DrafterUnavailableError } from '../../contracts/errors.ts';
import type { Session } from '../../contracts/session.ts';
import type { DrafterOfDrafts, TrainedDraft } from '../../draft/built-in-drafter.ts';
import { BESIDE, builtInDrafter, drafterFor } from '../../draft/drafters.ts';
import type { RecycledTable } from '../../draft/recycle/recycled-table.ts';
import { createRecycledTokens } from '../../draft/recycle/recycled-tokens.ts';
import type { Graph } from '../../graph/graph.ts';
import { createRecycledApart, type RecycledApart } from './recycled-apart.ts';

/** The drafters of a loaded model. Networks are opened when they are first asked for. */
export interface Drafters {
  /** `auto` is the drafter that the draft was made for, or the first that needs none. */
  readonly nameOf: (wanted: string) => string;
  /** @throws DrafterUnavailableError if the drafter needs a draft of its kind and there is none. */
  readonly get: (name: string) => Promise<Drafter>;
  /** What is joined with the trees of a drafter that was asked for so: `auto` with a draft guesses from the text too. */
  readonly beside: (wanted: string) => Beside | null;
  /** What the target held likely of late. */
  readonly recycled: RecycledApart;
  readonly dispose: () => Promise<void>;
}

/** Guesses beside a draft that cost no call. */
export interface Beside {
  readonly name: string;
  /** As a drafter says it. */
  readonly recycles: boolean;
  readonly open: () => TextGuesses;
}

/** What the drafters of a model are made from. */
interface DraftersParts {
  readonly context: Omit<DrafterContext, 'recycled'>;
  readonly draft: TrainedDraft | null;
  readonly openSession: (graph: Graph) => Promise<Session>;
  /** Drafters of the caller's own. */
  readonly own: Readonly<Record<string, CreateDrafter>>;
  /** What the target is known to hold likely, before it says anything here. */
  readonly table: RecycledTable | null;
}

export function createDrafters({
  context: known,
  draft,
  openSession,
  own,
  table,
}: DraftersParts): Drafters {
  const recycled = createRecycledApart(() => createRecycledTokens(table));
  const context = { ...known, recycled };
  const drafters = new Map<string, Promise<Drafter>>();
  const sessions: Session[] = [];
  const openKept = async (graph: Graph): Promise<Session> => {
    const session = await openSession(graph);
    sessions.push(session);
    return session;
  };
  const open = async (name: string): Promise<Drafter> => {
    const row = builtInDrafter(name);
    if (row === undefined) return openOwn(name, own, { ...context, open: get });
    if (row.runs === undefined) return row.open(context);
    return row.open(context, draftFor(row, draft), openKept);
  };
  const nameOf = (wanted: string) => (wanted === 'auto' ? drafterFor(draft?.method) : wanted);
  const get = (wanted: string): Promise<Drafter> => {
    const name = nameOf(wanted);
    const known = drafters.get(name);
    if (known !== undefined) return known;
    const opening = open(name);
    drafters.set(name, opening);
    opening.catch(() => drafters.delete(name)); // the next request may have more luck
    return opening;
  };
  return {
    nameOf,
    get,
    beside: (wanted) =>
      wanted === 'auto' && draft !== null
        ? { name: BESIDE.name, recycles: BESIDE.recycles, open: () => BESIDE.open(context) }
        : null,
    recycled,
    async dispose() {
      await Promise.all(sessions.map((session) => session.dispose()));
    },
  };
}

/**
 * Drafters that are open already; `auto` is the first, alone unless something is named beside it. Whoever opened them
 * disposes of them.
 */
export function openDrafters(
  drafters: readonly [Drafter, ...Drafter[]],
  beside: Beside | null = null,
  recycled: RecycledApart = createRecycledApart(() => createRecycledTokens()),
): Drafters {
  const byName = new Map(drafters.map((drafter) => [drafter.name, drafter]));
  return {
    nameOf: (wanted) => (wanted === 'auto' ? drafters[0].name : wanted),
    async get(name) {
      const drafter = byName.get(name);
      if (drafter === undefined) throw new DrafterUnavailableError(name, 'there is none.');
      return drafter;
    },
    beside: (wanted) => (wanted === 'auto' ? beside : null),
    recycled,
    dispose: async () => {},
  };
}

/** The loaded draft, if it is one that the drafter runs. */
function draftFor(
  { name, runs }: Pick<DrafterOfDrafts, 'name' | 'runs'>,
  draft: TrainedDraft | null,
): TrainedDraft {
  if (draft === null) {
    throw new DrafterUnavailableError(name, 'no draft is loaded.', {
      remedy: { kind: 'use-option', option: 'draft', to: 'give its folder' },
    });
  }
  if (runs.includes(draft.method)) return draft;
  const other = drafterFor(draft.method);
  throw new DrafterUnavailableError(name, `the draft is made for ${other}.`, {
    remedy: { kind: 'use-option', option: 'drafter', values: [other] },
  });
}

async function openOwn(
  name: string,
  own: DraftersParts['own'],
  context: OwnDrafterContext,
): Promise<Drafter> {
  const drafter = await own[name]?.(context);
  if (drafter?.name === name) return drafter;
  const reason = drafter === undefined ? 'there is none.' : `it calls itself "${drafter.name}".`;
  throw new DrafterUnavailableError(name, reason);
}
