// A page that comes back with errors begins at their summary; its links put the focus into the question.
export function focusErrors(root) {
  const summary = root.querySelector('[data-error-summary]');
  if (!summary) {
    return;
  }
  summary.focus();
  summary.addEventListener('click', (event) => {
    const link = event.target.closest('a[href^="#"]');
    const target = link && root.getElementById(decodeURIComponent(link.hash.slice(1)));
    if (!target) {
      return;
    }
    event.preventDefault();
    (target.closest('.question-box') ?? target).scrollIntoView({ block: 'start' });
    target.focus({ preventScroll: true });
  });
}
