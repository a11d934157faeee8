import { type SubmitEvent, useState } from "react";
import { getFieldError, getFormError } from "../../api/refusals";
import { useCancelSignIn, useGiveCode } from "../../api/sign-in";
import { Button } from "../../ui/controls/Button";
import { Notice } from "../../ui/feedback/Notice";
import { CodeField } from "./CodeField";
import styles from "./SignInForm.module.css";

interface CodeFormProps {
  onDone?: () => void;
  /** The person begins anew. */
  onCancel: () => void;
}

/** Asks for the code of the second factor, which ends a sign-in that is right so far. */
export function CodeForm({ onDone, onCancel }: CodeFormProps) {
  const give = useGiveCode();
  const cancel = useCancelSignIn();
  const [code, setCode] = useState("");
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (!give.isPending) give.mutate(code, { onSuccess: onDone });
  };
  const formError = getFormError(give.error, ["code"]);
  return (
    <form onSubmit={submit}>
      <CodeField
        help="Six digits from your authenticator app, or a recovery code."
        value={code}
        error={getFieldError(give.error, "code")}
        onChange={setCode}
      />
      {formError ? <Notice kind="failed">{formError}</Notice> : null}
      <Button type="submit" kind="solid" size="l" className={styles.submit} busy={give.isPending}>
        {give.isPending ? "Signing in" : "Sign in"}
      </Button>
      <Button
        size="l"
        kind="quiet"
        className={styles.other}
        busy={cancel.isPending}
        onClick={() => cancel.mutate(undefined, { onSuccess: onCancel })}
      >
        Use another account
      </Button>
    </form>
  );
}
