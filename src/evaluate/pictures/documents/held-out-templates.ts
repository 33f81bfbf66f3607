import { accountScreen, boardingPass } from './held-out/account-and-flight.ts';
import { parkingSlip, powerBill, surgeryCard } from './held-out/everyday-papers.ts';
import type { DocumentTemplate } from './template.ts';

/** One of each kind that nothing for training may be drawn from; the linter lets no room but the suites import them. */
export const HELD_OUT_TEMPLATES: readonly DocumentTemplate[] = [
  parkingSlip,
  accountScreen,
  surgeryCard,
  powerBill,
  boardingPass,
];
