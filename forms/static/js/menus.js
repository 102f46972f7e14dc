// The person's menu closes on Escape and when something else is clicked.
export function closeOnEscape(root) {
  for (const menu of root.querySelectorAll('details.who')) {
    root.addEventListener('keydown', (event) => {
      if (event.key === 'Escape' && menu.open) {
        menu.open = false;
        menu.querySelector('summary').focus();
      }
    });
    root.addEventListener('click', (event) => {
      if (menu.open && !menu.contains(event.target)) {
        menu.open = false;
      }
    });
  }
}
