import type { DraftTree } from '../../src/contracts/drafter.ts';
import type { Forward } from '../../src/contracts/target.ts';
import { MOST_TREE_ROWS } from '../../src/model/lane-map.ts';
import type { Findings } from './findings.ts';
import { type Asked, type Member, openMember } from './member.ts';
import type { Network } from './network.ts';
import type { PlainText } from './plain-text.ts';

/** Texts that ended or were given up, and whose caches others may go on from. */
const MOST_KEPT = 6;

/**
 * So many texts at a time share passes until a few more than that have ended. They read chunks and trees as they like,
 * fall back, leave in the middle, and begin where others left off; the draft reads what they read, and grows trees.
 * Every row, all wanted logits and every tree are compared with the text's own, read plainly and alone.
 */
export async function runMixture(
  network: Network,
  texts: readonly PlainText[],
  company: number,
  below: (n: number) => number,
  findings: Findings,
): Promise<void> {
  const { target } = network.model;
  let waiting = company + below(1 + company / 2);
  let members: Member[] = [];
  const kept: Member[] = [];
  const leave = (member: Member) => {
    members = members.filter((one) => one !== member);
    if (below(3) > 0 && member.sequence.length > 0) kept.push(member);
    else member.dispose();
    while (kept.length > MOST_KEPT) kept.shift()?.dispose();
  };
  while (waiting > 0 || members.length > 0) {
    for (; waiting > 0 && members.length < company; waiting -= 1) {
      members.push(seat(network, texts, kept, below, findings));
    }
    const going = members.filter(() => company === 1 || below(4) > 0);
    const asked = going.map((member) => ({ member, ...member.next() }));
    const long = ({ step }: Asked) => step.ids.length > MOST_TREE_ROWS;
    for (const group of [asked.filter(long), asked.filter((one) => !long(one))]) {
      if (group.length === 0) continue;
      const forwards = await target.forward(group.map(({ step }) => step));
      // Rows are committed before the next pass.
      let first = 0;
      for (const [at, one] of group.entries()) {
        await one.member.take(one, forwards[at] as Forward, first);
        first += one.step.ids.length;
      }
    }
    if (below(3) === 0) await draft(network, members, below);
    for (const member of members) {
      if (member.left === 0 || below(40) === 0) leave(member);
      else if (below(20) === 0) member.cut(below(member.sequence.length + 1));
    }
  }
  for (const member of kept) member.dispose();
}

/** A text of its own, or one that goes on from what it shares with another that left. */
function seat(
  network: Network,
  texts: readonly PlainText[],
  kept: Member[],
  below: (n: number) => number,
  findings: Findings,
): Member {
  const plain = texts[below(texts.length)] as PlainText;
  const place = kept.findIndex((one) => one.plain.text.pictures === plain.text.pictures);
  const [found] = place < 0 || below(4) === 0 ? [] : kept.splice(place, 1);
  return found === undefined ? openMember(network, plain, below, findings) : found.become(plain);
}

/** Lets the draft read for some of the texts, in one run. */
async function draft(
  { drafter }: Network,
  members: readonly Member[],
  below: (n: number) => number,
): Promise<void> {
  const asked = members
    .filter(() => below(3) > 0)
    .map((member) => ({ member, ...member.draftJob() }));
  if (asked.length === 0) return;
  const trees = await drafter.run(asked.map(({ job }) => job));
  for (const [at, { member, job, rows }] of asked.entries()) {
    const [tree, grow] = [trees[at] as DraftTree | null, job.grow];
    if (tree !== null && grow !== undefined) await member.takeTree(tree, grow.shape, rows);
  }
}
