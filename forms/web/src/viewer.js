// Shows diagrams with tokens wherever a page has a [data-diagram] element; the page carries the same facts as a table.
import NavigatedViewer from 'bpmn-js/lib/NavigatedViewer';
import 'bpmn-js/dist/assets/diagram-js.css';
import 'bpmn-js/dist/assets/bpmn-js.css';
import './viewer.css';

const WORDS = {
  sv: { closer: 'Zooma in', away: 'Zooma ut', all: 'Visa allt' },
  en: { closer: 'Zoom in', away: 'Zoom out', all: 'Show all' }
};
const MARGIN = 12;
const BAR = 36;
const NARROW = 600;
const READABLE = 0.7;

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
    const { xml } = await response.json();
    const tokens = JSON.parse(container.dataset.tokens || '[]'); // the page says them: only the drawing is fetched
    container.replaceChildren();
    container.dataset.drawn = '';
    const most = container.clientHeight;
    // The wheel scrolls the page: a diagram in the middle of it must not catch it.
    const viewer = new NavigatedViewer({ container, zoomScroll: { enabled: false } });
    await viewer.importXML(xml);
    mark(viewer, tokens);
    const isPreview = container.closest('.process-card') !== null;
    const bar = isPreview ? 0 : BAR;
    const look = () => {
      if (!isPreview) {
        lower(container, viewer.get('canvas'), most);
      }
      fit(viewer.get('canvas'), bar);
      stepCloser(viewer, tokens);
    };
    look();
    if (!isPreview) {
      addButtons(container, viewer);
    }
    onNewWidth(container, look);
    container.dispatchEvent(new CustomEvent('diagram:drawn', { bubbles: true }));
  } catch (error) {
    delete container.dataset.drawn;
    container.textContent = container.dataset.failed || 'Diagrammet kunde inte visas.';
    console.error(error);
  }
}

function onNewWidth(container, listener) {
  let width = container.clientWidth;
  new ResizeObserver(() => {
    if (container.clientWidth && container.clientWidth !== width) {
      width = container.clientWidth;
      listener();
    }
  }).observe(container);
}

// A flat diagram needs no high box.
function lower(container, canvas, most) {
  const { inner } = canvas.viewbox();
  const scale = Math.min((container.clientWidth - 2 * MARGIN) / inner.width, 1);
  const wanted = Math.max(inner.height * scale + 2 * MARGIN + BAR, 160);
  if (wanted < most && container.clientWidth >= NARROW) {
    container.style.height = `${Math.round(wanted)}px`;
  } else {
    container.style.removeProperty('height');
  }
}

// `bar`: how much of the upper edge the buttons need, in pixels.
function fit(canvas, bar) {
  canvas.resized();
  const { inner, outer } = canvas.viewbox();
  const scale = Math.min((outer.width - 2 * MARGIN) / inner.width, (outer.height - bar - 2 * MARGIN) / inner.height, 1);
  const [width, height] = [outer.width / scale, outer.height / scale];
  canvas.viewbox({
    x: inner.x - (width - inner.width) / 2,
    y: inner.y - (height + bar / scale - inner.height) / 2,
    width,
    height
  });
}

// On a narrow screen the whole is too small to read: begin where the case stands.
function stepCloser(viewer, tokens) {
  const canvas = viewer.get('canvas');
  const place = tokens.map(({ element }) => viewer.get('elementRegistry').get(element)).find(Boolean);
  const { outer, scale } = canvas.viewbox();
  if (place && outer.width < NARROW && scale < READABLE) {
    const [width, height] = [outer.width / READABLE, outer.height / READABLE];
    canvas.viewbox({
      x: place.x + place.width / 2 - width / 2,
      y: place.y + place.height / 2 - height / 2,
      width,
      height
    });
  }
}

function addButtons(container, viewer) {
  const words = WORDS[document.documentElement.lang] ?? WORDS.sv;
  const bar = document.createElement('div');
  bar.className = 'diagram-buttons';
  const steps = viewer.get('zoomScroll');
  for (const [text, label, press] of [
    ['−', words.away, () => steps.stepZoom(-1)],
    ['+', words.closer, () => steps.stepZoom(1)],
    [words.all, '', () => fit(viewer.get('canvas'), BAR)]
  ]) {
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'button button-quiet button-small';
    button.textContent = text;
    if (label) {
      button.setAttribute('aria-label', label);
    }
    button.addEventListener('click', press);
    bar.append(button);
  }
  container.append(bar);
}

function mark(viewer, tokens) {
  const registry = viewer.get('elementRegistry');
  const overlays = viewer.get('overlays');
  for (const { element, kind = 'active', label = '' } of tokens) {
    if (!registry.get(element)) {
      continue;
    }
    viewer.get('canvas').addMarker(element, `token-${kind}`);
    if (label) {
      const badge = document.createElement('span');
      badge.className = `token-badge token-badge--${kind}`;
      badge.textContent = label;
      overlays.add(element, { position: { top: -10, left: -10 }, html: badge });
    }
  }
}
