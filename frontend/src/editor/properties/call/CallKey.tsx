import type { ReactNode } from "react";
import { Link } from "react-router";
import { useCreateApiKey } from "../../../api/api-keys";
import { useFlow } from "../../../api/flows";
import { withBasePath } from "../../../api/server-address";
import { useMe } from "../../../api/session";
import { Button } from "../../../ui/controls/Button";
import { Notice } from "../../../ui/feedback/Notice";
import styles from "./CallFlow.module.css";

interface CallKeyProps {
  /** The flow's id. */
  flow: string;
  /** The key that was made here; null when none was. */
  made: string | null;
  onMake: (key: string) => void;
  /** Which version a key calls. */
  children: ReactNode;
}

/** Where the key of a call comes from: an admin makes one here, for this flow alone. */
export function CallKey({ flow, made, onMake, children }: CallKeyProps) {
  const isAdmin = useMe().data?.workspace.role === "admin";
  const create = useCreateApiKey();
  const environment = useFlow(flow).data?.published.production ? "production" : "development";
  const make = () =>
    create.mutate(
      { name: "Made in the editor", policies: ["execute"], flows: [flow], environments: [environment] },
      { onSuccess: ({ key }) => onMake(key) },
    );
  if (made !== null)
    return (
      <Notice kind="warning">
        The code holds a key for this flow, and this is the only time that it is shown. Revoke it under{" "}
        <Link to="/api-keys">API keys</Link>.
      </Notice>
    );
  return (
    <>
      {isAdmin ? (
        <Button icon="key" busy={create.isPending} onClick={make}>
          Make a key for this code
        </Button>
      ) : null}
      {create.error ? <Notice kind="failed">{create.error.message}</Notice> : null}
      <p className={styles.help}>
        {isAdmin ? null : (
          <>
            An admin of this workspace makes you a key that may <i>run flows</i>.{" "}
          </>
        )}
        {children} Or give a key to the shell: <code>export API_KEY=mr_live_…</code>. More is said in{" "}
        <a href={withBasePath("/docs/rest")} target="_blank" rel="noreferrer">
          Call a flow over REST
        </a>{" "}
        and{" "}
        <a href={withBasePath("/docs/protocols")} target="_blank" rel="noreferrer">
          Clients of other servers
        </a>
        .
      </p>
    </>
  );
}
