// A second click on the same button while the first is on its way does nothing; the server would refuse it anyway.
export function sendOnce(form) {
  let sending = false;
  form.addEventListener('submit', (event) => {
    if (sending) {
      event.preventDefault();
      return;
    }
    sending = true;
    const button = event.submitter;
    if (button) {
      button.setAttribute('aria-disabled', 'true');
    }
    // Coming back by the browser's back button must find the form alive.
    window.addEventListener('pageshow', () => {
      sending = false;
      button?.removeAttribute('aria-disabled');
    }, { once: true });
  });
}
