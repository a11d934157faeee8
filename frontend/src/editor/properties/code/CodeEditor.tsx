import { closeBrackets, closeCompletion } from "@codemirror/autocomplete";
import { history, historyKeymap, standardKeymap } from "@codemirror/commands";
import { Annotation, Compartment, EditorState, type Extension } from "@codemirror/state";
import { drawSelection, EditorView, keymap, placeholder } from "@codemirror/view";
import { type RefObject, useEffect, useRef } from "react";
import type { ScopeVariable } from "../../../api/types";
import { joinClasses } from "../../../ui/classes";
import type { ControlNaming } from "../form/control-props";
import styles from "./CodeEditor.module.css";
import { createCompletion, type Language, offerCompletion } from "./completion";
import { jsonColours } from "./json-colours";
import { nodeScope } from "./node-scope";
import { segmentUnits } from "./segments";

export interface CodeEditorProps {
  language: Language;
  naming: ControlNaming;
  value: string;
  placeholder: string;
  scope: ScopeVariable[];
  tokens: string[];
  required: boolean;
  readOnly: boolean;
  large: boolean;
  /** Where the caret starts; null leaves the focus where it is. */
  caret: number | null;
  onChange: (text: string) => void;
}

/** Marks a change that came from outside the editor, so that the editor does not report it. */
const fromOutside = Annotation.define<boolean>();

const languages: Record<Language, Extension> = {
  template: segmentUnits,
  expression: closeBrackets(),
  json: [jsonColours, closeBrackets()],
  // The first mark lies inside the second: an expression is violet, the text around it is not.
  "json-template": [segmentUnits, jsonColours, closeBrackets()],
};

/** An editor for texts with expressions, for expressions and for JSON. Tab leaves it, as it leaves any field. */
export function CodeEditor(props: CodeEditorProps) {
  const host = useRef<HTMLDivElement>(null);
  const editor = useEditor(host, props);
  const { value, naming, placeholder: hint, scope, tokens, required, readOnly } = props;
  const { id, labelledBy, describedBy, isInvalid } = naming;

  useEffect(() => {
    const { view } = editor.current ?? {};
    if (!view || view.state.doc.toString() === value) return;
    view.dispatch({
      changes: { from: 0, to: view.state.doc.length, insert: value },
      annotations: fromOutside.of(true),
    });
  }, [editor, value]);

  useEffect(() => {
    const given = {
      naming: { id, labelledBy, describedBy, isInvalid },
      placeholder: hint,
      scope,
      tokens,
      required,
      readOnly,
    };
    editor.current?.view.dispatch({ effects: editor.current.given.reconfigure(createExtensions(given)) });
  }, [editor, id, labelledBy, describedBy, isInvalid, hint, scope, tokens, required, readOnly]);

  useEffect(() => {
    const closeList = (event: KeyboardEvent): void => {
      const { view } = editor.current ?? {};
      if (event.key !== "Escape" || !view?.hasFocus || !closeCompletion(view)) return;
      event.preventDefault();
      event.stopPropagation();
    };
    // Before the dialog around the editor hears of the key, which would close with the list.
    window.addEventListener("keydown", closeList, { capture: true });
    return () => window.removeEventListener("keydown", closeList, { capture: true });
  }, [editor]);

  const look = [naming.isInvalid && styles.bad, readOnly && styles.locked, props.large && styles.large];
  return (
    <div
      ref={host}
      className={joinClasses(styles.box, props.language !== "template" && styles.code, ...look)}
    />
  );
}

interface Editor {
  view: EditorView;
  given: Compartment;
}

function useEditor(host: RefObject<HTMLDivElement | null>, props: CodeEditorProps) {
  const editor = useRef<Editor>(null);
  const first = useRef(props);
  const change = useRef(props.onChange);
  useEffect(() => {
    change.current = props.onChange;
  });
  useEffect(() => {
    if (!host.current) return;
    const created = createEditor(host.current, first.current, (text) => change.current(text));
    editor.current = created;
    return () => {
      created.view.destroy();
      editor.current = null;
    };
  }, [host]);
  return editor;
}

function createEditor(parent: HTMLElement, props: CodeEditorProps, onChange: (text: string) => void): Editor {
  const given = new Compartment();
  const reportChange = EditorView.updateListener.of(({ docChanged, transactions, state }) => {
    const outside = transactions.some((transaction) => transaction.annotation(fromOutside));
    if (docChanged && !outside) onChange(state.doc.toString());
  });
  const caret = Math.min(props.caret ?? 0, props.value.length);
  const view = new EditorView({
    parent,
    state: EditorState.create({
      doc: props.value,
      selection: { anchor: caret },
      extensions: [
        given.of(createExtensions(props)),
        createCompletion(props.language),
        languages[props.language],
        history(),
        keymap.of([...standardKeymap, ...historyKeymap]),
        drawSelection({ cursorBlinkRate: wantsLittleMotion() ? 0 : CARET_BLINK_MS }),
        EditorView.lineWrapping,
        reportChange,
      ],
    }),
  });
  if (props.caret !== null) {
    view.focus();
    offerCompletion(view, props.language);
  }
  return { view, given };
}

/** As long as the caret of the panels, `--caret-blink`. */
const CARET_BLINK_MS = 1060;

function wantsLittleMotion(): boolean {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}

type EditorInputs = Pick<
  CodeEditorProps,
  "naming" | "placeholder" | "scope" | "tokens" | "required" | "readOnly"
>;

function createExtensions({
  naming,
  placeholder: hint,
  scope,
  tokens,
  required,
  readOnly,
}: EditorInputs): Extension {
  const attributes: Record<string, string> = {
    id: naming.id,
    "aria-labelledby": naming.labelledBy,
    "aria-multiline": "true",
    tabindex: "0",
    ...(naming.describedBy ? { "aria-describedby": naming.describedBy } : {}),
    ...(naming.isInvalid ? { "aria-invalid": "true" } : {}),
    ...(required ? { "aria-required": "true" } : {}),
    ...(readOnly ? { "aria-readonly": "true" } : {}),
  };
  return [
    nodeScope.of({ scope, tokens }),
    EditorView.contentAttributes.of(attributes),
    EditorState.readOnly.of(readOnly),
    EditorView.editable.of(!readOnly),
    placeholder(hint),
  ];
}
