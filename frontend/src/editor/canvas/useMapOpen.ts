import { create } from "zustand";
import { createJSONStorage, persist } from "zustand/middleware";

interface MapState {
  isOpen: boolean;
}

/** Whether the overview is shown, which this browser remembers. */
export const useMapOpen = create<MapState>()(
  persist((): MapState => ({ isOpen: true }), {
    name: "millrace.map",
    storage: createJSONStorage(() => localStorage),
  }),
);

export function toggleMap(): void {
  useMapOpen.setState(({ isOpen }) => ({ isOpen: !isOpen }));
}
