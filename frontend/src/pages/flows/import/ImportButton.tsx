import { useRef } from "react";
import { Button } from "../../../ui/controls/Button";

/** The endings of files that flows come in. */
const ACCEPTED_ENDINGS = ".json,.yml,.yaml";

/** Opens the file dialog of the operating system. */
export function ImportButton({ onFiles }: { onFiles: (files: File[]) => void }) {
  const input = useRef<HTMLInputElement>(null);
  const choose = (files: FileList | null) => {
    if (files?.length) onFiles([...files]);
    // The person can choose the same file again after it was refused.
    if (input.current) input.current.value = "";
  };
  return (
    <>
      <Button size="l" icon="upload" onClick={() => input.current?.click()}>
        Import
      </Button>
      <input
        ref={input}
        type="file"
        hidden
        accept={ACCEPTED_ENDINGS}
        aria-label="File to import"
        onChange={(event) => choose(event.target.files)}
      />
    </>
  );
}
