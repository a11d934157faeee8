import { useState } from "react";
import type { Account, SecondFactor } from "../../api/types";
import { Button } from "../../ui/controls/Button";
import { Tag } from "../../ui/feedback/Tag";
import { formatDay } from "../../ui/format";
import { RenewCodesDialog, TurnOffDialog } from "../second-factor/CodeDialogs";
import { SetUpDialog } from "../second-factor/SetUpDialog";
import styles from "./AccountPage.module.css";

type FactorDialog = "set-up" | "renew" | "turn-off" | null;

/** The second factor of the person: set up, or with what can be done to it. */
export function SecondFactorSection({ account, factor }: { account: Account; factor: SecondFactor }) {
  const [dialog, setDialog] = useState<FactorDialog>(null);
  const close = () => setDialog(null);
  return (
    <section className={styles.section} aria-labelledby="second-factor">
      <h2 id="second-factor" className={styles.title}>
        Second factor {factor.since ? <Tag>On</Tag> : null}
      </h2>
      <p className={styles.words}>{describeFactor(factor)}</p>
      <div className={styles.ways}>
        {factor.since ? (
          <>
            <Button size="l" onClick={() => setDialog("renew")}>
              New recovery codes
            </Button>
            <Button size="l" kind="danger" onClick={() => setDialog("turn-off")}>
              Turn off
            </Button>
          </>
        ) : (
          <Button size="l" onClick={() => setDialog("set-up")}>
            Set up
          </Button>
        )}
      </div>
      {dialog === "set-up" ? <SetUpDialog hasPassword={account.has_password} onClose={close} /> : null}
      {dialog === "renew" ? <RenewCodesDialog onClose={close} /> : null}
      {dialog === "turn-off" ? <TurnOffDialog onClose={close} /> : null}
    </section>
  );
}

function describeFactor({ since, codes_left: left }: SecondFactor): string {
  if (!since)
    return "A code of an authenticator app, asked for at each sign-in beside what you sign in with.";
  const codes = left === 1 ? "One recovery code is" : `${left === 0 ? "No" : left} recovery codes are`;
  return `A code of your app is asked for at each sign-in, since ${formatDay(since)}. ${codes} left.`;
}
