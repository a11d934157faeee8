/**
 * Counts what the editor draws, from outside: frames, long tasks, and the components that React renders within each
 * card and edge. It stands in for React's developer tools, which a production build reports its commits to, so the
 * page that is measured is the page that is shipped.
 */
(() => {
  const PERFORMED_WORK = 1;
  const COMPONENTS = new Set([0, 11, 14, 15]); // function, forwardRef, memo, simple memo
  const counts = { frames: [], longTasks: [], commits: 0, cards: {}, edges: {}, elsewhere: 0 };
  let counting = false;

  const render = (place) => {
    if (!place) counts.elsewhere += 1;
    else counts[place.kind][place.id] = (counts[place.kind][place.id] ?? 0) + 1;
  };

  const placeOf = (fiber, place) => {
    const element = fiber.tag === 5 ? fiber.stateNode : null;
    if (element?.classList.contains("react-flow__node")) return { kind: "cards", id: element.dataset.id };
    if (element?.classList.contains("react-flow__edge")) return { kind: "edges", id: element.dataset.id };
    return place;
  };

  // A fiber that was not reached in this commit keeps its old flags, so only what differs from its alternate counts.
  const walk = (fiber, before, place) => {
    const here = placeOf(fiber, place);
    if (COMPONENTS.has(fiber.tag) && fiber.flags & PERFORMED_WORK) render(here);
    if (before && fiber.child === before.child) return;
    for (let child = fiber.child; child; child = child.sibling) walk(child, child.alternate, here);
  };

  window.__REACT_DEVTOOLS_GLOBAL_HOOK__ = {
    isDisabled: false,
    supportsFiber: true,
    renderers: new Map(),
    checkDCE: () => undefined,
    inject: () => 1,
    onScheduleFiberRoot: () => undefined,
    onCommitFiberUnmount: () => undefined,
    onPostCommitFiberRoot: () => undefined,
    onCommitFiberRoot: (_, root) => {
      if (!counting) return;
      counts.commits += 1;
      walk(root.current, root.current.alternate, null);
    },
  };

  new PerformanceObserver((list) => {
    if (counting) counts.longTasks.push(...list.getEntries().map((entry) => entry.duration));
  }).observe({ type: "longtask" });

  window.canvasCounts = {
    begin: () => {
      counting = true;
      Object.assign(counts, { frames: [], longTasks: [], commits: 0, cards: {}, edges: {}, elsewhere: 0 });
      let last = performance.now();
      const frame = (now) => {
        counts.frames.push(now - last);
        last = now;
        if (counting) requestAnimationFrame(frame);
      };
      requestAnimationFrame(frame);
    },
    end: () => {
      counting = false;
      return counts;
    },
  };
})();
