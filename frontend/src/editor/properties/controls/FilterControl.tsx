import { addFilterField, useFilterFields, writeFilterExample } from "../../../api/filter-fields";
import { formatLiteral } from "../form/property-draft";
import type { ControlProps } from "../form/control-props";
import styles from "./FilterControl.module.css";
import { TextControl } from "./TextControl";

const MAX_FIELDS = 8;

/** The filter of a search, with the fields that the documents of the chosen collection have. */
export function FilterControl(props: ControlProps) {
  const { property, field, naming, readOnly } = props;
  const { data: fields } = useFilterFields(findCollection(props));
  const placeholder = writeFilterExample(fields) ?? property.placeholder;
  const add = (name: string) => {
    field.setLiteral(addFilterField(formatLiteral(field.draft.literal), name));
    document.getElementById(naming.id)?.focus();
  };
  return (
    <div className={styles.filter}>
      <TextControl {...props} property={{ ...property, placeholder }} />
      {readOnly || !fields?.length ? null : (
        <p className={styles.fields}>
          Fields:{" "}
          {fields.slice(0, MAX_FIELDS).map(({ name }) => (
            <button
              key={name}
              type="button"
              className={styles.field}
              aria-label={`Add the field ${name}`}
              onClick={() => add(name)}
            >
              {name}
            </button>
          ))}
        </p>
      )}
    </div>
  );
}

/** The id of the collection that the node searches; null while it is chosen in the run, or not yet. */
function findCollection({ action, siblings }: ControlProps): string | null {
  const property = action.properties.find(({ type }) => type === "collection");
  const value = property ? siblings[property.name] : undefined;
  return typeof value === "string" && value !== "" && !value.includes("{{") ? value : null;
}
