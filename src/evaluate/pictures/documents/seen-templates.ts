import { parcelForm, registrationForm } from './seen/forms.ts';
import { bandInvoice, letterInvoice } from './seen/invoices.ts';
import { cafeBill, tillReceipt } from './seen/receipts.ts';
import { orderScreen, settingsScreen } from './seen/screens.ts';
import { concertTicket, trainTicket } from './seen/tickets.ts';
import type { DocumentTemplate } from './template.ts';

/** Templates that pictures for training may be drawn from too, by other seeds than those of the suites. */
export const SEEN_TEMPLATES: readonly DocumentTemplate[] = [
  tillReceipt,
  cafeBill,
  settingsScreen,
  orderScreen,
  registrationForm,
  parcelForm,
  letterInvoice,
  bandInvoice,
  trainTicket,
  concertTicket,
];
