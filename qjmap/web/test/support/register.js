/* Lets node load the modules of src/: `worker:` imports are empty texts, and a page that has been read stands around them. */

import { register } from "node:module";

import "./page.js";

const hooks = `
export const resolve = (specifier, context, next) =>
  specifier.startsWith("worker:") ? { url: "data:text/javascript,export default ''", shortCircuit: true } : next(specifier, context);
`;
register("data:text/javascript," + encodeURIComponent(hooks));
