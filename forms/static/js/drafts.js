// Sends what has been typed to the server after a pause: it is kept as a draft, and the server answers which
// questions are now asked and what the texts that depend on answers say.
const PAUSE = 900;

export function keepDrafts(form) {
  const status = form.querySelector('[data-draft-status]');
  let timer = 0;
  let running = false;
  let again = false;
  let last = fingerprint(form);

  form.addEventListener('input', schedule);
  form.addEventListener('change', schedule);
  form.addEventListener('submit', () => window.clearTimeout(timer));
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'hidden') {
      void send();
    }
  });

  function schedule(event) {
    window.clearTimeout(timer);
    const choice = event.type === 'change' && event.target.matches('select, [type="radio"], [type="checkbox"]');
    timer = window.setTimeout(send, choice ? 80 : PAUSE);
  }

  async function send() {
    window.clearTimeout(timer);
    const now = fingerprint(form);
    if (now === last) {
      return;
    }
    if (running) {
      again = true;
      return;
    }
    running = true;
    try {
      const response = await fetch(form.dataset.draft, {
        method: 'POST',
        body: new URLSearchParams(new FormData(form)),
        headers: { Accept: 'application/json' },
        keepalive: now.length < 60000,
      });
      const answer = await response.json();
      if (!response.ok) {
        throw new Error(answer.detail);
      }
      last = now;
      say(answer.saved, 'saved');
      redraw(form, answer);
      last = fingerprint(form);
    } catch (error) {
      say(`${form.dataset.draftFailed} ${error.message ?? ''}`.trim(), 'failed');
    } finally {
      running = false;
      if (again) {
        again = false;
        void send();
      }
    }
  }

  function say(text, state) {
    if (status) {
      status.textContent = text;
      status.dataset.state = state;
    }
  }
}

function fingerprint(form) {
  return new URLSearchParams(new FormData(form)).toString();
}

function redraw(form, { hidden = [], fragments = {} }) {
  const gone = new Set(hidden);
  for (const [name, html] of Object.entries(fragments)) {
    const box = find(form, name);
    if (box && !box.contains(document.activeElement) && box.dataset.html !== html) {
      box.dataset.html = html;
      box.innerHTML = html;
    }
  }
  for (const box of form.querySelectorAll('[data-box]')) {
    const isGone = gone.has(box.dataset.box);
    box.hidden = isGone;
  }
  for (const input of form.querySelectorAll('[data-box] :is(input, select, textarea):not([data-fixed])')) {
    input.disabled = input.closest('[data-box][hidden]') !== null;
  }
}

function find(form, name) {
  return form.querySelector(`[data-box="${CSS.escape(name)}"]`);
}
