/** Completes texts: variables in `{{ }}` and in expressions, tokens after `@@`. */
import {
  autocompletion,
  type Completion,
  CompletionContext,
  type CompletionResult,
  type CompletionSource,
  insertCompletionText,
  startCompletion,
} from "@codemirror/autocomplete";
import type { EditorView } from "@codemirror/view";
import { isQuoted } from "../../../graph/typed-json";
import { listPathOptions, formatType } from "../picker/scope";
import { nodeScope } from "./node-scope";

/** `json-template` is JSON whose texts may hold expressions. */
export type Language = "template" | "expression" | "json" | "json-template";

export function createCompletion(language: Language) {
  if (language === "json") return [];
  return autocompletion({ icons: false, override: [completionSources[language]] });
}

/** Opens the list if the caret stands where one opens while typing: the text was typed before the editor was there. */
export function offerCompletion(view: EditorView, language: Language): void {
  if (language === "json") return;
  const context = new CompletionContext(view.state, view.state.selection.main.head, false);
  if (completionSources[language](context)) startCompletion(view);
}

/** Offers the variables after `{{`, the tokens after `@@`, and both after Ctrl+Space. */
export function completeTemplate(context: CompletionContext): CompletionResult | null {
  const { tokens } = context.state.facet(nodeScope);
  const braces = context.matchBefore(/\{\{\s*[^{}\s]*/);
  if (braces) {
    const from = braces.from + (/^\{\{\s*/.exec(braces.text)?.[0].length ?? 2);
    return {
      from,
      options: createPathCompletions(
        context,
        (path) => (view, _, __, to) => insertSegment(view, braces.from, to, path),
      ),
    };
  }
  const token = context.matchBefore(/@@?\w*/);
  if (token && tokens.length) return { from: token.from, options: tokens.map((label) => ({ label })) };
  if (!context.explicit) return null;
  const variables = createPathCompletions(
    context,
    (path) => (view, _, from, to) => insertSegment(view, from, to, path),
  );
  return { from: context.pos, options: [...tokens.map((label) => ({ label })), ...variables] };
}

/** Offers the variables after `{{` in JSON; outside of a text it adds the quotes. */
export function completeJson(context: CompletionContext): CompletionResult | null {
  const braces = context.matchBefore(/\{\{\s*[^{}\s"]*/);
  if (!braces) return null;
  const quote = isQuoted(context.state.doc.toString(), braces.from) ? "" : '"';
  return {
    from: braces.from + (/^\{\{\s*/.exec(braces.text)?.[0].length ?? 2),
    options: createPathCompletions(
      context,
      (path) => (view, _, __, to) => insertSegment(view, braces.from, to, path, quote),
    ),
  };
}

export function completeExpression(context: CompletionContext): CompletionResult | null {
  const word = context.matchBefore(/[A-Za-z_][\w.]*/);
  if (!word && !context.explicit) return null;
  return { from: word?.from ?? context.pos, options: createPathCompletions(context) };
}

const completionSources = {
  template: completeTemplate,
  expression: completeExpression,
  "json-template": completeJson,
} satisfies Record<Exclude<Language, "json">, CompletionSource>;

type Apply = Exclude<Completion["apply"], string | undefined>;

function createPathCompletions(context: CompletionContext, applyFor?: (path: string) => Apply): Completion[] {
  const options = listPathOptions(context.state.facet(nodeScope).scope);
  return options.map(({ path, type }, index) => ({
    label: path,
    detail: formatType(type),
    boost: -Math.min(index, 99),
    apply: applyFor?.(path),
  }));
}

/** Replaces the begun segment with the whole one, including closing braces that are already there. */
function insertSegment(view: EditorView, from: number, to: number, path: string, quote = ""): void {
  const closing = /^\s*\}\}/.exec(view.state.doc.sliceString(to, to + 20))?.[0].length ?? 0;
  view.dispatch(insertCompletionText(view.state, `${quote}{{ ${path} }}${quote}`, from, to + closing));
}
