import { LinkButton } from "../../ui/controls/Button";
import { EmptyState } from "../../ui/feedback/EmptyState";
import { usePageTitle } from "../../ui/usePageTitle";

/** Takes the place of a page that the role of the person may not see. */
export function AdminsOnlyPage({ title }: { title: string }) {
  usePageTitle(title);
  return (
    <main>
      <EmptyState
        title={`${title} are for admins`}
        level={1}
        actions={
          <LinkButton to="/flows" size="l">
            All flows
          </LinkButton>
        }
      >
        An admin of this workspace can set them up, or change your role.
      </EmptyState>
    </main>
  );
}
