import js from "@eslint/js";
import globals from "globals";

export default [
  { ignores: ["dist/", "node_modules/"] },
  js.configs.recommended,
  {
    languageOptions: { ecmaVersion: 2022, sourceType: "module" },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      "eqeqeq": "error",
      "no-control-regex": "off", // what a table may hold besides text is looked for on purpose
      "no-var": "error",
      "prefer-const": ["error", { destructuring: "all" }],
      "no-unused-vars": ["error", { args: "after-used", argsIgnorePattern: "^_", caughtErrors: "none" }],
      "complexity": ["error", 20],
      "max-lines-per-function": ["error", { max: 60, skipBlankLines: true, skipComments: true }],
    },
  },
  { files: ["src/**/*.js"], languageOptions: { globals: { ...globals.browser, L: "readonly" } } },
  { files: ["src/editor/*.js"], languageOptions: { globals: { QJMap: "readonly" } } },
  { files: ["src/**/*.worker.js", "src/import-worker/**/*.js"], languageOptions: { globals: { ...globals.worker } } },
  { files: ["*.js", "*.mjs", "test/**/*.js"], languageOptions: { globals: { ...globals.node, L: "readonly" } }, rules: { "max-lines-per-function": "off" } },
];
