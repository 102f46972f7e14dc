// Shows diagrams with tokens wherever a page has a [data-diagram] element; the page carries the same facts as a table.
import NavigatedViewer from 'bpmn-js/lib/NavigatedViewer';
import 'bpmn-js/dist/assets/diagram-js.css';
import 'bpmn-js/dist/assets/bpmn-js.css';
import './viewer.css';

for (const container of document.querySelectorAll('[data-diagram]')) {
  // A diagram in a closed <details> is drawn when it is opened: a hidden canvas has no size to fit into.
  const folded = container.closest('details:not([open])');
  if (folded) {
    folded.addEventListener('toggle', () => show(container), { once: true });
  } else {
    show(container);
  }
}

async function show(container) {
  try {
    const response = await fetch(container.dataset.diagram, { headers: { Accept: 'application/json' } });
    if (!response.ok) {
      throw new Error(String(response.status));
    }
    const { xml, tokens = [] } = await response.json();
    container.replaceChildren();
    container.dataset.drawn = '';
    const viewer = new NavigatedViewer({ container });
    await viewer.importXML(xml);
    const canvas = viewer.get('canvas');
    fit(canvas);
    new ResizeObserver(() => {
      canvas.resized();
      fit(canvas);
    }).observe(container);
    mark(viewer, canvas, tokens);
    container.dispatchEvent(new CustomEvent('diagram:drawn', { bubbles: true }));
  } catch (error) {
    delete container.dataset.drawn;
    container.textContent = container.dataset.failed || 'Diagrammet kunde inte visas.';
    console.error(error);
  }
}

function fit(canvas) {
  canvas.zoom('fit-viewport', 'auto');
}

function mark(viewer, canvas, tokens) {
  const registry = viewer.get('elementRegistry');
  const overlays = viewer.get('overlays');
  for (const { element, kind = 'active', label = '' } of tokens) {
    if (!registry.get(element)) {
      continue;
    }
    canvas.addMarker(element, `token-${kind}`);
    if (label) {
      const badge = document.createElement('span');
      badge.className = `token-badge token-badge--${kind}`;
      badge.textContent = label;
      overlays.add(element, { position: { top: -10, left: -10 }, html: badge });
    }
  }
}
