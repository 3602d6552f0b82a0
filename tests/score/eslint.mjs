// eslint with the two plugins that look for listeners and timers; prints [{path, line}] as JSON.
// ESLINT_HOME is a directory where eslint, typescript-eslint and the plugins are installed.
import { createRequire } from "node:module";
import path from "node:path";

const require = createRequire(path.join(process.env.ESLINT_HOME, "package.json"));
const { ESLint } = require("eslint");
const parser = require("typescript-eslint").parser;
const listeners = require("eslint-plugin-listeners");
const timers = require("eslint-plugin-clean-timer");

const eslint = new ESLint({
  cwd: path.resolve(process.argv[2]),
  overrideConfigFile: true,
  allowInlineConfig: false,
  errorOnUnmatchedPattern: false,
  overrideConfig: [
    {
      files: ["**/*.{js,mjs,cjs,jsx,ts,mts,cts,tsx}"],
      languageOptions: { parser },
      plugins: { listeners: listeners.default ?? listeners, timers: timers.default ?? timers },
      rules: {
        "listeners/no-missing-remove-event-listener": "error",
        "listeners/matching-remove-event-listener": "error",
        "listeners/no-inline-function-event-listener": "error",
        "timers/assign-timer-id": "error",
      },
    },
  ],
});

const reports = [];
for (const result of await eslint.lintFiles(["."])) {
  for (const message of result.messages) {
    if (message.ruleId) reports.push({ path: result.filePath, line: message.line });
  }
}
console.log(JSON.stringify(reports));
