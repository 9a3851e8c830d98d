/* Drawing in another palette than the screen's. */

/**
 * Calls `draw` while layers have a theme, and gives them back the one of the page.
 *
 * @template T
 * @param {Layer[]} layers
 * @param {string} theme
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
