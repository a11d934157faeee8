import type { CollectionDocument } from "../../../api/types";
import { type ResourceColumn, ResourceName, ResourceTable } from "../../resource/ResourceTable";
import page from "../../resource/resource.module.css";
import { IconButton } from "../../../ui/controls/Button";
import { joinClasses } from "../../../ui/classes";
import { formatAgo, formatBytes, formatExact, formatNumber } from "../../../ui/format";
import { Icon } from "../../../ui/icons/Icon";
import { DocumentState, UploadState } from "./DocumentState";
import styles from "./DocumentTable.module.css";
import type { Upload } from "./uploads";

interface DocumentTableProps {
  documents: CollectionDocument[];
  uploads: readonly Upload[];
  mayEdit: boolean;
  onRemoveUpload: (id: number) => void;
  onDelete: (document: CollectionDocument) => void;
}

type Row = Upload | CollectionDocument;

/** The documents; uploads that are not finished come first. */
export function DocumentTable(props: DocumentTableProps) {
  const { documents, uploads, mayEdit, onRemoveUpload, onDelete } = props;
  const remove: ResourceColumn<Row> = {
    title: "Delete",
    isTitleHidden: true,
    className: page.right,
    render: (row) => {
      if (isUpload(row)) return <RemoveButton upload={row} onClick={() => onRemoveUpload(row.id)} />;
      if (!mayEdit) return null;
      return <IconButton icon="trash" label={`Delete ${row.name}`} onClick={() => onDelete(row)} />;
    },
  };
  return (
    <ResourceTable label="Documents" columns={[...columns, remove]} items={[...uploads, ...documents]} />
  );
}

const columns: ResourceColumn<Row>[] = [
  {
    title: "Document",
    render: (row) =>
      isUpload(row) ? (
        <ResourceName glyph={<Icon name="upload" />} help={formatBytes(row.file.size)}>
          <Name>{row.file.name}</Name>
        </ResourceName>
      ) : (
        <ResourceName
          glyph={<Icon name="document" />}
          help={`${describeKind(row)}, ${formatBytes(row.size)}`}
        >
          <Name>{row.name}</Name>
        </ResourceName>
      ),
  },
  {
    title: "State",
    className: styles.state,
    headClassName: styles.stateHead,
    render: (row) => (isUpload(row) ? <UploadState upload={row} /> : <DocumentState document={row} />),
  },
  {
    title: "Chunks",
    className: joinClasses(page.right, page.spare),
    render: (row) => (isUpload(row) || row.status !== "ready" ? "–" : formatNumber(row.chunks)),
  },
  {
    title: "Added",
    className: page.spare,
    getHint: (row) => (isUpload(row) ? undefined : formatExact(row.created_at)),
    render: (row) => (isUpload(row) ? "–" : formatAgo(row.created_at)),
  },
];

function isUpload(row: Row): row is Upload {
  return "file" in row;
}

function RemoveButton({ upload, onClick }: { upload: Upload; onClick: () => void }) {
  const verb = upload.state === "failed" ? "Remove from the list" : "Stop the upload";
  return <IconButton icon="close" label={`${verb}: ${upload.file.name}`} title={verb} onClick={onClick} />;
}

function Name({ children }: { children: string }) {
  return (
    <span className={styles.name} title={children}>
      {children}
    </span>
  );
}

const fileKinds: Record<string, string> = {
  "application/pdf": "PDF",
  "text/html": "HTML",
  "text/markdown": "Markdown",
  "text/plain": "Text",
};

/** The kind of the file, or that a flow saved the text. */
function describeKind({ media_type: type, context }: CollectionDocument): string {
  return context ? "Saved by a flow" : (fileKinds[type] ?? type);
}
