// Asks the server's `check` after each pause in drawing and shows what it finds on the canvas and in the list.
import { send } from './server.js';
import { goTo } from './view.js';

const PAUSE = 400;

export function watchFindings(editor) {
  const { modeler, page, settings, texts } = editor;
  const list = page.querySelector('[data-findings]');
  const summary = page.querySelector('[data-findings-summary]');
  const canvas = modeler.get('canvas');
  const overlays = modeler.get('overlays');
  const registry = modeler.get('elementRegistry');
  const state = { errors: 0, warnings: 0, known: false };
  const listeners = [];
  let marked = [];
  let timer;
  let asked = 0;

  modeler.on('commandStack.changed', () => {
    state.known = false;
    tell();
    clearTimeout(timer);
    timer = setTimeout(check, PAUSE);
  });

  async function check() {
    clearTimeout(timer);
    const turn = ++asked;
    try {
      const { xml } = await modeler.saveXML({ format: true });
      const answer = await send(settings, settings.checkUrl, 'application/xml', xml);
      if (turn === asked) {
        show(answer.findings);
      }
    } catch (error) {
      if (turn === asked) {
        summary.textContent = error.message || texts.notChecked;
        console.warn(error);
      }
    }
  }

  function show(findings) {
    clear();
    for (const [element, group] of byElement(findings)) {
      mark(element, group);
    }
    list.replaceChildren(...findings.map(row));
    state.errors = findings.filter(({ severity }) => severity === 'error').length;
    state.warnings = findings.length - state.errors;
    state.known = true;
    summary.textContent = findings.length
      ? texts.found.replace('{e}', state.errors).replace('{w}', state.warnings)
      : texts.clean;
    page.dataset.errors = String(state.errors);
    tell();
  }

  function clear() {
    overlays.remove({ type: 'finding' });
    for (const [element, marker] of marked) {
      if (registry.get(element)) {
        canvas.removeMarker(element, marker);
      }
    }
    marked = [];
  }

  function mark(element, group) {
    if (!registry.get(element)) {
      return;
    }
    const severity = group.some((finding) => finding.severity === 'error') ? 'error' : 'warning';
    const badge = document.createElement('span');
    badge.className = `finding-badge finding-badge--${severity}`;
    badge.title = group.map(({ message }) => message).join('\n');
    badge.textContent = String(group.length);
    overlays.add(element, 'finding', { position: { bottom: 12, right: 12 }, html: badge });
    canvas.addMarker(element, `finding-${severity}`);
    marked.push([element, `finding-${severity}`]);
  }

  function row(finding) {
    const item = document.createElement('li');
    item.className = `finding finding--${finding.severity}`;
    const known = finding.element && registry.get(finding.element);
    const place = document.createElement(known ? 'button' : 'span');
    place.className = 'finding__place';
    place.textContent = finding.name || finding.element || texts.wholeDiagram;
    if (known) {
      place.type = 'button';
      place.addEventListener('click', () => {
        goTo(modeler, registry.get(finding.element));
      });
    }
    const kind = document.createElement('strong');
    kind.textContent = finding.severity === 'error' ? texts.error : texts.warning;
    const message = document.createElement('span');
    message.textContent = finding.message;
    const remedy = document.createElement('span');
    remedy.className = 'finding__remedy';
    remedy.textContent = finding.remedy || '';
    item.append(kind, ' ', place, ' ', message, ' ', remedy);
    return item;
  }

  function tell() {
    for (const listener of listeners) {
      listener(state);
    }
  }

  return {
    check,
    show,
    state,
    onChange(listener) {
      listeners.push(listener);
      listener(state);
    }
  };
}

function byElement(findings) {
  const groups = new Map();
  for (const finding of findings) {
    if (finding.element) {
      groups.set(finding.element, [...(groups.get(finding.element) || []), finding]);
    }
  }
  return groups;
}
