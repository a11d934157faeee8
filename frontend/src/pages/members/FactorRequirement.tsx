import { useId } from "react";
import { useRequireFactor } from "../../api/second-factor";
import { describeError } from "../../api/refusals";
import { Switch } from "../../ui/controls/Switch";
import { Notice } from "../../ui/feedback/Notice";
import { showDoneToast } from "../../ui/feedback/toasts";
import { useSession } from "../account/session";
import styles from "./FactorRequirement.module.css";

/** Whether the workspace requires a second factor of its members. */
export function FactorRequirement() {
  const { second_factor: rule, workspace } = useSession();
  const require = useRequireFactor();
  const id = useId();
  if (!rule.is_offered) return null;
  const change = (is_required: boolean) =>
    require.mutate(is_required, {
      onSuccess: () => showDoneToast(is_required ? "Second factor required" : "Second factor not required"),
    });
  return (
    <section className={styles.section} aria-labelledby={`${id}-title`}>
      <h2 id={`${id}-title`} className={styles.title}>
        Signing in
      </h2>
      <div className={styles.row}>
        <Switch
          id={id}
          checked={require.isPending ? require.variables : rule.is_required}
          disabled={require.isPending}
          describedBy={`${id}-help`}
          onChange={change}
        />
        <div>
          <label htmlFor={id}>Require a second factor</label>
          <p id={`${id}-help`} className={styles.help}>
            Members who signed in without one see nothing of {workspace.name} until they set one up. API keys
            work as before.
          </p>
        </div>
      </div>
      {require.error ? <Notice kind="failed">{describeError(require.error)}</Notice> : null}
    </section>
  );
}
