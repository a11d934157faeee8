/** The pictures of images, as addresses that hold them: a frame of another site sends no cookie with an `<img>`. */
import { fetchFile } from "../api/chat-page";

const MAX_KEPT_PICTURES = 50;
const pictures = new Map<string, Promise<string>>();

/** The content of a file as a `data:` address. */
export function readAsAddress(content: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result as string);
    reader.onerror = () => reject(reader.error ?? new Error("The file cannot be read."));
    reader.readAsDataURL(content);
  });
}

/** The picture of an image that the server has; the last 50 are kept. */
export function loadPicture(address: string, id: string): Promise<string> {
  const known = pictures.get(id);
  if (known) return known;
  const picture = fetchFile(address, id).then(readAsAddress);
  keepPicture(id, picture);
  picture.catch(() => pictures.delete(id));
  return picture;
}

/** Keeps the picture of an image that was just uploaded, so that it is not fetched again. */
export function keepPicture(id: string, picture: Promise<string>): void {
  pictures.set(id, picture);
  const oldest = pictures.keys().next().value;
  if (pictures.size > MAX_KEPT_PICTURES && oldest !== undefined) pictures.delete(oldest);
}
