// The overview: sorting by a column, and showing only some backends, layouts or one question.
(function () {
  "use strict";
  var controls = document.querySelector("[data-controls]");
  if (!controls) { return; }
  controls.hidden = false;
  var questions = Array.from(document.querySelectorAll(".question"));

  function keyOf(row, column, kind) {
    var key = row.cells[column].dataset.key;
    if (kind === "number") { return key === "" ? null : Number(key); }
    return key.toLowerCase();
  }

  function sort(table, column, kind, order) {
    var body = table.tBodies[0];
    var rows = Array.from(body.rows);
    rows.sort(function (a, b) {
      if (order === "none") { return a.dataset.place - b.dataset.place; }
      var x = keyOf(a, column, kind), y = keyOf(b, column, kind);
      // What has no figure is last, whichever way.
      if (x === null || y === null) { return (x === null) - (y === null) || a.dataset.place - b.dataset.place; }
      var way = order === "ascending" ? 1 : -1;
      return x < y ? -way : x > y ? way : a.dataset.place - b.dataset.place;
    });
    rows.forEach(function (row) { body.appendChild(row); });
  }

  questions.forEach(function (question) {
    var table = question.querySelector("table");
    Array.from(table.tBodies[0].rows).forEach(function (row, place) { row.dataset.place = place; });
    var heads = Array.from(table.tHead.rows[0].cells);
    heads.forEach(function (head, column) {
      var button = document.createElement("button");
      button.type = "button";
      while (head.firstChild) { button.appendChild(head.firstChild); }
      head.appendChild(button);
      head.setAttribute("aria-sort", "none");
      button.addEventListener("click", function () {
        var next = { none: "ascending", ascending: "descending", descending: "none" };
        var order = next[head.getAttribute("aria-sort")];
        heads.forEach(function (other) { other.setAttribute("aria-sort", "none"); });
        head.setAttribute("aria-sort", order);
        sort(table, column, head.dataset.sorts, order);
      });
    });
  });

  var backend = controls.querySelector("[data-filter=backend]");
  var layout = controls.querySelector("[data-filter=layout]");
  var chosen = controls.querySelector("[data-question]");
  var count = controls.querySelector("[data-count]");

  function has(element, wanted) {
    return element.dataset.name.toLowerCase().includes(wanted.trim().toLowerCase());
  }

  function filter() {
    var backends = [0, 0], layouts = [0, 0];
    questions.forEach(function (question) {
      var off = chosen && chosen.value !== "" && chosen.value !== question.dataset.field;
      question.hidden = Boolean(off);
      var table = question.querySelector("table");
      var rows = Array.from(table.tBodies[0].rows);
      var heads = Array.from(table.tHead.rows[0].cells).slice(1);
      rows.forEach(function (row) { row.hidden = !has(row, backend.value); });
      heads.forEach(function (head, index) {
        head.hidden = !has(head, layout.value);
        rows.forEach(function (row) { row.cells[index + 1].hidden = head.hidden; });
      });
      if (off) { return; }
      backends = [rows.filter(function (row) { return !row.hidden; }).length, rows.length];
      layouts[0] = Math.max(layouts[0], heads.filter(function (head) { return !head.hidden; }).length);
      layouts[1] = Math.max(layouts[1], heads.length);
    });
    // On paper it is said only where something is missing.
    controls.toggleAttribute("data-partly", Boolean(backend.value || layout.value || (chosen && chosen.value)));
    count.textContent = backends[0] + " of " + backends[1] + " backends, " +
      layouts[0] + " of " + layouts[1] + " layouts shown";
  }
  [backend, layout].forEach(function (input) { input.addEventListener("input", filter); });
  if (chosen) { chosen.addEventListener("change", filter); }
  filter();
})();
