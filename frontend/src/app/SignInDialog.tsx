import { Link } from "react-router";
import { useSignInState } from "../api/sign-in";
import { SignInForm } from "../pages/sign-in/SignInForm";
import { Dialog, DialogBody } from "../ui/overlays/Dialog";
import styles from "./SignInDialog.module.css";

/** Signs in over the page that is open, so that nothing on it is lost. It closes when the person is signed in. */
export function SignInDialog({ onClose }: { onClose: () => void }) {
  const { data } = useSignInState();
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title="Sign in again"
      description="Your session has ended; the page below stays as it is. A one-time link, opened in another tab, signs in too."
    >
      <DialogBody>
        <SignInForm />
        {data?.provider ? (
          <p className={styles.elsewhere}>
            <Link to="/sign-in" target="_blank">
              Sign in with {data.provider} in another tab
            </Link>
          </p>
        ) : null}
      </DialogBody>
    </Dialog>
  );
}
