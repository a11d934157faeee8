import { type ReactNode, useState } from "react";
import { getFieldError } from "../../api/refusals";
import { useReloadFactor, useRenewCodes, useTurnFactorOff } from "../../api/second-factor";
import { showDoneToast } from "../../ui/feedback/toasts";
import { ResourceDialog } from "../resource/ResourceDialog";
import { CodeField } from "../sign-in/CodeField";
import { RecoveryCodesDialog } from "./RecoveryCodesDialog";
import styles from "./second-factor.module.css";

/** Makes new recovery codes after a code of the factor, and shows them. */
export function RenewCodesDialog({ onClose }: { onClose: () => void }) {
  const renew = useRenewCodes();
  const reload = useReloadFactor();
  if (renew.data) {
    const finish = () => {
      onClose();
      void reload();
    };
    return <RecoveryCodesDialog codes={renew.data.codes} onClose={finish} />;
  }
  return (
    <CodeDialog
      title="Make new recovery codes"
      submitLabel={renew.isPending ? "Making" : "Make codes"}
      busy={renew.isPending}
      error={renew.error}
      onSubmit={(code) => renew.mutate(code)}
      onClose={onClose}
    >
      The older recovery codes end.
    </CodeDialog>
  );
}

/** Turns the factor off after a code of it. */
export function TurnOffDialog({ onClose }: { onClose: () => void }) {
  const turnOff = useTurnFactorOff();
  const finish = () => {
    onClose();
    showDoneToast("Second factor turned off", { text: "You are signed out everywhere else." });
  };
  return (
    <CodeDialog
      title="Turn off the second factor"
      submitLabel={turnOff.isPending ? "Turning off" : "Turn off"}
      busy={turnOff.isPending}
      error={turnOff.error}
      onSubmit={(code) => turnOff.mutate(code, { onSuccess: finish })}
      onClose={onClose}
    >
      From then on, signing in needs no code. The recovery codes end, and you are signed out everywhere else.
    </CodeDialog>
  );
}

interface CodeDialogProps {
  title: string;
  submitLabel: string;
  busy: boolean;
  error: Error | null;
  onSubmit: (code: string) => void;
  onClose: () => void;
  /** What happens, in a sentence. */
  children: ReactNode;
}

function CodeDialog({ error, onSubmit, children, ...dialog }: CodeDialogProps) {
  const [code, setCode] = useState("");
  return (
    <ResourceDialog
      {...dialog}
      missing={code ? null : "Give a code."}
      error={error}
      fieldNames={["code"]}
      holdsWork={false}
      onSubmit={() => onSubmit(code)}
    >
      <p className={styles.intro}>{children}</p>
      <CodeField
        help="Six digits from your authenticator app, or a recovery code."
        value={code}
        error={getFieldError(error, "code")}
        onChange={setCode}
      />
    </ResourceDialog>
  );
}
