import { useFlow } from "../../api/flows";
import { describeError } from "../../api/refusals";
import { type PublishEnvironment, usePublish, useRollBack } from "../../api/versions";
import { getDraft } from "../../graph/store";
import { useGraph } from "../../graph/useGraph";
import { Button } from "../../ui/controls/Button";
import { showDoneToast, showFailedToast } from "../../ui/feedback/toasts";
import text from "../../ui/text.module.css";
import { environments, environmentTitles } from "./environments";
import styles from "./VersionsSide.module.css";

/** Which version each environment runs, with the button that goes back to the one before. */
export function PublishedVersions({ flow }: { flow: string }) {
  const published = useFlow(flow).data?.published;
  const draft = useGraph((state) => getDraft(state).revision);
  return (
    <section className={styles.section} aria-label="Published">
      <h3 className={styles.heading}>What calls run</h3>
      <dl className={styles.pins}>
        {environments.map((environment) => (
          <PinnedVersion
            key={environment}
            flow={flow}
            environment={environment}
            number={published?.[environment] ?? null}
          />
        ))}
        <div className={styles.pin}>
          <dt>Development</dt>
          <dd>The draft, version {draft}</dd>
        </div>
      </dl>
    </section>
  );
}

interface PinnedVersionProps {
  flow: string;
  environment: PublishEnvironment;
  number: number | null;
}

function PinnedVersion({ flow, environment, number }: PinnedVersionProps) {
  const readOnly = useGraph((state) => getDraft(state).readOnly);
  const { isPending, rollBack } = useRollBackWithToast(flow, environment, number);
  return (
    <div className={styles.pin}>
      <dt>{environmentTitles[environment]}</dt>
      <dd>{number === null ? <span className={text.muted}>Nothing yet</span> : `Version ${number}`}</dd>
      {readOnly || number === null ? null : (
        <Button busy={isPending} aria-label={`Roll back ${environment}`} onClick={rollBack}>
          Roll back
        </Button>
      )}
    </div>
  );
}

/** Publishes the version before, and offers to take that back. */
function useRollBackWithToast(flow: string, environment: PublishEnvironment, number: number | null) {
  const { isPending, mutate } = useRollBack(flow);
  const publish = usePublish(flow);
  const title = environmentTitles[environment];
  const undo = (): void => {
    if (number === null) return;
    publish.mutate(
      { number, environment, note: "" },
      { onError: (error) => showFailedToast("Not published", { text: describeError(error) }) },
    );
  };
  const rollBack = (): void =>
    mutate(environment, {
      onSuccess: ({ published }) =>
        showDoneToast(`${title} runs version ${published[environment] ?? ""} again`, {
          action: { label: "Undo", act: undo },
        }),
      onError: (error) => showFailedToast("Not rolled back", { text: describeError(error) }),
    });
  return { isPending, rollBack };
}
