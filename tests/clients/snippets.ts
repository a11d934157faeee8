/** The code that the editor shows beside a trigger. `snippets.mjs` bundles it. */
export { callForms } from "../../frontend/src/api/call-command";
export { buildNativeCall } from "../../frontend/src/api/snippets/native-calls";
export { buildSnippet, listLanguages, protocols } from "../../frontend/src/api/snippets/protocols";
