import { Link, useNavigate } from "react-router";
import { findStart } from "../../api/flow-start";
import { useCreateFromTemplate } from "../../api/flows";
import { withBasePath } from "../../api/server-address";
import { useTemplates } from "../../api/templates";
import { Button, LinkButton } from "../../ui/controls/Button";
import { EmptyState } from "../../ui/feedback/EmptyState";
import drawing from "../../ui/feedback/drawing.module.css";
import { showFailedToast } from "../../ui/feedback/toasts";
import styles from "./queue.module.css";

/** What the page will show, and two ways on: a flow that starts by itself, and how flows are called. */
export function QueueEmpty() {
  return (
    <EmptyState
      drawing={<Drawing />}
      title="Nothing waits, and nothing runs"
      actions={
        <>
          <UseTemplate />
          <LinkButton to={withBasePath("/docs/schedules")} reloadDocument size="l">
            How schedules work
          </LinkButton>
        </>
      }
    >
      Runs are shown here while they go on, and those that failed. Begin with a flow that starts by itself:
      published, it stands here with its next time. Or{" "}
      <Link className={styles.link} to={withBasePath("/docs/rest")} reloadDocument>
        start runs over HTTP
      </Link>
      .
    </EmptyState>
  );
}

/** Makes a flow of the first template that starts by itself, and opens it. */
function UseTemplate() {
  const template = useTemplates().data?.find(({ graph }) => findStart(graph) === "schedule");
  const create = useCreateFromTemplate();
  const navigate = useNavigate();
  if (!template)
    return (
      <LinkButton to="/flows/templates" kind="solid" size="l">
        Templates
      </LinkButton>
    );
  const { name, title } = template;
  const begin = () =>
    create.mutate(name, {
      onSuccess: ({ id }) => void navigate(`/flows/${id}`),
      onError: (error) => showFailedToast(`No flow was made of ${title}`, { text: error.message }),
    });
  return (
    <Button kind="solid" size="l" icon="add" busy={create.isPending} onClick={begin}>
      {create.isPending ? "Opening" : `Use ${title}`}
    </Button>
  );
}

/** A clock, and the runs that it starts one after the other. */
function Drawing() {
  return (
    <svg className={drawing.drawing} width="232" height="96" viewBox="0 0 232 96" aria-hidden="true">
      <circle className={drawing.card} cx="40" cy="48" r="30" />
      <path className={styles.hands} d="M40 28v20l13 9" />
      <path className={styles.line} d="M70 48h34" />
      {[12, 38, 64].map((y) => (
        <rect key={y} className={drawing.card} x="106" y={y} width="124" height="20" rx="6" />
      ))}
      <path className={drawing.text} d="M118 22h52M118 48h76M118 74h40" />
    </svg>
  );
}
