import { type ChangeEvent, type Ref, useId, useRef } from "react";
import type { FileRules } from "../api/types";
import { IconButton } from "../ui/controls/Button";
import text from "../ui/text.module.css";
import styles from "./AttachButton.module.css";
import { describeRules, getAcceptedTypes } from "./file-rules";

interface AttachButtonProps {
  ref: Ref<HTMLButtonElement>;
  rules: FileRules;
  onFiles: (files: File[]) => void;
}

/** Chooses files for the question. The button says which ones it takes. */
export function AttachButton({ ref, rules, onFiles }: AttachButtonProps) {
  const field = useRef<HTMLInputElement>(null);
  const id = useId();
  const take = (event: ChangeEvent<HTMLInputElement>) => {
    onFiles([...(event.target.files ?? [])]);
    event.target.value = ""; // so that the same file can be chosen again
  };
  return (
    <>
      <IconButton
        ref={ref}
        icon="attach"
        label="Add files"
        title={`Add files. ${describeRules(rules)}`}
        aria-describedby={id}
        className={styles.button}
        onClick={() => field.current?.click()}
      />
      <span id={id} className={text.hidden}>
        {describeRules(rules)}
      </span>
      <input
        ref={field}
        type="file"
        multiple
        hidden
        aria-label="Files for the question"
        accept={getAcceptedTypes(rules)}
        onChange={take}
      />
    </>
  );
}
