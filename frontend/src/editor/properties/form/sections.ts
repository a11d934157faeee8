/** The order of a form: sections as the catalogue lists them, and the rare properties folded under More. Pure. */
import type { PropertyDescription } from "../../../api/types";

export interface Section {
  /** Null for what stands at the top without a heading. */
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
