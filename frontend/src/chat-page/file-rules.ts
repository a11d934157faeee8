/** Which files a question may have, said before one is sent. The server judges again, by what is in a file. Pure. */
import type { FileRules } from "../api/types";
import { formatBytes } from "../ui/format";

export interface FileRefusal {
  message: string;
  hint: string | null;
}

/** What is known of a file before it is sent. */
export interface FileFacts {
  name: string;
  size: number;
  /** The media type as the browser knows it; empty when it knows none. */
  type: string;
}

const IMAGE_TYPES = ["image/png", "image/jpeg", "image/gif", "image/webp"];
const TEXT_SUFFIXES = [".txt", ".md", ".csv", ".json"];
const PDF = "application/pdf";

/** For the attribute `accept` of a file field. */
export function getAcceptedTypes({ kinds }: FileRules): string {
  return [...IMAGE_TYPES, ...(kinds === "all" ? [PDF, ...TEXT_SUFFIXES] : [])].join(",");
}

export function isImage(type: string): boolean {
  return IMAGE_TYPES.includes(type);
}

/** `Up to 10 files, 16 MB together: …`. */
export function describeRules(rules: FileRules): string {
  const images = `PNG, JPEG, GIF or WebP images of up to ${formatBytes(rules.max_image_bytes)}`;
  const pdf = `PDF of up to ${formatBytes(rules.max_pdf_bytes)}`;
  const texts = `texts (${TEXT_SUFFIXES.join(", ")}) of up to ${formatBytes(rules.max_text_bytes)}`;
  const kinds = rules.kinds === "images" ? images : `${images}, ${pdf}, ${texts}`;
  return `Up to ${rules.max_files} files, ${formatBytes(rules.max_question_bytes)} together: ${kinds}.`;
}

/** Why a file cannot be added to those that are there already; null when it can. */
export function judgeFile(
  file: FileFacts,
  before: readonly { bytes: number }[],
  rules: FileRules,
): FileRefusal | null {
  const limit = getLimit(file, rules);
  if (limit === null) return { message: "This chat does not take such a file.", hint: describeTypes(rules) };
  if (file.size === 0) return { message: "The file is empty.", hint: null };
  if (before.length >= rules.max_files)
    return { message: `A question may have ${rules.max_files} files.`, hint: "Remove one first." };
  if (file.size > limit)
    return {
      message: `The file has ${formatBytes(file.size)}.`,
      hint: `${formatBytes(limit)} are allowed.`,
    };
  const together = before.reduce((sum, { bytes }) => sum + bytes, file.size);
  if (together <= rules.max_question_bytes) return null;
  return {
    message: `Together the files have ${formatBytes(together)}.`,
    hint: `${formatBytes(rules.max_question_bytes)} are allowed.`,
  };
}

/** The most bytes that a file of this type may have; null where its type is not taken. */
function getLimit({ name, type }: FileFacts, rules: FileRules): number | null {
  if (isImage(type)) return rules.max_image_bytes;
  if (rules.kinds === "images") return null;
  if (type === PDF) return rules.max_pdf_bytes;
  return TEXT_SUFFIXES.some((suffix) => name.toLowerCase().endsWith(suffix)) ? rules.max_text_bytes : null;
}

function describeTypes({ kinds }: FileRules): string {
  const more = kinds === "all" ? `, PDF, and texts named ${TEXT_SUFFIXES.join(", ")}` : "";
  return `It takes PNG, JPEG, GIF or WebP images${more}.`;
}
