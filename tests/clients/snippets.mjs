// Prints the programs that the editor shows in one language, as JSON by the name of the form that the caller receives.
// node snippets.mjs LANGUAGE '{"url", "flow", "prompt"}'
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const require = createRequire(new URL("../../frontend/package.json", import.meta.url));
const { rolldown } = await import(pathToFileURL(require.resolve("rolldown")));
const bundle = await rolldown({ input: new URL("snippets.ts", import.meta.url).pathname });
const { output } = await bundle.generate({ format: "esm" });
const editor = await import(`data:text/javascript,${encodeURIComponent(output[0].code)}`);

const [language, given] = process.argv.slice(2);
const { url, flow, prompt } = JSON.parse(given);
globalThis.location = { origin: url };
const input = { prompt };
const native = Object.keys(editor.callForms).map((form) => [
  form,
  editor.buildNativeCall(language, { flow, form, body: input, key: null }),
]);
const foreign = Object.keys(editor.protocols)
  .filter((name) => editor.listLanguages(name).some(({ value }) => value === language))
  .map((name) => [name, editor.buildSnippet(name, language, { flow, prompt, input, key: null })]);
console.log(JSON.stringify(Object.fromEntries([...native, ...foreign])));
