// Keeps unpublished work in the browser, so that a closed tab or an expired session loses nothing.
export function keepDraft(editor) {
  const { modeler, page, settings, texts } = editor;
  const key = `stegvis-draft:${settings.processId}`;
  const bar = document.querySelector('[data-draft]');
  let changed = false;
  let timer;

  modeler.on('commandStack.changed', () => {
    changed = true;
    clearTimeout(timer);
    timer = setTimeout(save, 500);
  });
  window.addEventListener('beforeunload', (event) => {
    if (changed) {
      event.preventDefault();
    }
  });

  async function save() {
    const { xml } = await modeler.saveXML({ format: true });
    try {
      localStorage.setItem(key, JSON.stringify({ xml, version: settings.version, at: new Date().toISOString() }));
    } catch (error) {
      page.querySelector('[data-status]').textContent = texts.draftNotKept;
      console.error(error);
    }
  }

  function forget() {
    clearTimeout(timer);
    changed = false;
    localStorage.removeItem(key);
    bar.hidden = true;
  }

  // Offers the work of an earlier visit; the diagram that is published stays on the canvas until it is asked for.
  async function offer() {
    const kept = read();
    if (!kept || kept.xml === editor.published) {
      return;
    }
    const when = new Date(kept.at).toLocaleString(settings.language === 'sv' ? 'sv-SE' : 'en-GB');
    const other = kept.version === settings.version ? '' : ` ${texts.draftOfOtherVersion}`;
    bar.querySelector('[data-draft-text]').textContent = texts.draftFound.replace('{s}', when) + other;
    bar.hidden = false;
    bar.querySelector('[data-draft-open]').addEventListener('click', async () => {
      bar.hidden = true;
      await modeler.importXML(kept.xml);
      modeler.get('canvas').zoom('fit-viewport', 'auto');
      changed = true;
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

  return { offer, forget, isChanged: () => changed };
}
