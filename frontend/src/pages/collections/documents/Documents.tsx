import type { UseQueryResult } from "@tanstack/react-query";
import type { CollectionDocument } from "../../../api/types";
import { EmptyState } from "../../../ui/feedback/EmptyState";
import { PageError } from "../../../ui/feedback/PageError";
import { SkeletonRows } from "../../../ui/feedback/Skeleton";
import { DropGround } from "../../../ui/overlays/DropGround";
import { DocumentTable } from "./DocumentTable";
import styles from "./Documents.module.css";
import { describeShownPart } from "./shown-part";
import { UploadButton } from "./UploadButton";
import type { Upload } from "./uploads";

interface DocumentsProps {
  query: UseQueryResult<CollectionDocument[]>;
  /** How many documents can be found: more than those of the query when there are very many. */
  total: number;
  uploads: readonly Upload[];
  /** Absent for a person who may not upload. */
  onFiles?: (files: File[]) => void;
  onRemoveUpload: (id: number) => void;
  onDelete: (document: CollectionDocument) => void;
}

/** The documents. Files that are dropped here are uploaded. */
export function Documents(props: DocumentsProps) {
  return (
    <DropGround label="Drop to upload" onFiles={props.onFiles} className={styles.ground}>
      <Content {...props} />
    </DropGround>
  );
}

function Content({ query, total, uploads, onFiles, onRemoveUpload, onDelete }: DocumentsProps) {
  const { data: documents, error, refetch } = query;
  if (documents && documents.length + uploads.length === 0) return <NoDocuments onFiles={onFiles} />;
  if (documents) {
    const shownPart = describeShownPart(documents.length, total);
    return (
      <>
        <DocumentTable
          documents={documents}
          uploads={uploads}
          mayEdit={onFiles !== undefined}
          onRemoveUpload={onRemoveUpload}
          onDelete={onDelete}
        />
        {shownPart ? <p className={styles.hint}>{shownPart}</p> : null}
        {onFiles ? (
          <p className={styles.hint}>
            Drop .txt, .md, .html or .pdf files here to add them. A file of the same name takes the place of
            the one before.
          </p>
        ) : null}
      </>
    );
  }
  if (error) {
    return <PageError title="The documents cannot be shown" error={error} onAct={() => void refetch()} />;
  }
  return <SkeletonRows rows={3} label="Loading documents" />;
}

function NoDocuments({ onFiles }: Pick<DocumentsProps, "onFiles">) {
  return (
    <EmptyState
      drawing={
        <svg className={styles.drawing} width="120" height="88" viewBox="0 0 120 88" aria-hidden="true">
          <rect x="1" y="1" width="118" height="86" rx="10" />
          <path d="M60 58V30M48 41l12-12 12 12" />
        </svg>
      }
      title="No documents yet"
      actions={onFiles ? <UploadButton onFiles={onFiles} /> : null}
    >
      {onFiles
        ? "Drop .txt, .md, .html or .pdf files here. Each is cut into chunks that a flow can search."
        : "An editor of this workspace can upload some. Flows can save texts here too."}
    </EmptyState>
  );
}
