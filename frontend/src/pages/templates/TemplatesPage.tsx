import { useNavigate } from "react-router";
import { useCreateFromTemplate } from "../../api/flows";
import { useTemplates } from "../../api/templates";
import type { FlowTemplate } from "../../api/types";
import { showFailedToast } from "../../ui/feedback/toasts";
import { useMayEdit } from "../account/session";
import { ResourcePage } from "../resource/ResourcePage";
import { TemplateCard } from "./TemplateCard";
import styles from "./templates.module.css";

/** The flows to begin with. A press on one makes a flow of it and opens that. */
export function TemplatesPage() {
  return (
    <ResourcePage
      title="Templates"
      plural="templates"
      query={useTemplates()}
      search={{
        label: "Find a template",
        getText: ({ title, description }) => `${title} ${description}`,
        note: "Run as they are",
      }}
      actions={null}
      empty={null}
      dialog={null}
    >
      {(found, words) => <Gallery templates={found} words={words} />}
    </ResourcePage>
  );
}

function Gallery({ templates, words }: { templates: FlowTemplate[]; words: string }) {
  const mayEdit = useMayEdit();
  const create = useCreateFromTemplate();
  const navigate = useNavigate();
  const begin = ({ name, title }: FlowTemplate) =>
    create.mutate(name, {
      onSuccess: ({ id }) => void navigate(`/flows/${id}`),
      onError: (error) => showFailedToast(`No flow was made of ${title}`, { text: error.message }),
    });
  return (
    <>
      {templates.length === 0 ? <p className={styles.none}>Nothing matches “{words}”.</p> : null}
      <ul className={styles.gallery}>
        {templates.map((template) => (
          <TemplateCard
            key={template.name}
            template={template}
            busy={create.isPending && create.variables === template.name}
            onUse={mayEdit ? () => begin(template) : undefined}
          />
        ))}
      </ul>
    </>
  );
}
