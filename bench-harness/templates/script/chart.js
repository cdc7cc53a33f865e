// The ground of the chart of samples: scales, from values to places, and the lines and words around.
var chart = (function () {
  "use strict";

  // Steps of 1, 2 or 5 times a power of ten, about so many.
  function steps(low, high, about) {
    var rough = (high - low) / about;
    var power = Math.pow(10, Math.floor(Math.log10(rough)));
    var step = [1, 2, 5, 10].map(function (n) { return n * power; }).find(function (n) { return n >= rough; });
    var ticks = [];
    for (var n = Math.ceil(low / step); n * step <= high; n += 1) { ticks.push(n * step); }
    return ticks;
  }

  function logSteps(low, high) {
    var ticks = [];
    for (var power = Math.floor(Math.log10(low)); Math.pow(10, power) <= high; power += 1) {
      [1, 2, 5].forEach(function (n) {
        var tick = n * Math.pow(10, power);
        if (tick >= low && tick <= high) { ticks.push(tick); }
      });
    }
    return ticks.length > 1 ? ticks : steps(low, high, 5);
  }

  // A scale over [low, high], a little wider; `log` only where everything is above zero.
  function scale(low, high, log) {
    var straight = !(log && low > 0);
    if (straight) {
      var room = (high - low || Math.abs(high) || 1) * 0.06;
      low -= room;
      high += room;
    } else {
      var factor = Math.max(Math.pow(high / low, 0.06), 1.02);
      low /= factor;
      high *= factor;
    }
    var to = straight ? function (v) { return v; } : Math.log;
    var start = to(low), length = to(high) - start;
    return {
      at: function (value) { return (to(value) - start) / length; },
      ticks: straight ? steps(low, high, 6) : logSteps(low, high)
    };
  }

  // About four digits, never in powers of ten.
  function digits(value, wanted) {
    if (value === 0) { return "0"; }
    var size = Math.floor(Math.log10(Math.abs(value)));
    return value.toFixed(Math.min(Math.max(wanted - 1 - size, 0), 12));
  }

  function tick(value) { return String(Number(value.toPrecision(6))); }

  function time(ns) {
    var units = [[1e9, "s"], [1e6, "ms"], [1e3, "µs"]];
    var unit = units.find(function (u) { return ns >= u[0]; }) || [1, "ns"];
    return digits(ns / unit[0], 4) + " " + unit[1];
  }

  function line(context, from, to) {
    context.beginPath();
    context.moveTo(from[0], from[1]);
    context.lineTo(to[0], to[1]);
    context.stroke();
  }

  // Lines of equal value, a line where a process begins, and what the axes are; `box` is where the points go.
  function axes(context, ink, box, scale, processes) {
    var bottom = box.top + box.height, right = box.left + box.width;
    context.font = "12px " + ink("--text");
    context.lineWidth = 1;
    context.strokeStyle = ink("--line");
    context.fillStyle = ink("--muted");
    context.textAlign = "right";
    context.textBaseline = "middle";
    scale.ticks.forEach(function (value) {
      var y = box.top + box.height * (1 - scale.at(value));
      line(context, [box.left, y], [right, y]);
      context.fillText(tick(value), box.left - 6, y);
    });
    context.textAlign = "left";
    context.textBaseline = "top";
    var last = -Infinity, several = processes[processes.length - 1] !== processes[0];
    processes.forEach(function (process, round) {
      if (!several || (round > 0 && process === processes[round - 1])) { return; }
      var x = box.left + box.width * round / processes.length;
      if (round > 0) {
        context.setLineDash([3, 3]);
        line(context, [x, box.top], [x, bottom]);
        context.setLineDash([]);
      }
      // As many words as there is room for.
      if (x - last > 74) {
        context.fillText("process " + process, x + 2, bottom + 5);
        last = x;
      }
    });
    context.textAlign = "right";
    context.fillText(processes.length + (processes.length === 1 ? " round" : " rounds") + " in order →", right, bottom + 20);
    context.save();
    context.translate(12, box.top + box.height / 2);
    context.rotate(-Math.PI / 2);
    context.textAlign = "center";
    context.fillText("ns a lookup", 0, -6);
    context.restore();
  }

  return { axes: axes, scale: scale, digits: digits, time: time };
})();
