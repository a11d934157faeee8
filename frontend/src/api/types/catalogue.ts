/** What the palette, the cards and the property form are made from. */

import type { Schemas } from "./schemas";

export type Catalogue = Schemas["Catalogue"];
export type Family = Schemas["Family"];
export type ActionDescription = Schemas["ActionDescription"];
export type ActionRole = ActionDescription["role"];
export type Branch = Schemas["BranchDescription"];
export type ProvidedVariable = Schemas["ProvidedVariable"];
export type AttachmentSlot = Schemas["AttachmentDescription"];
export type OutputDescription = Schemas["OutputDescription"];
export type FieldDescription = Schemas["FieldDescription"];
export type PropertyDescription = Schemas["PropertyDescription"];
export type PropertyType = PropertyDescription["type"];
export type BindingMode = PropertyDescription["modes"][number];
export type Widget = PropertyDescription["widget"];
export type Choice = Schemas["Choice"];
