// How the diagram lies on the canvas: everything visible, and nothing of it under the palette.
const MARGIN = 24;
const READABLE = 0.8;

export function showAll(modeler) {
  const canvas = modeler.get('canvas');
  canvas.resized();
  const { inner, outer } = canvas.viewbox();
  if (!inner.width || !outer.width) {
    return;
  }
  const palette = paletteSize(modeler, outer);
  const width = outer.width - palette.left - 2 * MARGIN;
  const height = outer.height - palette.top - 2 * MARGIN;
  const scale = Math.min(width / inner.width, height / inner.height, 1);
  canvas.viewbox({
    x: inner.x - (palette.left + MARGIN + (width - inner.width * scale) / 2) / scale,
    y: inner.y - (palette.top + MARGIN + (height - inner.height * scale) / 2) / scale,
    width: outer.width / scale,
    height: outer.height / scale
  });
}

// The palette stands at the left of a wide canvas and lies on top of a narrow one.
function paletteSize(modeler, outer) {
  const palette = modeler.get('canvas').getContainer().querySelector('.djs-palette');
  if (!palette) {
    return { left: 0, top: 0 };
  }
  const { offsetWidth, offsetHeight, offsetLeft } = palette;
  return offsetWidth > outer.width / 2
    ? { left: 0, top: offsetHeight }
    : { left: offsetLeft + offsetWidth, top: 0 };
}

// Brings an element into the middle, near enough to be read, and selects it.
export function goTo(modeler, element) {
  const canvas = modeler.get('canvas');
  const { outer, scale } = canvas.viewbox();
  const near = Math.max(scale, READABLE);
  const palette = paletteSize(modeler, outer);
  const { x, y } = middle(element);
  modeler.get('selection').select(element);
  canvas.getContainer().scrollIntoView({ block: 'nearest' });
  canvas.viewbox({
    x: x - (outer.width + palette.left) / 2 / near,
    y: y - (outer.height + palette.top) / 2 / near,
    width: outer.width / near,
    height: outer.height / near
  });
}

function middle({ x, y, width, height, waypoints }) {
  return waypoints ? waypoints[Math.floor(waypoints.length / 2)] : { x: x + width / 2, y: y + height / 2 };
}
