// The buttons above the canvas: undo, redo, zoom, fold the panel, take the file home or bring one in.
import { showAll } from './view.js';

export function prepareToolbar(editor) {
  const { modeler, page, settings, texts } = editor;
  const stack = modeler.get('commandStack');
  const canvas = modeler.get('canvas');
  const zoom = modeler.get('zoomScroll');
  const button = (name) => page.querySelector(`[data-action="${name}"]`);

  const refresh = () => {
    button('undo').disabled = !stack.canUndo();
    button('redo').disabled = !stack.canRedo();
  };
  modeler.on(['commandStack.changed', 'import.done'], refresh);
  refresh();

  button('undo').addEventListener('click', () => stack.undo());
  button('redo').addEventListener('click', () => stack.redo());
  button('zoom-in').addEventListener('click', () => zoom.stepZoom(1));
  button('zoom-out').addEventListener('click', () => zoom.stepZoom(-1));
  button('fit').addEventListener('click', () => showAll(modeler));
  button('panel').addEventListener('click', (event) => {
    const hidden = page.classList.toggle('editor--wide');
    event.currentTarget.setAttribute('aria-expanded', String(!hidden));
    canvas.resized();
  });
  const search = () => modeler.get('searchPad').toggle();
  button('search').addEventListener('click', search);
  // The search field takes the release of Enter for its own: it opens when the key has come up.
  button('search').addEventListener('keydown', (event) => event.key === 'Enter' && event.preventDefault());
  button('search').addEventListener('keyup', (event) => event.key === 'Enter' && search());
  button('download').addEventListener('click', async () => {
    const { xml } = await modeler.saveXML({ format: true });
    const link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob([xml], { type: 'application/xml' }));
    link.download = settings.fileName;
    link.click();
    URL.revokeObjectURL(link.href);
  });
  const file = page.querySelector('[data-upload]');
  button('upload').addEventListener('click', () => file.click());
  file.addEventListener('change', async () => {
    const [chosen] = file.files;
    file.value = '';
    if (chosen) {
      await bringIn(editor, await chosen.text());
    }
  });

  async function bringIn(editor, xml) {
    const { xml: before } = await modeler.saveXML({ format: true });
    try {
      await modeler.importXML(xml);
      showAll(modeler);
      modeler.get('eventBus').fire('commandStack.changed', {});
    } catch (error) {
      console.warn(error);
      await modeler.importXML(before);
      page.querySelector('[data-status]').textContent = texts.notADiagram;
    }
  }
}
