/** Decodes the entities of HTML in a text, such as `&amp;`. */

const ENTITY = /&(?:#\d{1,7}|#x[\da-f]{1,6}|[a-z][a-z\d]{1,31});/gi;

/** The text with its entities as characters. An unknown entity stays as it is. */
export function decodeEntities(text: string): string {
  return text.includes("&") ? text.replace(ENTITY, decodeEntity) : text;
}

/** The parser is given the entity alone, so that nothing else of the text is ever read as HTML. */
function decodeEntity(entity: string): string {
  return new DOMParser().parseFromString(entity, "text/html").body.textContent;
}
