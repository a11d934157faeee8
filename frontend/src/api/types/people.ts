/** Who is signed in and where, the people of a workspace, and what they did. */

import type { Schemas } from "./schemas";

export type Me = Schemas["Me"];
export type Workspace = Schemas["Membership"];
export type Role = Workspace["role"];
export type Member = Schemas["Member"];
export type Invitation = Schemas["Invitation"];
export type NewInvitation = Schemas["NewInvitation"];
export type OpenedInvitation = Schemas["OpenedInvitation"];
export type SignInState = Schemas["SignInState"];
export type FactorRule = Schemas["FactorRule"];
export type FactorSetup = Schemas["FactorSetup"];
export type RecoveryCodes = Schemas["RecoveryCodes"];
export type SecondFactor = Schemas["SecondFactor"];
export type LinkedProvider = Schemas["LinkedProvider"];
export type Account = Schemas["Account"];
export type BrowserSession = Schemas["BrowserSession"];
export type AuditEntry = Schemas["AuditEntry"];
export type AuditPage = Schemas["AuditPage"];
export type Deed = AuditEntry["deed"];
