// The chart of samples: drawn on a canvas, pointed at with a mouse or walked through with keys.
(function () {
  "use strict";
  var explorer = document.querySelector("[data-explorer]");
  if (!explorer) { return; }
  explorer.hidden = false;
  var data = JSON.parse(document.getElementById("samples-data").textContent);
  var select = explorer.querySelector("[data-batch]");
  var log = explorer.querySelector("[data-log]");
  var plot = explorer.querySelector("[data-plot]");
  var readout = explorer.querySelector("[data-readout]");
  var boxes = Array.from(explorer.querySelectorAll("[data-series]"));
  var canvases = plot.querySelectorAll("canvas");
  var marks = boxes.map(function (box) {
    var path = box.parentNode.querySelector("path");
    return { element: path, path: new Path2D(path.getAttribute("d")) };
  });
  var margin = { left: 62, right: 12, top: 12, bottom: 40 };
  var batch, series, total, view, chosen = null;

  function shown(one) { return boxes[one.name].checked; }
  function colour(name) { return getComputedStyle(marks[name].element).fill; }
  function ink(name) { return getComputedStyle(document.documentElement).getPropertyValue(name); }

  // Everything of a number of lookups as points in the order of measurement.
  function load() {
    batch = data.batches[Number(select.value)];
    var order = [];
    series = batch.series.map(function (one) {
      var points = one.ns.map(function (ns, at) {
        var round = one.rounds ? one.rounds[at] : at;
        var point = { name: one.name, at: at, round: round, place: one.places[at], batch: ns, ns: ns / batch.lookups };
        order.push(point);
        return point;
      });
      return { name: one.name, points: points };
    });
    order.sort(function (a, b) { return a.round - b.round || a.place - b.place; });
    total = order.length;
    var before = 0;
    order.forEach(function (point, turn) {
      point.turn = turn;
      point.before = before;
      before += point.batch;
    });
    // Turns of a round, those among them of which there is no sample.
    var turns = {};
    order.forEach(function (point) { turns[point.round] = Math.max(turns[point.round] || 0, point.place + 1); });
    order.forEach(function (point) { point.of = turns[point.round]; });
    boxes.forEach(function (box, name) {
      box.parentNode.hidden = !series.some(function (one) { return one.name === name; });
    });
    // Far apart, they share no scale of equal steps.
    var range = extremes();
    log.checked = range && range[0] > 0 && range[1] / range[0] > 12;
    choose(null);
    draw();
  }

  function extremes() {
    var low = Infinity, high = -Infinity;
    series.filter(shown).forEach(function (one) {
      one.points.forEach(function (point) {
        if (point.ns < low) { low = point.ns; }
        if (point.ns > high) { high = point.ns; }
      });
    });
    return low <= high ? [low, high] : null;
  }

  function prepared(canvas) {
    var ratio = window.devicePixelRatio || 1;
    canvas.width = Math.round(plot.clientWidth * ratio);
    canvas.height = Math.round(plot.clientHeight * ratio);
    var context = canvas.getContext("2d");
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    return context;
  }

  function stamp(context, point, size) {
    context.save();
    context.translate(view.x(point), view.y(point));
    context.scale(size / 10, size / 10);
    context.fill(marks[point.name].path);
    context.restore();
  }

  function draw() {
    var context = prepared(canvases[0]);
    var width = plot.clientWidth - margin.left - margin.right;
    var height = plot.clientHeight - margin.top - margin.bottom;
    var range = extremes();
    view = null;
    if (!range || width <= 0 || height <= 0) { draw.overlay(); return; }
    var scale = chart.scale(range[0], range[1], log.checked);
    var rounds = batch.rounds.length;
    view = {
      x: function (point) { return margin.left + width * (point.round + (point.place + 0.5) / point.of) / rounds; },
      y: function (point) { return margin.top + height * (1 - scale.at(point.ns)); },
      column: width / rounds
    };
    chart.axes(context, ink, { left: margin.left, top: margin.top, width: width, height: height }, scale, batch.processes);
    var many = series.filter(shown).reduce(function (sum, one) { return sum + one.points.length; }, 0);
    var size = many > 3000 ? 1.7 : many > 600 ? 2.8 : 4;
    series.filter(shown).forEach(function (one) {
      context.fillStyle = colour(one.name);
      context.globalAlpha = many > 600 ? 0.6 : 0.85;
      one.points.forEach(function (point) {
        if (many > 6000) {
          context.fillRect(view.x(point) - 1, view.y(point) - 1, 2, 2);
        } else {
          stamp(context, point, size);
        }
      });
    });
    draw.overlay();
  }

  draw.overlay = function () {
    var context = prepared(canvases[1]);
    if (!chosen || !view) { return; }
    context.fillStyle = colour(chosen.name);
    stamp(context, chosen, 6);
    context.strokeStyle = ink("--ink");
    context.lineWidth = 2;
    context.beginPath();
    context.arc(view.x(chosen), view.y(chosen), 11, 0, 2 * Math.PI);
    context.stroke();
  };

  function ordinal(n) {
    var ends = { 1: "st", 2: "nd", 3: "rd" };
    return n + (n % 100 > 10 && n % 100 < 14 ? "th" : ends[n % 10] || "th");
  }

  // How much was timed before. Where the page has but one of so many rounds, nobody here knows.
  function since(point) {
    if (data.thinned) { return ""; }
    return ", the " + ordinal(point.turn + 1) + " of " + total + ", after " + chart.time(point.before) + " of timed batches";
  }

  function choose(point) {
    chosen = point;
    readout.textContent = !point ? "Point at a sample, or press an arrow key in the chart." :
      data.names[point.name] + ": " + chart.digits(point.ns, 5) + " ns a lookup; process " +
      batch.processes[point.round] + ", round " + batch.rounds[point.round] + ", " + ordinal(point.place + 1) +
      " of " + point.of + " in the round; a batch of " + chart.time(point.batch) + since(point);
    draw.overlay();
  }

  // The first point of a series that is in this round or a later one.
  function from(points, round) {
    var low = 0, high = points.length;
    while (low < high) {
      var middle = (low + high) >> 1;
      if (points[middle].round < round) { low = middle + 1; } else { high = middle; }
    }
    return low;
  }

  function nearest(x, y) {
    var best = null, least = 40 * 40;
    var reach = Math.ceil(40 / view.column) + 1;
    var round = Math.floor((x - margin.left) / view.column);
    series.filter(shown).forEach(function (one) {
      for (var at = from(one.points, round - reach); at < one.points.length; at += 1) {
        var point = one.points[at];
        if (point.round > round + reach) { break; }
        var right = view.x(point) - x, down = view.y(point) - y;
        var distance = right * right + down * down;
        if (distance < least) { least = distance; best = point; }
      }
    });
    return best;
  }

  var pending = null;
  function point(event) {
    var box = plot.getBoundingClientRect();
    var first = !pending;
    pending = [event.clientX - box.left, event.clientY - box.top];
    if (first) {
      requestAnimationFrame(function () {
        var near = view && nearest(pending[0], pending[1]);
        pending = null;
        if (near && near !== chosen) { choose(near); }
      });
    }
  }
  plot.addEventListener("pointermove", point);
  plot.addEventListener("pointerdown", point);

  function along(steps) {
    var points = series.find(function (one) { return one.name === chosen.name; }).points;
    return points[Math.min(Math.max(chosen.at + steps, 0), points.length - 1)];
  }

  function across(step) {
    var others = series.filter(shown);
    var here = others.findIndex(function (one) { return one.name === chosen.name; });
    var points = others[(here + step + others.length) % others.length].points;
    return points[Math.min(from(points, chosen.round), points.length - 1)];
  }

  plot.addEventListener("keydown", function (event) {
    var visible = series.filter(shown);
    if (!visible.length || event.ctrlKey || event.altKey || event.metaKey) { return; }
    var tenth = Math.max(1, Math.round(batch.rounds.length / 10));
    var moves = {
      ArrowRight: function () { return along(1); }, ArrowLeft: function () { return along(-1); },
      PageDown: function () { return along(tenth); }, PageUp: function () { return along(-tenth); },
      Home: function () { return along(-Infinity); }, End: function () { return along(Infinity); },
      ArrowDown: function () { return across(1); }, ArrowUp: function () { return across(-1); }
    };
    if (!moves[event.key]) { return; }
    event.preventDefault();
    var known = chosen && visible.some(function (one) { return one.name === chosen.name; });
    choose(known ? moves[event.key]() : visible[0].points[0]);
  });

  select.addEventListener("change", load);
  log.addEventListener("change", draw);
  boxes.forEach(function (box) {
    box.addEventListener("change", function () {
      if (chosen && !shown(chosen)) { choose(null); }
      draw();
    });
  });
  new ResizeObserver(draw).observe(plot);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
  load();
})();
