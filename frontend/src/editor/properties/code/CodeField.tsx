import { type ComponentType, type Ref, useEffect, useRef, useState } from "react";
import { flushSync } from "react-dom";
import { joinClasses } from "../../../ui/classes";
import box from "../controls/box.module.css";
import type { CodeEditorProps } from "./CodeEditor";

let loadedEditor: ComponentType<CodeEditorProps> | null = null;

/** The code editor. Until its code is loaded, a plain text field takes its place. */
export function CodeField(props: CodeEditorProps) {
  const [Editor, setEditor] = useState(() => loadedEditor);
  const plain = useRef<HTMLTextAreaElement>(null);
  const [caret, setCaret] = useState(props.caret);
  useEffect(() => {
    if (Editor) return;
    let wanted = true;
    const show = (code: { CodeEditor: ComponentType<CodeEditorProps> }) => {
      loadedEditor = code.CodeEditor;
      if (!wanted) return;
      // At once: a key that is pressed between the end of the plain field and the editor's focus would be a shortcut.
      flushSync(() => {
        setCaret(document.activeElement === plain.current ? (plain.current?.selectionStart ?? null) : null);
        setEditor(() => loadedEditor);
      });
    };
    // Without the network the plain field stays; the next field tries again.
    void import("./CodeEditor").then(show, () => undefined);
    return () => {
      wanted = false;
    };
  }, [Editor]);
  useEffect(() => {
    if (props.caret === null) return;
    plain.current?.focus();
    plain.current?.setSelectionRange(props.caret, props.caret);
  }, [props.caret]);
  return Editor ? <Editor {...props} caret={caret} /> : <PlainField {...props} ref={plain} />;
}

type PlainProps = CodeEditorProps & { ref: Ref<HTMLTextAreaElement> };

function PlainField({
  ref,
  language,
  naming,
  value,
  placeholder,
  required,
  readOnly,
  large,
  onChange,
}: PlainProps) {
  return (
    <span className={joinClasses(box.box, naming.isInvalid && box.bad, readOnly && box.locked)}>
      <textarea
        ref={ref}
        id={naming.id}
        rows={2}
        className={joinClasses(box.input, box.area, large && box.large, language !== "template" && box.code)}
        aria-labelledby={naming.labelledBy}
        aria-describedby={naming.describedBy}
        aria-invalid={naming.isInvalid || undefined}
        aria-required={required || undefined}
        spellCheck={false}
        readOnly={readOnly}
        placeholder={placeholder}
        value={value}
        onChange={(event) => onChange(event.target.value)}
      />
    </span>
  );
}
