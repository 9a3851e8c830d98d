/* Restores the vertices of rings that share edges; a block stores shared edges once, see qjmap/frames/shared_edges.py. */

/**
 * Replaces the columns x and y of a block by the vertices of all parts, if the block stores shared runs of vertices once. Its columns are then
 * `runs` (number of runs of each part), `of` (0 for a stored run, k + 1 for a copy of run k, -(k + 1) for a reversed copy) and `lengths`.
 *
 * @param {Block} block
 */
export function expandRuns(block) {
  if (!block.has("runs")) return;
  const counts = block.raw("runs"), of = block.raw("of"), lengths = Uint32Array.from(block.raw("lengths"));
  const begin = new Uint32Array(of.length), end = new Uint32Array(of.length); // index of each run's first vertex, and of the one after its last
  let total = 0, run = 0, at = 0, kept = 0;
  for (const size of block.raw("sizes")) total += size;
  const from = new Uint32Array(total); // for each vertex the index of the stored vertex at the same position
  for (const count of counts) {
    const head = run;
    for (const last = run + count; run < last; run++) {
      const source = Math.abs(of[run]) - 1, length = of[run] ? lengths[source] : lengths[run];
      begin[run] = at;
      lengths[run] = length;
      for (let i = 0; i < length; i++, at++) {
        from[at] = !of[run] ? kept++ : of[run] > 0 ? from[begin[source] + i] : from[i ? begin[source] + length - i : end[source]];
      }
    }
    for (let one = head; one < run; one++) end[one] = one + 1 < run ? begin[one + 1] : begin[head];
  }
  for (const name of ["x", "y"]) {
    const values = block.raw(name);
    block._raw.set(name, Int32Array.from(from, (index) => values[index]));
  }
  for (const name of ["runs", "of", "lengths"]) block._raw.delete(name);
}
