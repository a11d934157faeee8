import { useId, useState } from "react";
import { useInvite } from "../../api/members";
import { getFieldError } from "../../api/refusals";
import type { Role } from "../../api/types";
import { Checkbox } from "../../ui/controls/Checkbox";
import { Field } from "../../ui/controls/Field";
import { FieldGroup } from "../../ui/controls/FieldGroup";
import { Input } from "../../ui/controls/Input";
import { ResourceDialog } from "../resource/ResourceDialog";
import { LinkDialog } from "./LinkDialog";
import { roles } from "./roles";

/** Asks for the role, and for whom the link is; then shows the link, which no one can see again. */
export function InviteDialog({ onClose }: { onClose: () => void }) {
  const invite = useInvite();
  const [role, setRole] = useState<Role>("editor");
  const [address, setAddress] = useState("");
  if (invite.data)
    return (
      <LinkDialog title="Invitation" label="Invitation link" url={invite.data.url} onClose={onClose}>
        Send the link to {invite.data.address || "the person whom you invite"}. It works once, for seven days,
        and is shown only now.
      </LinkDialog>
    );
  return (
    <ResourceDialog
      title="Invite to the workspace"
      submitLabel={invite.isPending ? "Creating" : "Create link"}
      busy={invite.isPending}
      missing={null}
      holdsWork={address !== ""}
      error={invite.error}
      fieldNames={["role", "address"]}
      onSubmit={() => invite.mutate({ role, address: address.trim() })}
      onClose={onClose}
    >
      <RoleChoice value={role} error={getFieldError(invite.error, "role")} onChange={setRole} />
      <Field
        label="Mail address"
        optional
        help="Then only the account of this address can use the link. Millrace sends no mail: you send the link."
        error={getFieldError(invite.error, "address")}
      >
        {(control) => (
          <Input
            {...control}
            type="email"
            placeholder="nora@example.com"
            value={address}
            onChange={(event) => setAddress(event.target.value)}
          />
        )}
      </Field>
    </ResourceDialog>
  );
}

interface RoleChoiceProps {
  value: Role;
  error: string | null;
  onChange: (role: Role) => void;
}

function RoleChoice({ value, error, onChange }: RoleChoiceProps) {
  const name = useId();
  return (
    <FieldGroup legend="Role" error={error}>
      {roles.map((role) => (
        <Checkbox
          key={role.value}
          type="radio"
          name={name}
          help={role.help}
          checked={value === role.value}
          onChange={() => onChange(role.value)}
        >
          {role.title}
        </Checkbox>
      ))}
    </FieldGroup>
  );
}
