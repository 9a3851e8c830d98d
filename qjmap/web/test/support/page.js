/* As much of a browser and of Leaflet as the modules touch when they are loaded. */

const elements = new Map();

globalThis.window = globalThis;
globalThis.document = {
  readyState: "complete",
  documentElement: { dataset: {} },
  addEventListener() {},
  querySelectorAll: () => [],
  getElementById: (id) => elements.get(id) || null,
};

/** Puts an element with a text into the document. */
export function put(id, textContent) {
  const element = { id, textContent };
  elements.set(id, element);
  return element;
}

/* As Leaflet's classes do, it makes options of its own. */
class Renderer {
  constructor(options) { this.options = { ...options }; }
  onAdd() {}
  onRemove() {}
  getEvents() { return {}; }
}

class Point {
  constructor(x, y) {
    this.x = x;
    this.y = y;
  }
}

globalThis.L = {
  Renderer,
  setOptions(object, options) { object.options = { ...object.options, ...options }; },
  point: (x, y) => new Point(x, y),
  Bounds: class {
    constructor(min, max) {
      this.min = min;
      this.max = max;
    }
  },
};
