// Tables that are folded away: unfolded where a link leads to them, and on paper.
(function () {
  "use strict";
  // Where the address leads. Anybody can write one that is no encoded name: "#%" leads nowhere.
  function named() {
    try {
      return document.getElementById(decodeURIComponent(location.hash.slice(1)));
    } catch (error) {
      return null;
    }
  }
  function reach() {
    var target = named();
    if (target && target.tagName === "DETAILS" && !target.open) {
      target.open = true;
      target.scrollIntoView();
    }
  }
  var folded = [];
  window.addEventListener("beforeprint", function () {
    folded = Array.from(document.querySelectorAll("details.group:not([open])"));
    folded.forEach(function (details) { details.open = true; });
  });
  window.addEventListener("afterprint", function () {
    folded.forEach(function (details) { details.open = false; });
  });
  window.addEventListener("hashchange", reach);
  reach();
})();
