import { writeSheet } from '../sheet.ts';
import type { DocumentTemplate } from '../template.ts';
import { day, digits, goods, letters, money, shop } from '../values.ts';

const THEMES = [
  { ground: '#ffffff', ink: '#20242a', faint: '#eceff3', accent: '#2563c9' },
  { ground: '#1d2025', ink: '#e8eaed', faint: '#2c3038', accent: '#4c8df0' },
];

/** Settings of a device, in a window. */
export const settingsScreen: DocumentTemplate = {
  name: 'settings',
  kind: 'screen',
  lay(draws, { plain }) {
    const { ground, ink, faint, accent } = draws.one(THEMES);
    const hand = { width: 640, ground, ink, font: draws.one(plain), size: 18, margin: 40 };
    const page = writeSheet(hand);
    page.patch({ x: 0, y: 0, width: hand.width, height: 40, colour: faint });
    for (const [index, colour] of ['#e0564b', '#e0a83c', '#4caf50'].entries()) {
      page.patch({ x: 16 + 22 * index, y: 13, width: 14, height: 14, colour, round: 7 });
    }
    page.at(hand.width / 2, 'Settings', { anchor: 'middle', bold: true });
    page.down(1.6);
    const [language, network] = [
      draws.one(['English', 'Français', 'Deutsch', 'Español', 'Italiano', 'Polski']),
      `${draws.one(['Home', 'Office', 'Guest', 'Library'])}-${letters(draws, 2)}${digits(draws, 2)}`,
    ];
    const version = `${draws.whole(2, 14)}.${draws.whole(0, 9)}.${draws.whole(1, 9)}`;
    const battery = `${draws.whole(4, 99)}%`;
    const lines: [string, string][] = [
      ['Language', language],
      ['Network', network],
      ['Version', version],
      ['Battery', battery],
      ['Notifications', draws.one(['On', 'Off'])],
      ['Automatic updates', draws.one(['On', 'Off'])],
    ];
    for (const [left, right] of lines) {
      page.patch({
        ...{ x: 24, y: page.y - 27, width: hand.width - 48, height: 42 },
        ...{ colour: faint, round: 8 },
      });
      page.pair(left, right);
      page.down(0.6);
    }
    page.patch({ x: 460, y: page.y - 24, width: 140, height: 38, colour: accent, round: 6 });
    page.at(530, 'Restart', { anchor: 'middle', colour: '#ffffff', bold: true });
    return {
      sheet: page.done(),
      fields: [
        { name: 'language', values: [language] },
        { name: 'network', values: [network] },
        { name: 'version', values: [version] },
        { name: 'battery', values: [battery] },
      ],
    };
  },
};

/** What a shop's program shows of an order, on a telephone. */
export const orderScreen: DocumentTemplate = {
  name: 'order',
  kind: 'screen',
  lay(draws, { plain }) {
    const { ground, ink, faint, accent } = draws.one(THEMES);
    const hand = { width: 400, ground, ink, font: draws.one(plain), size: 17, margin: 28 };
    const page = writeSheet(hand);
    const [name, order] = [shop(draws), `${letters(draws, 2)}-${digits(draws, 5)}`];
    const status = draws.one(['Packed', 'Shipped', 'Delayed', 'Delivered', 'Waiting for payment']);
    const [dates, amount] = [day(draws, draws.whole(2, 3)), money(draws)];
    const [bought, cents] = [goods(draws, 3), draws.whole(500, 29_999)];
    page.at(page.left, '9:41', { size: 14, bold: true });
    page.down(1.2);
    page.at(page.left, name, { size: 26, bold: true });
    page.down(1.6);
    page.patch({ x: 16, y: page.y - 26, width: 368, height: 146, colour: faint, round: 14 });
    page.at(page.left, `Order ${order}`, { bold: true });
    page.down(1.1);
    page.at(page.left, status, { colour: accent, bold: true, size: 20 });
    page.down(1.1);
    page.at(page.left, `Arrives ${dates[0]}`);
    page.down();
    page.at(page.left, `${bought.length} articles`, { size: 15 });
    page.down(2);
    for (const article of bought) {
      page.patch({ x: page.left, y: page.y - 18, width: 24, height: 24, colour: accent, round: 5 });
      page.at(page.left + 38, article);
      page.down(1.3);
    }
    page.rule(faint);
    page.pair('Total', amount(cents), { bold: true, size: 20 });
    return {
      sheet: page.done(),
      fields: [
        { name: 'shop', values: [name] },
        { name: 'order', values: [order] },
        { name: 'status', values: [status] },
        { name: 'delivery', values: dates },
        { name: 'total', values: [amount(cents)] },
      ],
    };
  },
};
