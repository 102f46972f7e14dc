// Progressive enhancement: everything on the pages works without this, only less comfortably.
import { keepDrafts } from './drafts.js';
import { focusErrors } from './errors.js';
import { closeOnEscape, showCurrent } from './menus.js';
import { sendOnce } from './sending.js';

focusErrors(document);
closeOnEscape(document);
showCurrent(document);
for (const form of document.querySelectorAll('form[data-draft]')) {
  keepDrafts(form);
}
for (const form of document.querySelectorAll('form[method="post"]')) {
  sendOnce(form);
}
for (const button of document.querySelectorAll('[data-print]')) {
  button.hidden = false;
  button.addEventListener('click', () => window.print());
}
for (const form of document.querySelectorAll('form[data-continue]')) {
  form.requestSubmit();
}
