import type { CollectionDocument } from "../../../api/types";
import { ResourceName, TableFrame } from "../../resource/ResourceTable";
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

/** The documents; uploads that are not finished come first. */
export function DocumentTable(props: DocumentTableProps) {
  const { documents, uploads, mayEdit, onRemoveUpload, onDelete } = props;
  return (
    <TableFrame label="Documents">
      <thead>
        <tr>
          <th scope="col">Document</th>
          <th scope="col" className={styles.stateHead}>
            State
          </th>
          <th scope="col" className={joinClasses(page.right, page.spare)}>
            Chunks
          </th>
          <th scope="col" className={page.spare}>
            Added
          </th>
          <th aria-label="Delete" />
        </tr>
      </thead>
      <tbody>
        {uploads.map((upload) => (
          <UploadRow key={upload.id} upload={upload} onRemove={() => onRemoveUpload(upload.id)} />
        ))}
        {documents.map((document) => (
          <DocumentRow
            key={document.id}
            document={document}
            onDelete={mayEdit ? () => onDelete(document) : undefined}
          />
        ))}
      </tbody>
    </TableFrame>
  );
}

interface DocumentRowProps {
  document: CollectionDocument;
  onDelete?: () => void;
}

function DocumentRow({ document, onDelete }: DocumentRowProps) {
  const { name, size, status, chunks, created_at: added } = document;
  return (
    <tr>
      <td>
        <ResourceName
          glyph={<Icon name="document" />}
          help={`${describeKind(document)}, ${formatBytes(size)}`}
        >
          <Name>{name}</Name>
        </ResourceName>
      </td>
      <td className={styles.state}>
        <DocumentState document={document} />
      </td>
      <td className={joinClasses(page.right, page.spare)}>
        {status === "ready" ? formatNumber(chunks) : "–"}
      </td>
      <td className={page.spare} title={formatExact(added)}>
        {formatAgo(added)}
      </td>
      <td className={page.right}>
        {onDelete ? <IconButton icon="trash" label={`Delete ${name}`} onClick={onDelete} /> : null}
      </td>
    </tr>
  );
}

function UploadRow({ upload, onRemove }: { upload: Upload; onRemove: () => void }) {
  const { file, state } = upload;
  const verb = state === "failed" ? "Remove from the list" : "Stop the upload";
  return (
    <tr>
      <td>
        <ResourceName glyph={<Icon name="upload" />} help={formatBytes(file.size)}>
          <Name>{file.name}</Name>
        </ResourceName>
      </td>
      <td className={styles.state}>
        <UploadState upload={upload} />
      </td>
      <td className={joinClasses(page.right, page.spare)}>–</td>
      <td className={page.spare}>–</td>
      <td className={page.right}>
        <IconButton icon="close" label={`${verb}: ${file.name}`} title={verb} onClick={onRemove} />
      </td>
    </tr>
  );
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
