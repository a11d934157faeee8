import { useNavigate } from "react-router";
import { useSignOut } from "../../api/session";
import { showFailedToast } from "../../ui/feedback/toasts";

/** Signs out and opens the sign-in page. Says so when the server refuses. */
export function useSignOutAndLeave(): () => void {
  const signOut = useSignOut();
  const navigate = useNavigate();
  return () =>
    signOut.mutate(undefined, {
      onSuccess: () => void navigate("/sign-in"),
      onError: (error) => showFailedToast("Not signed out", { text: error.message }),
    });
}
