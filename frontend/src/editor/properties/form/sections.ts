/**
 * Groups the properties of a form: sections in the order of the catalogue, rare properties folded under More. Pure.
 */
import type { PropertyDescription } from "../../../api/types";

export interface Section {
  /** Null for the properties at the top, which have no heading. */
  title: string | null;
  folded: boolean;
  properties: PropertyDescription[];
}

const GENERAL_SECTION = "General";
const MORE_SECTION = "More";

export function groupSections(properties: readonly PropertyDescription[]): Section[] {
  const sections: Section[] = [];
  for (const property of properties) {
    const title = property.advanced ? MORE_SECTION : property.section;
    const place = sections.find((section) => (section.title ?? GENERAL_SECTION) === title);
    if (place) place.properties.push(property);
    else
      sections.push({
        title: title === GENERAL_SECTION ? null : title,
        folded: title === MORE_SECTION,
        properties: [property],
      });
  }
  return sections;
}
