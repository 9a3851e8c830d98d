/* A drawing context with the interface of a canvas context that writes SVG, so that a picture of the layers is sharp at any size and can be
 * edited. It has the part of the interface that the layers use. */

import { escapeXml } from "./escape-xml.js";

/** Formats a number with at most two decimals. @param {number} value */
const short = (value) => String(Math.round(value * 100) / 100);
const FULL = 2 * Math.PI - 1e-6; // radians from which an arc is a whole circle
/** @type {Record<string, number>} textBaseline -> shift of the alphabetic baseline in em */
const BASELINES = { middle: 0.36, top: 0.88, hanging: 0.8, bottom: -0.12 };
/** @type {Record<string, string>} textAlign -> text-anchor */
const ANCHOR = { left: "start", start: "start", center: "middle", right: "end", end: "end" };
/** @type {Ctx | null} */
let ruler = null; // canvas context for measuring texts, made on first use
/** Properties of a context and their initial values; `save` keeps them. */
const START = {
  fillStyle: "#000000", strokeStyle: "#000000", lineWidth: 1, lineCap: "butt", lineJoin: "miter", globalAlpha: 1,
  font: "10px sans-serif", textAlign: "start", textBaseline: "alphabetic", letterSpacing: "0px",
  lineDashOffset: 0,
};

const SVG = "http://www.w3.org/2000/svg";
/** Returns the attributes that are not undefined, as [name, value]. @param {Record<string, unknown>} attributes */
const definedIn = (attributes) => Object.entries(attributes).filter(([, value]) => value !== undefined);

/** @typedef {[name: string, attributes: Record<string, unknown>, inner?: string | Drawn[]]} Drawn An SVG element, with a text or child elements. */

/**
 * Returns an element as SVG text.
 *
 * @param {Drawn} drawn
 * @returns {string}
 */
function toText([name, attributes, inner = ""]) {
  const body = Array.isArray(inner) ? inner.map((part) => "\n" + toText(part)).join("") : escapeXml(inner);
  return `<${name}${definedIn(attributes).map(([key, value]) => ` ${key}="${escapeXml(value)}"`).join("")}${body ? `>${body}</${name}>` : "/>"}`;
}

/**
 * Returns an element as a node of the document.
 *
 * @param {Drawn} drawn
 * @returns {Element}
 */
function toElement([name, attributes, inner = ""]) {
  const node = document.createElementNS(SVG, name);
  for (const [key, value] of definedIn(attributes)) if (key !== "xml:space") node.setAttribute(key, String(value));
  if (Array.isArray(inner)) node.append(...inner.map(toElement)); else node.textContent = inner;
  return node;
}

/**
 * Records the operations of CanvasRenderingContext2D as SVG elements. Methods without a comment of their own do what their namesakes in the
 * canvas do.
 */
export class SvgContext {
  /**
   * `name` is the prefix of the ids of clip paths, which must be unique in the document.
   *
   * @param {number} width px
   * @param {number} height px
   */
  constructor(width, height, name = "c") {
    this.fillStyle = START.fillStyle;
    this.strokeStyle = START.strokeStyle;
    this.lineWidth = START.lineWidth;
    this.lineCap = START.lineCap;
    this.lineJoin = START.lineJoin;
    this.globalAlpha = START.globalAlpha;
    this.font = START.font;
    this.textAlign = START.textAlign;
    this.textBaseline = START.textBaseline;
    this.letterSpacing = START.letterSpacing;
    this.lineDashOffset = START.lineDashOffset;
    this.name = name;
    this.width = width;
    this.height = height;
    this._matrix = [1, 0, 0, 1, 0, 0];
    /** @type {number[]} */
    this._dash = [];
    /** @type {string | undefined} reference to the clip path, "url(#c1)" */
    this._clip = undefined;
    /** @type {{ style: object, matrix: number[], dash: number[], clip: string | undefined }[]} */
    this._states = [];
    this._path = "";
    /** @type {Drawn[]} elements drawn so far */
    this._out = [];
    /** @type {Drawn[]} clip paths */
    this._defs = [];
  }

  get _ruler() { return (ruler = ruler || /** @type {Ctx} */ (document.createElement("canvas").getContext("2d"))); }

  /** Returns this context, typed as a canvas context. */
  asCanvas() { return /** @type {Ctx} */ (/** @type {unknown} */ (this)); }

  save() {
    const style = Object.fromEntries(Object.keys(START).map((key) => [key, this[/** @type {keyof SvgContext} */ (key)]]));
    this._states.push({ style, matrix: this._matrix, dash: this._dash, clip: this._clip });
  }

  restore() {
    const state = this._states.pop();
    if (!state) return;
    Object.assign(this, state.style);
    this._matrix = state.matrix;
    this._dash = state.dash;
    this._clip = state.clip;
  }

  /**
   * Replaces the transform.
   *
   * @param {number} a
   * @param {number} b
   * @param {number} c
   * @param {number} d
   * @param {number} e
   * @param {number} f
   */
  setTransform(a, b, c, d, e, f) { this._matrix = [a, b, c, d, e, f]; }
  /**
   * Applies another transform before the present one.
   *
   * @param {number} a
   * @param {number} b
   * @param {number} c
   * @param {number} d
   * @param {number} e
   * @param {number} f
   */
  transform(a, b, c, d, e, f) {
    const [A, B, C, D, E, F] = this._matrix;
    this._matrix = [A * a + C * b, B * a + D * b, A * c + C * d, B * c + D * d, A * e + C * f + E, B * e + D * f + F];
  }
  /**
   * Moves the origin.
   *
   * @param {number} x
   * @param {number} y
   */
  translate(x, y) { this.transform(1, 0, 0, 1, x, y); }
  /**
   * Scales both axes.
   *
   * @param {number} x
   * @param {number} y
   */
  scale(x, y) { this.transform(x, 0, 0, y, 0, 0); }
  /** Rotates about the origin. @param {number} angle radians */
  rotate(angle) { this.transform(Math.cos(angle), Math.sin(angle), -Math.sin(angle), Math.cos(angle), 0, 0); }
  getTransform() { const [a, b, c, d, e, f] = this._matrix; return { a, b, c, d, e, f }; }
  /** Factor by which the transform scales lengths. */
  get _scale() { const [a, b, c, d] = this._matrix; return Math.sqrt(Math.abs(a * d - b * c)); }
  /** Transforms a point; returns it as "x y". @param {number} x @param {number} y */
  _point(x, y) {
    const [a, b, c, d, e, f] = this._matrix;
    return short(a * x + c * y + e) + " " + short(b * x + d * y + f);
  }

  beginPath() { this._path = ""; }
  /**
   * Begins a new part of the path.
   *
   * @param {number} x
   * @param {number} y
   */
  moveTo(x, y) { this._path += "M" + this._point(x, y); }
  /**
   * Adds a segment to the path.
   *
   * @param {number} x
   * @param {number} y
   */
  lineTo(x, y) { this._path += (this._path ? "L" : "M") + this._point(x, y); }
  closePath() { if (this._path) this._path += "Z"; }
  /**
   * Adds a quadratic Bézier curve with a control point to the path.
   *
   * @param {number} cx
   * @param {number} cy
   * @param {number} x
   * @param {number} y
   */
  quadraticCurveTo(cx, cy, x, y) { this._path += `Q${this._point(cx, cy)} ${this._point(x, y)}`; }
  /**
   * Adds a cubic Bézier curve with two control points to the path.
   *
   * @param {number} ax
   * @param {number} ay
   * @param {number} bx
   * @param {number} by
   * @param {number} x
   * @param {number} y
   */
  bezierCurveTo(ax, ay, bx, by, x, y) { this._path += `C${this._point(ax, ay)} ${this._point(bx, by)} ${this._point(x, y)}`; }

  /**
   * Adds an arc of a circle. The transform must scale equally in both directions, as all transforms of the layers do.
   *
   * @param {number} x
   * @param {number} y
   * @param {number} radius
   * @param {number} from
   * @param {number} to
   * @param {boolean} [back]
   */
  arc(x, y, radius, from, to, back) {
    /** Returns the transformed point of the circle at an angle. @param {number} angle */
    const at = (angle) => this._point(x + radius * Math.cos(angle), y + radius * Math.sin(angle));
    const r = short(radius * this._scale);
    this._path += (this._path && !this._path.endsWith("Z") ? "L" : "M") + at(from);
    let sweep = back ? from - to : to - from;
    if (sweep < 0 && sweep > -FULL) sweep += 2 * Math.PI;
    sweep = Math.min(Math.abs(sweep), 2 * Math.PI);
    const way = back ? -1 : 1, steps = sweep >= FULL ? 2 : 1;
    for (let k = 1; k <= steps; k++) {
      const large = steps === 1 && sweep > Math.PI ? 1 : 0;
      this._path += `A${r} ${r} 0 ${large} ${back ? 0 : 1} ${at(from + (way * sweep * k) / steps)}`;
    }
  }

  /**
   * Adds a rectangle to the path.
   *
   * @param {number} x
   * @param {number} y
   * @param {number} w
   * @param {number} h
   */
  rect(x, y, w, h) {
    this.moveTo(x, y);
    this.lineTo(x + w, y);
    this.lineTo(x + w, y + h);
    this.lineTo(x, y + h);
    this.closePath();
  }

  /* Returns the opacity and clip path of an element; undefined attributes are not written. */
  _common() { return { opacity: this.globalAlpha < 1 ? short(this.globalAlpha) : undefined, "clip-path": this._clip }; }
  /* Returns the attributes of a stroke; lengths are scaled, because the points of paths are transformed already. */
  _lines() {
    const k = this._scale;
    return {
      stroke: this.strokeStyle, "stroke-width": short(this.lineWidth * k), // Always written: a style sheet around the drawing may say otherwise.
      "stroke-linejoin": this.lineJoin, "stroke-linecap": this.lineCap,
      "stroke-dasharray": this._dash.length ? this._dash.map((length) => short(length * k)).join(" ") : undefined,
      "stroke-dashoffset": this._dash.length && this.lineDashOffset ? short(this.lineDashOffset * k) : undefined,
    };
  }

  /** Sets the lengths of dashes and gaps; [] for a solid line. @param {number[]} dash */
  setLineDash(dash) { this._dash = dash.slice(); }
  getLineDash() { return this._dash.slice(); }

  /** Fills the path. @param {string} [rule] "evenodd", else "nonzero" */
  fill(rule) {
    if (!this._path) return;
    this._out.push(["path", { d: this._path, fill: this.fillStyle, "fill-rule": rule === "evenodd" ? rule : undefined, ...this._common() }]);
  }

  stroke() { if (this._path) this._out.push(["path", { d: this._path, fill: "none", ...this._lines(), ...this._common() }]); }

  clip() {
    const id = this.name + (this._defs.length + 1);
    this._defs.push(["clipPath", { id, "clip-path": this._clip }, [["path", { d: this._path }]]]);
    this._clip = `url(#${id})`;
  }

  /** Traces and paints another path, then restores the current one. @param {() => void} trace @param {() => void} paint */
  _aside(trace, paint) {
    const path = this._path;
    this.beginPath();
    trace();
    paint();
    this._path = path;
  }
  /**
   * Fills a rectangle.
   *
   * @param {number} x
   * @param {number} y
   * @param {number} w
   * @param {number} h
   */
  fillRect(x, y, w, h) { this._aside(() => this.rect(x, y, w, h), () => this.fill()); }
  /**
   * Strokes a rectangle.
   *
   * @param {number} x
   * @param {number} y
   * @param {number} w
   * @param {number} h
   */
  strokeRect(x, y, w, h) { this._aside(() => this.rect(x, y, w, h), () => this.stroke()); }
  /* Does nothing: a drawing is empty at first. */
  clearRect() {}

  /** Measures a text in the present font, on a canvas. @param {string} text */
  measureText(text) {
    this._ruler.font = this.font;
    if ("letterSpacing" in this._ruler) this._ruler.letterSpacing = this.letterSpacing;
    return this._ruler.measureText(text);
  }

  /**
   * Adds a text element.
   *
   * @param {string} text
   * @param {number} x
   * @param {number} y
   * @param {Record<string, unknown>} paint its attributes of fill and stroke
   */
  _text(text, x, y, paint) {
    const [, italic, weight, size, family] = /^(italic )?(?:(\d+|bold) )?([\d.]+)px(?:\/\S+)? (.*)$/.exec(this.font) || [null, "", "", "10", "sans-serif"];
    // The baseline is computed here, because programs that open SVG treat dominant-baseline differently.
    const down = BASELINES[this.textBaseline] || 0;
    const [a, b, c, d] = this._matrix, [e, f] = this._point(x, y + down * Number(size)).split(" ");
    const upright = a === 1 && b === 0 && c === 0 && d === 1, anchor = ANCHOR[this.textAlign];
    this._out.push(["text", {
      ...(upright ? { x: e, y: f } : { transform: `matrix(${[a, b, c, d].map((v) => Math.round(v * 1e4) / 1e4).join(" ")} ${e} ${f})` }),
      "font-family": family.replaceAll('"', "'"), "font-size": size, "font-weight": weight && weight !== "400" ? weight : undefined,
      "font-style": italic ? "italic" : undefined, "text-anchor": anchor === "start" ? undefined : anchor,
      "letter-spacing": parseFloat(this.letterSpacing) ? this.letterSpacing : undefined, ...paint, ...this._common(), "xml:space": "preserve",
    }, text]);
  }
  /**
   * Writes a filled text.
   *
   * @param {string} text
   * @param {number} x
   * @param {number} y
   */
  fillText(text, x, y) { this._text(text, x, y, { fill: this.fillStyle }); }
  /**
   * Writes the outline of a text.
   *
   * @param {string} text
   * @param {number} x
   * @param {number} y
   */
  strokeText(text, x, y) {
    // The line width is not scaled here (as in `_lines`), because the transform of the text element scales its outline too.
    this._text(text, x, y, { fill: "none", stroke: this.strokeStyle, "stroke-width": short(this._scale ? this.lineWidth : 0), "stroke-linejoin": "round" });
  }

  get _frame() { return { width: this.width, height: this.height, viewBox: `0 0 ${this.width} ${this.height}` }; }

  /**
   * Returns the whole drawing as the text of an SVG file.
   *
   * @param {string} title
   */
  text(title) {
    /** @type {Drawn[]} */
    const parts = [["title", {}, title], ["defs", {}, this._defs], ...this._out];
    return `<?xml version="1.0" encoding="UTF-8"?>\n${toText(["svg", { xmlns: SVG, ...this._frame }, parts])}\n`;
  }

  /** Returns the whole drawing as an element of this document. */
  element() {
    /** @type {Drawn[]} */
    const defs = this._defs.length ? [["defs", {}, this._defs]] : [];
    return toElement(["svg", this._frame, [...defs, ...this._out]]);
  }
}
