import { useStore } from "zustand";
import { conversationStore } from "./conversation";

/** Reads a part of the shown conversation. The component is drawn again when that part changes. */
export function useConversation<Part>(
  select: (conversation: ReturnType<typeof conversationStore.getState>) => Part,
): Part {
  return useStore(conversationStore, select);
}
