import { Collapsible } from "radix-ui";
import type {
  ActionDescription,
  Binding,
  GraphNode,
  Problem,
  PropertyDescription,
  ScopeVariable,
} from "../../../api/types";
import { Icon } from "../../../ui/icons/Icon";
import { PropertyField } from "./PropertyField";
import styles from "./PropertyPanel.module.css";
import { type Section, groupSections } from "./sections";

export interface PropertyFormProps {
  node: GraphNode;
  action: ActionDescription;
  /** The variables that the node can read. */
  scope: ScopeVariable[];
  /** The node's problems, as the server reports them. */
  problems: Problem[];
  /** What the node lacks, and is not told as a problem yet. */
  todos?: Problem[];
  /** The value that each variable had in the last run. */
  lastOutputs: Record<string, unknown>;
  /** Called for every valid edit; undefined unsets the property. */
  onChange: (name: string, value: Binding | undefined) => void;
  readOnly: boolean;
}

/** The sections of the form, in the order of the catalogue. */
export function PropertyForm(props: PropertyFormProps) {
  return groupSections(props.action.properties).map((section) =>
    section.folded ? (
      <FoldedSection key={section.title} {...props} section={section} />
    ) : (
      <section key={section.title ?? ""} className={styles.section} aria-label={section.title ?? "General"}>
        {section.title ? <h3 className={styles.heading}>{section.title}</h3> : null}
        <SectionFields {...props} properties={section.properties} />
      </section>
    ),
  );
}

/** Folds rare properties behind a line that names them. It is open from the start when one of them has a problem. */
function FoldedSection({ section, ...props }: PropertyFormProps & { section: Section }) {
  const names = section.properties.map(({ name }) => name);
  const troubled = props.problems.some(({ property }) => property !== null && names.includes(property));
  return (
    <Collapsible.Root defaultOpen={troubled} className={styles.section}>
      <h3 className={styles.fold}>
        <Collapsible.Trigger className={styles.trigger}>
          <Icon name="right" size={12} />
          {section.title}
          <span className={styles.names}>{section.properties.map(({ title }) => title).join(", ")}</span>
        </Collapsible.Trigger>
      </h3>
      <Collapsible.Content>
        <SectionFields {...props} properties={section.properties} />
      </Collapsible.Content>
    </Collapsible.Root>
  );
}

function SectionFields(props: PropertyFormProps & { properties: PropertyDescription[] }) {
  const { node, action, scope, problems, todos = [], lastOutputs, readOnly, onChange } = props;
  return props.properties.map((property) => (
    <PropertyField
      key={property.name}
      node={node.id}
      properties={node.properties}
      property={withPlaceholder(property, action)}
      problems={problems.filter((problem) => problem.property === property.name)}
      isLacking={todos.some((todo) => todo.property === property.name)}
      onChange={(value) => onChange(property.name, value)}
      {...{ action, scope, lastOutputs, readOnly }}
    />
  ));
}

/** The placeholder of the title is the title of the action. */
function withPlaceholder(property: PropertyDescription, { title }: ActionDescription): PropertyDescription {
  return property.name === "title" ? { ...property, placeholder: property.placeholder ?? title } : property;
}
