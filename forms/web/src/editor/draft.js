// Keeps unpublished work in the browser, so that a closed tab or an expired session loses nothing.
import { showAll } from './view.js';

export function keepDraft(editor) {
  const { modeler, page, settings, texts } = editor;
  const key = `stegvis-draft:${settings.processId}`;
  const bar = document.querySelector('[data-draft]');
  let unsaved = false;
  let timer;

  modeler.on('commandStack.changed', () => {
    unsaved = true;
    clearTimeout(timer);
    timer = setTimeout(save, 500);
  });
  window.addEventListener('beforeunload', (event) => {
    // What the browser has kept is offered at the next visit: only what it has not kept is worth a question.
    if (unsaved) {
      event.preventDefault();
    }
  });

  async function save() {
    const { xml } = await modeler.saveXML({ format: true });
    try {
      localStorage.setItem(key, JSON.stringify({ xml, version: editor.base, at: new Date().toISOString() }));
      unsaved = false;
    } catch (error) {
      page.querySelector('[data-status]').textContent = texts.draftNotKept;
      console.error(error);
    }
  }

  function forget() {
    clearTimeout(timer);
    unsaved = false;
    localStorage.removeItem(key);
    bar.hidden = true;
  }

  // Offers the work of an earlier visit; the diagram that is published stays on the canvas until it is asked for.
  async function offer() {
    const kept = read();
    if (!kept || kept.xml === editor.published) {
      return;
    }
    const when = new Date(kept.at).toLocaleString(settings.language === 'sv' ? 'sv-SE' : 'en-GB', {
      dateStyle: 'medium',
      timeStyle: 'short'
    });
    const other = kept.version === editor.base ? '' : ` ${texts.draftOfOtherVersion}`;
    bar.querySelector('[data-draft-text]').textContent = texts.draftFound.replace('{s}', when) + other;
    bar.hidden = false;
    bar.querySelector('[data-draft-open]').addEventListener('click', async () => {
      bar.hidden = true;
      editor.base = kept.version;
      await modeler.importXML(kept.xml);
      showAll(modeler);
      modeler.get('eventBus').fire('commandStack.changed', {});
    });
    bar.querySelector('[data-draft-discard]').addEventListener('click', forget);
  }

  function read() {
    try {
      return JSON.parse(localStorage.getItem(key));
    } catch (error) {
      console.error(error);
      return null;
    }
  }

  return { offer, forget };
}
