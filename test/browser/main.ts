// What the page of core-in-browser.test.ts runs.

import { runCore } from './core-page.ts';

declare const document: { body: { textContent: string } };

try {
  document.body.textContent = JSON.stringify(runCore());
} catch (error) {
  document.body.textContent = String(error);
}
