// Runs GitHub's own implementation over the sources below and prints the vectors as JSON.
//
// In an empty directory, at commit f3f1edbedfb4a1d188d344570834df2996d45d39 of github/codeql-action:
//
//     git clone https://github.com/github/codeql-action
//     npm install long@5.3.2 esbuild@0.28.2
//     npx esbuild codeql-action/src/fingerprints.ts --bundle --platform=node --format=esm --outfile=fingerprints.mjs
//     node make_fingerprint_vectors.mjs ./fingerprints.mjs > fingerprint_vectors.json
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const { hash } = await import(pathToFileURL(resolve(process.argv[2])).href);

const text = (source) => Buffer.from(source, "utf8");
const numbered = (count) => Array.from({ length: count }, (_, line) => `x${line} = ${line}\n`).join("");

const sources = {
  empty: text(""),
  "one line": text("jobs[job_id] = 1"),
  "one line with its end": text("jobs[job_id] = 1\n"),
  "equal lines": text("a\na\na\n\n\n\na\na\n"),
  "blanks do not count": text("a b\tc\n   abc\n\tabc \t\nabc\n"),
  "only blanks": text("  \t \n \t\n"),
  "windows line ends": text("a = 1\r\nb = 2\r\n\r\nc = 3"),
  "old mac line ends": text("a = 1\rb = 2\r\rc = 3\r"),
  "mixed line ends": text("a\r\n\nb\n\rc\r\r\nd"),
  "a blank between carriage return and line feed": text("a\r \nb\r\t\nc"),
  "long lines": text(`${"abc".repeat(200)}\n${"abc".repeat(200)}\n${"z".repeat(99)}\n${"z".repeat(100)}\n`),
  "many lines": text(numbered(300)),
  "other separators": text("a\u2028b\u2029c\u0085d\fe\vf\ng\u001cg\n"),
  "byte order mark": text("\ufeffimport os\nimport os\n"),
  "beyond the basic plane": text("name = '\u{1f600}\u{1d4d0}'\nname = '\u00e9\u4e2d'\n"),
  "bytes that are no text": Buffer.from([0x61, 0xff, 0xfe, 0x0a, 0xc3, 0x28, 0x0a, 0xe2, 0x82, 0x0a, 0xf0, 0x9f, 0x98, 0x0a, 0xed, 0xa0, 0x80, 0x0a, 0xc3]),
  "nul bytes and the end mark": text("a\0b\n\uffff\n\0\0\n"),
  "equal hashes of unequal lines": text(`aX${"=".repeat(98)}\nb3${"=".repeat(98)}\n`),
};

const directory = mkdtempSync(join(tmpdir(), "vectors-"));
const vectors = [];
for (const [name, bytes] of Object.entries(sources)) {
  const file = join(directory, "source");
  writeFileSync(file, bytes);
  const hashes = {};
  await hash((line, value) => (hashes[line] = value), file);
  vectors.push({ name, source: bytes.toString("base64"), hashes });
}
process.stdout.write(JSON.stringify(vectors, null, 1) + "\n");
