import type { Environment, Variable } from "../../api/types";
import { Icon } from "../../ui/icons/Icon";
import { MenuItem, MenuSeparator } from "../../ui/overlays/Menu";
import text from "../../ui/text.module.css";
import { DeleteItem } from "../resource/DeleteItem";
import { countUsers, describeUse, listUserNames } from "../resource/describe-users";
import { environments } from "../resource/environments";
import page from "../resource/resource.module.css";
import { type ResourceColumn, ResourceName, ResourceTable } from "../resource/ResourceTable";
import { RowMenu } from "../resource/RowMenu";
import styles from "./variables.module.css";

interface VariableTableProps {
  variables: Variable[];
  /** What was searched for. */
  words: string;
  onEdit: (variable: Variable) => void;
  onDelete: (variable: Variable) => void;
}

export function VariableTable({ variables, words, onEdit, onDelete }: VariableTableProps) {
  const name: ResourceColumn<Variable> = {
    title: "Variable",
    render: (variable) => (
      <ResourceName
        glyph={<Icon name={variable.secret ? "lock" : "variable"} />}
        help={variable.secret ? "Secret" : "Plain"}
      >
        <button type="button" className={page.name} onClick={() => onEdit(variable)}>
          {variable.name}
        </button>
      </ResourceName>
    ),
  };
  const menu: ResourceColumn<Variable> = {
    title: "More",
    isTitleHidden: true,
    className: page.right,
    render: (variable) => (
      <RowMenu name={variable.name}>
        <MenuItem icon="edit" onSelect={() => onEdit(variable)}>
          Open
        </MenuItem>
        <MenuSeparator />
        <DeleteItem obstacle={describeUse(variable.used_by)} onSelect={() => onDelete(variable)} />
      </RowMenu>
    ),
  };
  return (
    <ResourceTable label="Variables" columns={[name, ...columns, menu]} items={variables} words={words} />
  );
}

const columns: ResourceColumn<Variable>[] = [
  ...environments.map(({ value, title }) => ({
    title,
    getHint: ({ values }: Variable) => values[value],
    render: (variable: Variable) => <Value variable={variable} environment={value} />,
  })),
  {
    title: "Read by",
    getHint: ({ used_by: users }) => listUserNames(users),
    render: ({ used_by: users }) => countUsers(users) ?? "–",
  },
];

function Value({ variable, environment }: { variable: Variable; environment: Environment }) {
  if (!variable.set_in.includes(environment)) return <span className={text.muted}>Not set</span>;
  if (variable.secret) return <span className={text.code}>••••••••</span>;
  return <span className={styles.value}>{variable.values[environment]}</span>;
}
