/* The address of what is shown: #id=... It works on file:// too, so links can be sent and Back goes back. */
"use strict";

(function (page) {
  page.makeAddress = function (select, close) {
    const read = () => {
      try {
        return new URLSearchParams(window.location.hash.slice(1)).get("id") || "";
      } catch (_) {
        return "";
      }
    };
    let now = read();

    window.addEventListener("hashchange", () => {
      const id = read();
      if (id === now) return;
      now = id;
      if (id) select(id);
      else close();
    });

    /* A link to what is already in the address moves the map to it again. */
    document.addEventListener("click", (event) => {
      const link = event.target instanceof Element ? event.target.closest('a[href^="#id="]') : null;
      if (link && link.hash === window.location.hash) {
        event.preventDefault();
        select(read());
      }
    });

    return {
      get id() { return now; },
      set(id) {
        if (id === now) return;
        now = id;
        window.location.hash = id ? "id=" + encodeURIComponent(id) : "";
      },
    };
  };
})(window.QJMap.page);
