/** Makes an image small enough to be sent: photos of phones are often larger than a model takes. */

const MAX_SIDE_PX = 2_000;
const QUALITY = 0.85;
const SHRINKABLE = ["image/jpeg", "image/png", "image/webp"];

/** The file itself when it is small enough, or cannot be made smaller; else a JPEG of it. */
export async function shrinkImage(file: File, maxBytes: number): Promise<File> {
  if (file.size <= maxBytes || !SHRINKABLE.includes(file.type)) return file;
  try {
    const blob = await drawSmaller(file);
    return blob && blob.size < file.size
      ? new File([blob], toJpegName(file.name), { type: blob.type })
      : file;
  } catch {
    return file; // no image in spite of its name: the server says so
  }
}

async function drawSmaller(file: File): Promise<Blob | null> {
  const image = await createImageBitmap(file);
  const scale = Math.min(1, MAX_SIDE_PX / Math.max(image.width, image.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(image.width * scale));
  canvas.height = Math.max(1, Math.round(image.height * scale));
  const ground = canvas.getContext("2d");
  if (ground === null) return null;
  ground.fillStyle = "#fff"; // a JPEG has no transparent parts
  ground.fillRect(0, 0, canvas.width, canvas.height);
  ground.drawImage(image, 0, 0, canvas.width, canvas.height);
  image.close();
  return new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", QUALITY));
}

function toJpegName(name: string): string {
  return `${name.replace(/\.[^.]*$/, "")}.jpg`;
}
