// The publish dialog: a note is asked for, errors forbid it, and someone else's newer version is never overwritten.
import { send } from './server.js';

export function preparePublishing(editor, findings, draft) {
  const { modeler, page, settings, texts } = editor;
  const button = page.querySelector('[data-action="publish"]');
  const dialog = document.getElementById('publish-dialog');
  const form = dialog.querySelector('form');
  const note = form.elements.note;
  const problem = dialog.querySelector('[data-problem]');
  const status = page.querySelector('[data-status]');
  const version = document.querySelector('[data-editor-version]');
  const older = document.querySelector('[data-older-version]');

  findings.onChange((state) => {
    button.disabled = !state.known || state.errors > 0;
    button.title = state.errors > 0 ? texts.errorsForbid : '';
  });
  button.addEventListener('click', () => {
    problem.hidden = true;
    status.textContent = '';
    dialog.showModal();
    note.focus();
  });
  dialog.querySelector('[data-cancel]').addEventListener('click', () => dialog.close());
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    const submit = form.querySelector('[type="submit"]');
    submit.disabled = true;
    try {
      await publish();
    } catch (error) {
      console.warn(error);
      if (error.findings) {
        findings.show(error.findings);
      }
      say(error.message || texts.notPublished);
    } finally {
      submit.disabled = false;
    }
  });

  async function publish() {
    const { xml } = await modeler.saveXML({ format: true });
    const sent = JSON.stringify({ xml, note: note.value, version: editor.base });
    const answer = await send(settings, settings.publishUrl, 'application/json', sent);
    editor.base = answer.version;
    version.textContent = texts.version.replace('{s}', answer.version);
    older?.remove();
    editor.published = xml;
    draft.forget();
    form.reset();
    dialog.close();
    status.textContent = texts.published.replace('{s}', answer.version);
    page.dataset.published = String(answer.version);
  }

  function say(message) {
    problem.textContent = message;
    problem.hidden = false;
  }
}
