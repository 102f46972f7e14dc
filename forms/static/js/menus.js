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

// On narrow screens a room's menu is wider than the page: its current page is brought into sight.
export function showCurrent(root) {
  const list = root.querySelector('.room-menu .tabs');
  const current = list?.querySelector('[aria-current]');
  if (current) {
    list.scrollLeft = current.offsetLeft - (list.clientWidth - current.offsetWidth) / 2;
  }
}
