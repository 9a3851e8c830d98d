/* Bytes as text: by their mark, then UTF-8 to the letter, then UTF-16 by its zeros, then GB18030 or Big5, whichever makes the
 * better Chinese. */
"use strict";

(function (E) {
  const SAMPLE = 65536;
  const MARKS = [[[0xef, 0xbb, 0xbf], "utf-8", "utf-8-sig"], [[0xff, 0xfe], "utf-16le", "utf-16"], [[0xfe, 0xff], "utf-16be", "utf-16"]];
  const TRADITIONAL = ["名稱", "企業名稱", "單位", "單位名稱", "項目名稱", "類別", "地址", "經度", "緯度", "座標", "座標系", "精度", "狀態", "來源", "簡介",
    "說明", "備註", "編號", "網址", "日期"];

  const text = (bytes, name, fatal = true) => new TextDecoder(name, { fatal, ignoreBOM: true }).decode(bytes);

  function strictly(bytes, name) {
    try {
      return text(bytes, name);
    } catch (_) {
      return null;
    }
  }

  function leniently(bytes, name, encoding) {
    const whole = strictly(bytes, name);
    return whole === null ? { text: text(bytes, name, false), encoding, broken: true } : { text: whole, encoding };
  }

  /* UTF-16 without a mark: its separators, digits and line ends have a zero for a high byte, always on the same side. */
  function wide(sample) {
    if (sample.length < 4 || (sample.length % 2 && sample.length < SAMPLE)) return "";
    let even = 0, odd = 0;
    sample.forEach((byte, at) => { if (!byte) { if (at % 2) odd++; else even++; } });
    if (even + odd < Math.max(2, Math.floor(sample.length / 100))) return "";
    if (odd > 8 * even) return "utf-16le";
    return even > 8 * odd ? "utf-16be" : "";
  }

  /* Leads of the double-byte characters of a text in its own encoding: in the table of common characters, or not. */
  function leads(bytes, encoding) {
    let common = 0, all = 0;
    for (let at = 0; at < bytes.length; at++) {
      const lead = bytes[at];
      if (lead < 0x80) continue;
      all++;
      const trail = bytes[++at];
      if (encoding === "gb18030") {
        if (trail >= 0x30 && trail <= 0x39) at += 2; // a character of four bytes
        else if (trail >= 0xa1 && ((lead >= 0xb0 && lead <= 0xd7) || lead === 0xa1 || lead === 0xa3)) common++;
      } else if (lead >= 0xa4 ? lead <= 0xc6 : lead === 0xa1 || lead === 0xa2) common++;
    }
    return { common, all };
  }

  function score(bytes, decoded, encoding) {
    const { common, all } = leads(bytes.subarray(0, SAMPLE), encoding);
    if (!all) return 0;
    const start = decoded.slice(0, SAMPLE);
    let rare = 0;
    for (const sign of start) {
      const point = sign.codePointAt(0);
      if ((point >= 0xe000 && point <= 0xf8ff) || point >= 0x20000 || (point >= 0x3400 && point <= 0x4dbf) || (point >= 0xff61 && point <= 0xff9f)) rare++;
    }
    const words = new Set(start.slice(0, 4096).split(/\r\n|[\r\n]/).slice(0, 5).flatMap((line) => line.split(/[,;\t|，；]/)).map(E.fold));
    const known = headerWords();
    const hits = Array.from(words).filter((word) => known.has(word)).length;
    return (common - 2 * rare) / all + Math.min(1, 0.5 * hits);
  }

  let words = null;
  function headerWords() {
    if (!words) {
      const headers = Object.values(E.rules.tables).flatMap((table) => table.columns.flatMap((column) => column.headers));
      // eslint-disable-next-line no-control-regex
      words = new Set([...headers.filter((one) => /[^\x00-\x7f]/.test(one)), ...TRADITIONAL].map(E.fold));
    }
    return words;
  }

  /** The text of a file: {text, encoding, close, broken}. */
  E.decode = function (bytes) {
    for (const [mark, name, encoding] of MARKS) {
      if (mark.every((byte, at) => bytes[at] === byte)) return leniently(bytes.subarray(mark.length), name, encoding);
    }
    const sample = bytes.subarray(0, SAMPLE), nul = sample.includes(0);
    const plain = strictly(bytes, "utf-8");
    if (!nul && plain !== null) return { text: plain, encoding: "utf-8" };
    const name = wide(sample);
    if (name) return leniently(bytes, name, name === "utf-16le" ? "utf-16-le" : "utf-16-be");
    if (plain !== null) return { text: plain, encoding: "utf-8" };
    const found = [["gb18030", "gb18030"], ["big5", "big5hkscs"]]
      .map(([one, encoding]) => ({ encoding, text: strictly(bytes, one) })).filter((one) => one.text !== null);
    if (!found.length) {
      const broken = (one) => one.text.split("\ufffd").length;
      return [["utf-8", "utf-8"], ["gb18030", "gb18030"], ["big5", "big5hkscs"]]
        .map(([one, encoding]) => ({ text: text(bytes, one, false), encoding, broken: true })).sort((a, b) => broken(a) - broken(b))[0];
    }
    if (found.length === 1) return found[0];
    found.forEach((one) => { one.score = score(bytes, one.text, one.encoding === "gb18030" ? "gb18030" : "big5"); });
    found.sort((a, b) => b.score - a.score);
    return { ...found[0], close: found[0].score - found[1].score < 0.15 ? found[1].encoding : "" };
  };
})(Entrance);
