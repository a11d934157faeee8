import { useState } from "react";
import { getFieldError } from "../../api/refusals";
import { useBeginSetup, useConfirmSetup, useReloadFactor } from "../../api/second-factor";
import type { FactorSetup } from "../../api/types";
import { CopyButton } from "../../ui/controls/CopyButton";
import { Field } from "../../ui/controls/Field";
import { Input } from "../../ui/controls/Input";
import { ResourceDialog } from "../resource/ResourceDialog";
import { CodeField } from "../sign-in/CodeField";
import { RecoveryCodesDialog } from "./RecoveryCodesDialog";
import styles from "./second-factor.module.css";

const TITLE = "Set up a second factor";

interface SetUpDialogProps {
  /** Who has a password gives it first: somebody else may sit at the browser. */
  hasPassword: boolean;
  onClose: () => void;
}

/** Sets up a second factor in three steps: the password, the code of an app, and the recovery codes. */
export function SetUpDialog({ hasPassword, onClose }: SetUpDialogProps) {
  const begin = useBeginSetup();
  const confirm = useConfirmSetup();
  const reload = useReloadFactor();
  const [password, setPassword] = useState("");
  const [code, setCode] = useState("");
  if (confirm.data) {
    const finish = () => {
      onClose();
      void reload();
    };
    return <RecoveryCodesDialog codes={confirm.data.codes} onClose={finish} />;
  }
  if (begin.data)
    return (
      <ResourceDialog
        title={TITLE}
        submitLabel={confirm.isPending ? "Turning on" : "Turn on"}
        busy={confirm.isPending}
        missing={code ? null : "Give a code of the app."}
        error={confirm.error}
        fieldNames={["code"]}
        holdsWork
        onSubmit={() => confirm.mutate(code)}
        onClose={onClose}
      >
        <AppSetup setup={begin.data} />
        <CodeField
          help="The six digits that the app shows now."
          value={code}
          error={getFieldError(confirm.error, "code")}
          onChange={setCode}
        />
      </ResourceDialog>
    );
  return (
    <ResourceDialog
      title={TITLE}
      submitLabel={begin.isPending ? "Continuing" : "Continue"}
      busy={begin.isPending}
      missing={hasPassword && !password ? "Give your password." : null}
      error={begin.error}
      fieldNames={["current"]}
      holdsWork={false}
      onSubmit={() => begin.mutate(password)}
      onClose={onClose}
    >
      <p className={styles.intro}>
        From then on, signing in needs a code of an authenticator app too, such as the one of your phone or of
        your password manager. You are signed out everywhere else.
      </p>
      {hasPassword ? (
        <Field label="Your password" error={getFieldError(begin.error, "current")}>
          {(control) => (
            <Input
              {...control}
              type="password"
              autoComplete="current-password"
              autoFocus
              value={password}
              onChange={(event) => setPassword(event.target.value)}
            />
          )}
        </Field>
      ) : null}
    </ResourceDialog>
  );
}

/** What the app reads or the person types into it. */
function AppSetup({ setup }: { setup: FactorSetup }) {
  return (
    <div className={styles.setup}>
      <img
        className={styles.picture}
        src={`data:image/svg+xml,${encodeURIComponent(setup.picture)}`}
        alt="QR code for the authenticator app"
      />
      <div>
        <p className={styles.intro}>Scan the picture with the app, or give it this key:</p>
        <code className={styles.secret} role="group" aria-label="Key for the app">
          {setup.secret.match(/.{1,4}/g)?.join(" ")}
        </code>
        <CopyButton text={setup.secret} label="Copy the key" />
      </div>
    </div>
  );
}
