/** The order of a form: sections as the catalogue lists them, and the rare properties folded under More. Pure. */
import type { PropertyDescription } from "../../../api/types";

export interface Section {
  /** Null for what stands at the top without a heading. */
  title: string | null;
  folded: boolean;
  properties: PropertyDescription[];
}

const PLAIN = "General";
const MORE = "More";

export function sectionsOf(properties: readonly PropertyDescription[]): Section[] {
  const sections: Section[] = [];
  for (const property of properties) {
    const title = property.advanced ? MORE : property.section;
    const place = sections.find((section) => (section.title ?? PLAIN) === title);
    if (place) place.properties.push(property);
    else
      sections.push({
        title: title === PLAIN ? null : title,
        folded: title === MORE,
        properties: [property],
      });
  }
  return sections;
}

/** Widgets that need the panel's whole width: their label stands above. */
export function isTall(property: PropertyDescription): boolean {
  return ["text", "template", "condition"].includes(property.widget);
}
