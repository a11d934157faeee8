import { type ReactNode, useState } from "react";
import { useNavigate } from "react-router";
import { useImportFlows, useImportReview } from "../../../api/exchange";
import { describeError } from "../../../api/refusals";
import type { ImportReview } from "../../../api/types";
import { Button } from "../../../ui/controls/Button";
import { Notice } from "../../../ui/feedback/Notice";
import { SkeletonRows } from "../../../ui/feedback/Skeleton";
import { Tag } from "../../../ui/feedback/Tag";
import { showDoneToast } from "../../../ui/feedback/toasts";
import { Dialog, DialogBody, DialogFooter } from "../../../ui/overlays/Dialog";
import { ResourceDialog } from "../../resource/ResourceDialog";
import { FlowsInFile } from "./FlowsInFile";
import { ImportReport } from "./ImportReport";
import { PlaceholderFields } from "./PlaceholderFields";
import type { ChosenFile } from "./read-file";

interface ImportDialogProps {
  file: ChosenFile;
  onClose: () => void;
}

/** Shows what a file brings, asks for what it leaves open, and imports it. */
export function ImportDialog({ file, onClose }: ImportDialogProps) {
  if (file.content === null)
    return (
      <WaitingDialog name={file.name} onClose={onClose}>
        <Notice kind="failed">{file.obstacle}</Notice>
      </WaitingDialog>
    );
  return <CheckedDialog id={file.id} name={file.name} content={file.content} onClose={onClose} />;
}

interface CheckedDialogProps {
  id: number;
  name: string;
  content: string;
  onClose: () => void;
}

function CheckedDialog({ id, name, content, onClose }: CheckedDialogProps) {
  const { data: review, error } = useImportReview(id, content);
  if (review) return <ReviewDialog name={name} content={content} review={review} onClose={onClose} />;
  return (
    <WaitingDialog name={name} onClose={onClose}>
      {error ? (
        <Notice kind="failed">{describeError(error)}</Notice>
      ) : (
        <SkeletonRows label="Reading the file" />
      )}
    </WaitingDialog>
  );
}

interface WaitingDialogProps {
  name: string;
  onClose: () => void;
  children: ReactNode;
}

/** The dialog while nothing can be imported: the file is being read, or is refused. */
function WaitingDialog({ name, onClose, children }: WaitingDialogProps) {
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={`Import ${name}`}
      footer={
        <DialogFooter>
          <Button size="l" onClick={onClose}>
            Close
          </Button>
        </DialogFooter>
      }
    >
      <DialogBody>{children}</DialogBody>
    </Dialog>
  );
}

interface ReviewDialogProps extends Omit<CheckedDialogProps, "id"> {
  review: ImportReview;
}

function ReviewDialog({ name, content, review, onClose }: ReviewDialogProps) {
  const importFlows = useImportFlows();
  const navigate = useNavigate();
  const suggested = review.placeholders.flatMap((asked) =>
    asked.suggested ? [[asked.id, asked.suggested]] : [],
  );
  const [choices, setChoices] = useState<Record<string, string>>(
    () => Object.fromEntries(suggested) as Record<string, string>,
  );
  const given = Object.fromEntries(Object.entries(choices).filter(([, value]) => value !== ""));
  const submit = () =>
    importFlows.mutate(
      { content, choices: given },
      {
        onSuccess: ({ flows }) => {
          const [first] = flows;
          showDoneToast(flows.length === 1 ? "Flow imported" : `${flows.length} flows imported`);
          if (first) void navigate(`/flows/${first.id}`);
        },
      },
    );
  return (
    <ResourceDialog
      title={`Import ${name}`}
      tag={<Tag>{describeTool(review)}</Tag>}
      submitLabel={review.flows.length === 1 ? "Import flow" : `Import ${review.flows.length} flows`}
      busy={importFlows.isPending}
      missing={null}
      holdsWork={Object.keys(given).length > suggested.length}
      error={importFlows.error}
      fieldNames={review.placeholders.map(({ id }) => `choices.${id}`)}
      onSubmit={submit}
      onClose={onClose}
    >
      <FlowsInFile flows={review.flows} />
      {review.warnings.map((warning) => (
        <Notice key={warning} kind="warning">
          {warning}
        </Notice>
      ))}
      <PlaceholderFields
        placeholders={review.placeholders}
        choices={choices}
        error={importFlows.error}
        onChoose={(id, value) => setChoices({ ...choices, [id]: value })}
      />
      {review.report.length ? <ImportReport tool={review.tool} steps={review.report} /> : null}
    </ResourceDialog>
  );
}

function describeTool({ tool, version }: ImportReview): string {
  return tool === "Millrace" ? `Format ${version}` : `From ${tool}`;
}
