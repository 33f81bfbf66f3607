/**
 * `npm run make:pictures`: makes the pictures of the documentation anew that show the program at work, docs/images/run.png,
 * page-chat.png and page-race.png, with the model that the package brings. What they show was written when they were made.
 * Needs Chromium and util-linux's `script`. Times in them are of this machine: let nothing else run.
 */
import { launchChromium } from '../../src/engine/testing/chromium.ts';
import { chatPicture, racePicture } from './page-pictures.ts';
import { serveDefault } from './serve-default.ts';
import { terminalPicture } from './terminal-picture.ts';

const [cat, coffee, receipt] = ['cat.jpg', 'coffee.jpg', 'receipt.png'].map(
  (name) => `fixtures/examples/images/${name}`,
) as [string, string, string];
const question = 'Describe the picture in a few sentences.';
const talk = [
  { picture: cat, question: 'What is in the picture?' },
  { picture: receipt, question: 'How much is the total?' },
];
const raced = { picture: coffee, question };

const browser = await launchChromium();
try {
  const command = `npm run -s msd -- run --image ${cat} "${question}"`;
  await terminalPicture(browser, command, 'docs/images/run.png');
  const { url, stop } = await serveDefault();
  try {
    await chatPicture(browser, url, talk, 'docs/images/page-chat.png');
    await racePicture(browser, url, raced, 'docs/images/page-race.png');
  } finally {
    await stop();
  }
} finally {
  await browser.close();
}
