import type { AuditEntry, Deed } from "../../api/types";

/** Each deed as a title of the filter, and as what an entry says before the name of its subject. */
const words = {
  "flow.created": ["Flow created", "created the flow"],
  "flow.renamed": ["Flow renamed", "renamed the flow"],
  "flow.saved": ["Flow saved", "saved the flow"],
  "flow.published": ["Flow published", "published the flow"],
  "flow.deleted": ["Flow deleted", "deleted the flow"],
  "schedule.switched_off": ["Schedule switched off", "switched off the schedule of"],
  "schedule.switched_on": ["Schedule switched on", "switched on the schedule of"],
  "chat_page.changed": ["Chat page changed", "changed the chat page of"],
  "chat_page.link_replaced": ["Chat link replaced", "replaced the chat link of"],
  "connection.created": ["Connection created", "created the connection"],
  "connection.changed": ["Connection changed", "changed the connection"],
  "connection.deleted": ["Connection deleted", "deleted the connection"],
  "variable.created": ["Variable created", "created the variable"],
  "variable.changed": ["Variable changed", "changed the variable"],
  "variable.deleted": ["Variable deleted", "deleted the variable"],
  "key.created": ["API key made", "made the API key"],
  "key.changed": ["API key limits changed", "changed the limits of the API key"],
  "key.rotated": ["API key rotated", "gave a new secret to the API key"],
  "key.old_secret_revoked": ["Old secret revoked", "revoked the old secret of the API key"],
  "key.revoked": ["API key revoked", "revoked the API key"],
  "price.set": ["Price set", "set the price of"],
  "price.removed": ["Price removed", "removed the price of"],
  "invitation.created": ["Invited", "invited"],
  "invitation.revoked": ["Invitation revoked", "revoked the invitation of"],
  "member.joined": ["Joined", "joined"],
  "member.role_changed": ["Role changed", "changed the role of"],
  "member.removed": ["Member removed", "removed"],
  "password.link_made": ["Password link made", "made a password link for"],
  "password.changed": ["Password changed", "changed the own password"],
  "session.began": ["Signed in", "signed in"],
  "provider.linked": ["Account connected", "connected the own account"],
  "factor.set_up": ["Second factor set up", "set up a second factor"],
  "factor.codes_renewed": ["Recovery codes renewed", "made new recovery codes"],
  "factor.recovery_code_used": ["Recovery code used", "used a recovery code"],
  "factor.turned_off": ["Second factor turned off", "turned off the own second factor"],
  "factor.reset": ["Second factor reset", "reset the second factor of"],
  "factor.required": ["Second factor required", "required a second factor in"],
  "factor.not_required": ["Second factor no longer required", "no longer required a second factor in"],
  "retention.changed": ["Kept logs changed", "changed how long logs are kept in"],
  "audit.exported": ["Audit log exported", "exported the audit log"],
} satisfies Record<Deed, [string, string]>;

/** The deeds that an entry says without its subject, who is the actor. */
const OWN_DEEDS = new Set<Deed>(["member.joined"]);

export const deedChoices: readonly { value: Deed | null; title: string }[] = [
  { value: null, title: "All deeds" },
  ...(Object.keys(words) as Deed[]).map((value) => ({ value, title: words[value][0] })),
];

/** What was done, in a few words: `deleted the flow Night desk`. */
export function describeDeed({ deed, subject_name }: AuditEntry): string {
  const [, verb] = words[deed];
  return subject_name && !OWN_DEEDS.has(deed) ? `${verb} ${subject_name}` : verb;
}
