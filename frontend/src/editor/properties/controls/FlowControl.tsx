import { giveDistinctTitles } from "../../../api/distinct-titles";
import { useFlowNames } from "../../../api/flows";
import { useGraph } from "../../../graph/useGraph";
import type { ControlProps } from "../form/control-props";
import { ResourceSelect } from "./ResourceSelect";

/** Chooses another flow of the workspace. The graph keeps the id, so that the flow can be renamed. */
export function FlowControl(props: ControlProps) {
  const { data } = useFlowNames();
  const here = useGraph((state) => state.flow);
  return (
    <ResourceSelect
      {...props}
      choices={data && giveDistinctTitles(data.filter(({ id }) => id !== here))}
      unset="Choose a flow"
      none="No other flow yet"
      unknown={(id) => (id === here ? "This flow itself" : "A flow that does not exist")}
    />
  );
}
