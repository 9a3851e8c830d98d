/* Draws layers in another theme than the page has, for pictures and files. */

/**
 * Sets the theme of layers, calls `draw`, and restores the theme of the page. Returns what `draw` returns.
 *
 * @template T
 * @param {Layer[]} layers
 * @param {string} theme "light", "dark" or "print"
 * @param {() => T} draw
 * @returns {T}
 */
export function withTheme(layers, theme, draw) {
  const now = document.documentElement.dataset.theme || "light";
  if (now === theme) return draw();
  layers.forEach((layer) => layer.setTheme(theme));
  try {
    return draw();
  } finally {
    layers.forEach((layer) => layer.setTheme(now));
  }
}
