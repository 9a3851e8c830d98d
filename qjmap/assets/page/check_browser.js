(function (root) {
  /* In the syntax of old browsers: shows the page's table instead of a map that the browser cannot draw, or that fails. */
  function giveUp() {
    if (root.getAttribute("data-qjmap") !== "ready") root.className += " qjmap-old";
  }
  if (!(window.CSS && CSS.supports && CSS.supports("selector(:is(a))") && String.prototype.replaceAll && window.ResizeObserver && window.WeakRef)) giveUp();
  window.addEventListener("error", giveUp);
  window.addEventListener("unhandledrejection", giveUp);
})(document.documentElement);
