import { graphStore } from "../../../graph/store";
import { changeLayout } from "../../layout";
import type { EditorCommand } from "../command";

export const publish: EditorCommand = {
  id: "publish",
  title: "Publish",
  scope: "editor",
  keys: [],
  icon: "upload",
  enabled: () => !graphStore.getState().readOnly,
  perform: () => changeLayout({ publishing: "draft" }),
};
