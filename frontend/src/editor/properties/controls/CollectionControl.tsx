import { useCollections } from "../../../api/collections";
import type { ControlProps } from "../form/control-props";
import { ResourceSelect } from "./ResourceSelect";

/** Chooses a collection of the workspace. The graph keeps the name, so that the flow works in another workspace. */
export function CollectionControl(props: ControlProps) {
  const { data } = useCollections();
  return (
    <ResourceSelect
      {...props}
      choices={data?.map(({ name }) => ({ value: name, title: name }))}
      unset="Choose a collection"
      none="No collection yet"
      unknown={(name) => `${name} (not here)`}
    />
  );
}
