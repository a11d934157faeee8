import { useRef } from "react";
import { useChangeLogo } from "../../api/chat-page-setup";
import { describeError } from "../../api/refusals";
import type { ChatPage } from "../../api/types";
import { Button } from "../../ui/controls/Button";
import { FieldGroup } from "../../ui/controls/FieldGroup";
import text from "../../ui/text.module.css";
import styles from "./LogoField.module.css";

/** The logo of the page: it is stored as soon as it is chosen. */
export function LogoField({ flow, page }: { flow: string; page: ChatPage }) {
  const input = useRef<HTMLInputElement>(null);
  const change = useChangeLogo(flow);
  const { logo, url } = page;
  return (
    <FieldGroup
      legend="Logo"
      help="A PNG, JPEG or WebP picture of up to 256 KB. It is also the icon of the page when it is installed."
      error={change.error ? describeError(change.error) : null}
    >
      <p className={styles.line}>
        {logo !== null && url !== null ? (
          <img className={styles.logo} src={`${new URL(url).pathname}/logo?v=${logo}`} alt="The logo" />
        ) : null}
        <Button size="l" busy={change.isPending} onClick={() => input.current?.click()}>
          {logo === null ? "Choose a picture" : "Replace"}
        </Button>
        {logo === null ? null : (
          <Button size="l" busy={change.isPending} onClick={() => change.mutate(null)}>
            Remove
          </Button>
        )}
        <input
          ref={input}
          type="file"
          aria-label="Picture for the logo"
          className={text.hidden}
          tabIndex={-1}
          accept="image/png,image/jpeg,image/webp"
          onChange={({ currentTarget }) => {
            const [file] = currentTarget.files ?? [];
            if (file) change.mutate(file);
            currentTarget.value = "";
          }}
        />
      </p>
    </FieldGroup>
  );
}
