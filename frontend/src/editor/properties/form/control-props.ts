import type { Binding, PropertyDescription, ScopeVariable } from "../../../api/types";
import type { PropertyDraftHandle } from "./usePropertyDraft";

/** What names and describes a control to a screen reader. */
export interface ControlNaming {
  /** Of the control that the label leads to. */
  id: string;
  labelledBy: string;
  describedBy: string | undefined;
  isInvalid: boolean;
}

/** What every control of a property is given. */
export interface ControlProps {
  property: PropertyDescription;
  field: PropertyDraftHandle;
  naming: ControlNaming;
  scope: ScopeVariable[];
  readOnly: boolean;
  /** The other properties of the node, for controls that depend on one. */
  siblings: Record<string, Binding>;
  /** What asks for another mode by typing: `=` in an empty field, `{{` in a literal. */
  shortcuts: ModeShortcuts;
}

export interface ModeShortcuts {
  /** Go to the variable; false when the property takes none. */
  toVariable: () => boolean;
  /** Go to the template with this text and the caret there; false when the property takes none. */
  toTemplate: (text: string, caret: number) => boolean;
}
