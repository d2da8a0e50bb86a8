// The interactive page on risk: builds its forms, keeps what the reader chose, and shows what risk-model.js computes.
// Everything stays in the page: nothing is sent or stored.
document.addEventListener("DOMContentLoaded", () => {
  "use strict";

  const model = globalThis.hipRisk;
  const original = JSON.parse(document.getElementById("risk-data").textContent);
  const copy = () => JSON.parse(JSON.stringify(original));
  let of = copy(); // the case with the reader's numbers
  let chosen = []; // ids of controls
  let factor = 1; // by which the reader's calibration widens every range
  let widen = false;

  const spaced = (number) => Math.round(number).toString().replace(/\B(?=(\d{3})+$)/g, "\u00a0");
  const percent = (share) => `${(100 * share).toFixed(1)} %`;
  const total = (values) => values.reduce((sum, value) => sum + value, 0);

  // An element; attributes whose value is undefined or false are left out.
  const h = (tag, attributes = {}, ...children) => {
    const svg = ["svg", "path", "line", "text", "g"].includes(tag);
    const element = svg ? document.createElementNS("http://www.w3.org/2000/svg", tag) : document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
      else if (value !== undefined && value !== false) element.setAttribute(name, value === true ? "" : value);
    }
    element.append(...children);
    return element;
  };

  // A wide table scrolls inside its box, which the keyboard can reach.
  const table = (caption, heads, rows) =>
    h("div", {class: "pst-scrollable-table-container", role: "region", tabindex: "0", "aria-label": caption},
      h("table", {},
        h("caption", {}, h("span", {}, caption)),
        h("thead", {}, h("tr", {}, ...heads.map((head) => h("th", {scope: "col"}, head)))),
        h("tbody", {}, ...rows.map(([first, ...others]) =>
          h("tr", {}, h("th", {scope: "row"}, first), ...others.map((cell) => h("td", {}, cell)))))));

  const place = (part) => document.querySelector(`[data-interactive="risk"][data-part="${part}"]`);

  // A number with its label. `read` is called with every number that fits; another one is marked, and why is said.
  const number = (name, words, value, {least, most, read, shown = words}) => {
    const fault = h("span", {class: "risk-fault", id: `${name}-fault`, role: "status"});
    const input = h("input", {
      type: "number", id: name, name, value, min: least, max: most, step: "any", "aria-describedby": `${name}-fault`,
      oninput: (event) => {
        const given = event.target.valueAsNumber;
        const fits = given >= least && given <= most;
        event.target.setAttribute("aria-invalid", fits ? "false" : "true");
        fault.textContent = fits ? "" : `Write a number from ${spaced0(least)} to ${spaced0(most)}.`;
        if (fits) read(given);
      },
    });
    return h("div", {class: "risk-number"}, h("label", {for: name}, shown), input, fault);
  };
  const spaced0 = (value) => (value < 1 ? String(value) : spaced(value));

  /* 1. Calibration */
  const calibration = () => {
    const status = h("div", {class: "risk-result", role: "status", id: "calibration-result"});
    const answers = of.questions.map((question, at) => {
      const verdict = h("p", {class: "risk-verdict", id: `question-${at}-verdict`});
      const field = (end) => h("div", {class: "risk-number"},
        h("label", {for: `question-${at}-${end}`}, end === "low" ? "Low end" : "High end"),
        h("input", {type: "number", step: "any", min: 0, id: `question-${at}-${end}`}));
      return h("fieldset", {}, h("legend", {}, `${at + 1}. ${question.ask}`),
        h("div", {class: "risk-row"}, field("low"), field("high"), h("span", {class: "risk-unit"}, question.unit)), verdict);
    });
    const score = () => {
      let hits = 0;
      let answered = 0;
      of.questions.forEach((question, at) => {
        const [low, high] = ["low", "high"].map((end) => document.getElementById(`question-${at}-${end}`).valueAsNumber);
        const verdict = document.getElementById(`question-${at}-verdict`);
        const given = low < high;
        const hit = given && low <= question.truth && question.truth <= high;
        answered += given;
        hits += hit;
        verdict.replaceChildren(...(given
          ? [h("span", {class: hit ? "risk-good" : "risk-bad"}, `${hit ? "Inside" : "Outside"} your range: `),
            `${spaced(question.truth)} ${question.unit}. Source: ${question.source}.`]
          : ["Not counted: give a low end and a higher high end."]));
      });
      if (answered < 5) {
        status.textContent = `${answered} of ${of.questions.length} questions are answered. Answer at least 5 to get a score.`;
        return;
      }
      factor = model.widening(hits, answered);
      const chance = model.hitsOrFewer(hits, answered);
      const few = hits < 0.9 * answered;
      status.replaceChildren(
        h("p", {}, h("strong", {}, `${hits} of ${answered} of your ranges hold the truth. `),
          `Somebody whose ranges hold nine times in ten gets ${hits} or fewer with a probability of ${percent(chance)}.`),
        h("p", {}, few
          ? `Your ranges work like ${Math.round((100 * hits) / answered)} % ranges. To hold with 90 % they would have to be ${factor.toFixed(1)} times as wide on a logarithmic scale. ${answered} questions measure this roughly: take it as a direction.`
          : "That is as it should be, or a little wide. Ten questions measure this roughly."),
        few ? h("div", {class: "risk-check"},
          h("input", {type: "checkbox", id: "widen", checked: widen, onchange: (event) => { widen = event.target.checked; update(); }}),
          h("label", {for: "widen"}, "Widen all ranges below as if they were mine")) : "");
      update();
    };
    place("calibration").replaceChildren(
      ...answers,
      h("button", {type: "button", class: "risk-button", id: "score", onclick: score}, "Show my score"),
      status);
  };

  /* 2. Estimates and weights */
  const estimates = () => {
    const range = (scenario, what, most) => ["low", "high"].map((end, at) =>
      number(`${scenario.id}-${what}-${end}`, `${what} ${end}`, scenario[what][at], {
        least: 0.001, most,
        shown: `${what === "events" ? "Events a year" : "Persons an event"}, ${end}`,
        read: (value) => { scenario[what][at] = value; updateSoon(); },
      }));
    place("estimates").replaceChildren(
      h("h3", {}, "The weights"),
      h("div", {class: "risk-row"}, ...Object.entries(of.harms).map(([key, harm]) =>
        number(`weight-${key}`, "weight", harm.weight, {
          least: 0, most: 1000, shown: `One person, ${harm.name.toLowerCase()}`,
          read: (value) => { harm.weight = value; updateSoon(); },
        }))),
      h("h3", {}, "The ranges"),
      ...of.scenarios.map((scenario) => h("fieldset", {class: "risk-scenario"}, h("legend", {}, scenario.name),
        h("p", {}, `${scenario.happens} Harm: ${of.harms[scenario.harm].name.toLowerCase()}.`),
        h("div", {class: "risk-row"}, ...range(scenario, "events", 100), ...range(scenario, "persons", of.users)),
        h("p", {class: "risk-fault", id: `${scenario.id}-fault`, role: "status"}))),
      h("button", {type: "button", class: "risk-button", id: "reset", onclick: reset}, "Back to the lesson's numbers"));
  };

  // A range whose ends stand the wrong way round is said to be so, and nothing is computed from it.
  const rangesFit = () => of.scenarios.map((scenario) => {
    const wrong = ["events", "persons"].filter((what) => !(scenario[what][0] < scenario[what][1]));
    document.getElementById(`${scenario.id}-fault`).textContent =
      wrong.length ? `The low end must be below the high end (${wrong.join(", ")}).` : "";
    return wrong.length === 0;
  }).every(Boolean);

  const nameOf = (id) => of.scenarios.find((scenario) => scenario.id === id).name;

  /* 3. Controls */
  const controls = () => {
    const choose = (ids) => { chosen = ids; update(); };
    place("controls").replaceChildren(
      number("budget", "budget", of.budget, {least: 0, most: 5000000, shown: "Budget, NOK a year",
        read: (value) => { of.budget = value; updateSoon(); }}),
      h("fieldset", {class: "risk-controls"}, h("legend", {}, "Controls"),
        ...of.controls.map((control) => h("div", {class: "risk-check"},
          h("input", {type: "checkbox", id: `control-${control.id}`, onchange: (event) =>
            choose(of.controls.map((one) => one.id).filter((id) => (id === control.id ? event.target.checked : chosen.includes(id))))}),
          h("label", {for: `control-${control.id}`}, `${control.name}: NOK ${spaced(control.cost)}. Leaves `,
            control.acts.map((act) => `${Math.round(100 * act.factor)} % of the ${act.multiplies} of “${nameOf(act.scenario)}”`).join(" and "), ".")))),
      h("div", {class: "risk-row"},
        h("button", {type: "button", class: "risk-button", id: "choose-reds", onclick: () => choose(model.redsFirst(current()))}, "Choose reds first"),
        h("button", {type: "button", class: "risk-button", id: "choose-best", onclick: () => choose(model.bestSet(current()))}, "Choose the best set"),
        h("button", {type: "button", class: "risk-button", id: "choose-none", onclick: () => choose([])}, "Choose none")),
      h("div", {class: "risk-result", role: "status", id: "controls-result"}));
  };

  // The case with the ranges that are computed with: widened, if the reader wants them so.
  const current = () => ({...of, scenarios: of.scenarios.map((scenario) => (widen
    ? {...scenario, events: model.widened(scenario.events, factor), persons: model.widened(scenario.persons, factor)}
    : scenario))});

  const showMatrix = (now) => {
    const harm = model.estimator(now)([]);
    const rows = now.scenarios.map((scenario, at) => ({scenario, harm: harm[at], ...model.inMatrix(now, scenario)}));
    rows.sort((a, b) => b.harm - a.harm);
    let wrong = 0;
    let tied = 0;
    rows.forEach((one, at) => rows.slice(at + 1).forEach((other) => {
      wrong += one.score < other.score;
      tied += one.score === other.score;
    }));
    place("matrix").replaceChildren(
      table("Six scenarios, the largest expected harm first", ["Scenario", "Matrix", "Colour", "Expected harm, weighted persons a year"],
        rows.map((row) => [row.scenario.name, `${row.likelihood} × ${row.consequence} = ${row.score}`.replaceAll(" ", "\u00a0"),
          h("span", {class: `risk-${row.colour}`}, row.colour), spaced(row.harm)])),
      h("p", {id: "matrix-result"},
        `Of ${(rows.length * (rows.length - 1)) / 2} pairs of scenarios the matrix puts ${wrong} in the wrong order and cannot tell ${tied} apart.`));
  };

  // One exceedance curve for each kind of harm: without controls a full line, with the chosen ones dashed.
  const curve = (harm, before, after) => {
    const [width, height, left, top, right, bottom] = [230, 190, 48, 10, 14, 40];
    const most = harm.criterion.more_than * 3;
    const x = (persons) => left + (persons / most) * (width - left - right);
    const y = (share) => top + (Math.log10(1) - Math.log10(Math.max(share, 0.001))) / 3 * (height - top - bottom);
    const line = (years) => {
      const sorted = Float64Array.from(years).sort();
      let at = 0;
      const points = Array.from({length: 121}, (_, step) => {
        const level = (most * step) / 120;
        while (at < sorted.length && sorted[at] <= level) at += 1;
        return [level, (sorted.length - at) / sorted.length];
      }).filter(([, share]) => share >= 0.001);
      return `M${points.map(([level, share]) => `${x(level).toFixed(1)} ${y(share).toFixed(1)}`).join("L")}`;
    };
    const {more_than: limit, probability} = harm.criterion;
    const says = `${harm.name}: the probability of more than ${limit} persons in a year is ${percent(model.exceeds(before, limit))} without controls and ${percent(model.exceeds(after, limit))} with the chosen ones; at most ${percent(probability)} is acceptable.`;
    return h("div", {class: "risk-curve"}, h("p", {"aria-hidden": "true"}, h("strong", {}, harm.name)),
      h("svg", {viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": says},
        ...[[1, "100 %"], [0.1, "10 %"], [0.01, "1 %"], [0.001, "0.1 %"]].map(([share, words]) => h("g", {},
          h("line", {x1: left, x2: width - right, y1: y(share), y2: y(share), class: "risk-grid"}),
          h("text", {x: left - 6, y: y(share) + 4, "text-anchor": "end"}, words))),
        ...[0, 1, 2, 3].map((step) => h("text", {x: x((most * step) / 3), y: height - bottom + 18, "text-anchor": "middle"}, spaced((most * step) / 3))),
        h("text", {x: (left + width - right) / 2, y: height - 6, "text-anchor": "middle"}, "persons a year"),
        h("path", {d: line(before), class: "risk-line"}),
        h("path", {d: line(after), class: "risk-line risk-dashed"}),
        h("path", {d: `M${x(limit)} ${y(probability) - 6}l6 6l-6 6l-6 -6z`, class: "risk-mark"})));
  };

  const showYears = (now) => {
    const before = model.yearsWith(now, []);
    const after = model.yearsWith(now, chosen);
    const rows = Object.entries(now.harms).map(([key, harm]) => {
      const {more_than: limit, probability} = harm.criterion;
      const left = model.exceeds(after[key], limit);
      return [`${harm.name}: ${harm.unit}`, `more than ${limit}`, percent(probability),
        h("span", {id: `before-${key}`}, percent(model.exceeds(before[key], limit))),
        h("span", {id: `after-${key}`}, percent(left)),
        h("span", {class: left <= probability ? "risk-good" : "risk-bad"}, left <= probability ? "met" : "not met")];
    });
    place("years").replaceChildren(
      table("The acceptance criteria, by ten thousand simulated years",
        ["Harm", "A bad year has", "Acceptable", "Without controls", "With the chosen controls", "Criterion"], rows),
      table("Each scenario alone, without controls", ["Scenario", "A bad year has", "Probability"],
        now.scenarios.map((scenario, at) => {
          const {more_than: limit} = now.harms[scenario.harm].criterion;
          const years = model.simulate(scenario, now.seed + at, {events: 1, persons: 1}, now.years);
          const words = `more than ${limit}, ${now.harms[scenario.harm].name.toLowerCase()}`;
          return [scenario.name, words, h("span", {id: `alone-${scenario.id}`}, percent(model.exceeds(years, limit)))];
        })),
      h("p", {}, "Full line: without controls. Dashed line: with the chosen controls. Diamond: the criterion; a curve that passes below it meets it."),
      h("div", {class: "risk-curves"}, ...Object.keys(now.harms).map((key) => curve(now.harms[key], before[key], after[key]))));
    return Object.values(now.harms).filter((_, at) => rows[at][5].textContent === "met").map((harm) => harm.name.toLowerCase());
  };

  const showControls = (now, met) => {
    const harm = model.estimator(now);
    for (const control of now.controls) document.getElementById(`control-${control.id}`).checked = chosen.includes(control.id);
    const spent = model.cost(now, chosen);
    document.getElementById("controls-result").replaceChildren(
      h("p", {}, `Chosen: NOK ${spaced(spent)} of NOK ${spaced(now.budget)}${spent > now.budget ? ", more than the budget" : ""}. `,
        "Expected harm: ", h("strong", {id: "harm-after"}, spaced(total(harm(chosen)))), " weighted persons a year, of ",
        h("span", {id: "harm-before"}, spaced(total(harm([])))), ` without controls. Criteria met: ${met.join(", ") || "none"}.`));
  };

  const showInformation = (now) => {
    const best = model.bestSet(now);
    const spared = total(model.estimator(now)([])) - total(model.estimator(now)(best));
    const price = spared > 0 ? model.cost(now, best) / spared : 0;
    const rows = now.scenarios.map((scenario, at) => [scenario, Math.max(0, model.informationValue(now)[at])]);
    rows.sort((a, b) => b[1] - a[1]);
    place("information").replaceChildren(
      table("What it is worth to know how often a scenario happens, before choosing within the budget",
        ["Scenario", "Weighted persons a year", "NOK a year, at the price of the best set"],
        rows.map(([scenario, value]) => [scenario.name, value.toFixed(1), spaced(Math.round((value * price) / 1000) * 1000)])));
  };

  const update = () => {
    if (!rangesFit()) return;
    const now = current();
    showMatrix(now);
    showControls(now, showYears(now));
    showInformation(now);
  };

  // While somebody types, the computation waits for the end.
  let waiting;
  const updateSoon = () => {
    clearTimeout(waiting);
    waiting = setTimeout(update, 250);
  };

  const reset = () => {
    of = copy();
    chosen = [];
    widen = false;
    const box = document.getElementById("widen");
    if (box) box.checked = false;
    build();
    document.getElementById("reset").focus();
  };

  const build = () => {
    estimates();
    controls();
    update();
  };

  place("print").replaceChildren(h("button", {type: "button", class: "risk-button", id: "print", onclick: () => print()}, "Print this page"));
  calibration();
  build();
});
