// The computations of the interactive page on risk: the same as in the lesson and the lab, number for number.
// Random numbers come from a Mersenne Twister, as numpy.random.RandomState makes them (Matsumoto and Nishimura 1998,
// 10.1145/272991.272995). Nothing here touches the page. It is a plain script and no ES module, because browsers load no
// modules from a file on disk.
(() => {
  "use strict";

  // Uniform draws in [0, 1) with 53 bits, from a whole number as seed: RandomState(seed).random_sample.
  const mersenneTwister = (seed) => {
    const state = new Uint32Array(624);
    state[0] = seed;
    for (let i = 1; i < 624; i += 1) {
      const last = state[i - 1] ^ (state[i - 1] >>> 30);
      state[i] = Math.imul(1812433253, last) + i;
    }
    let at = 624;
    const next = () => {
      if (at === 624) {
        for (let k = 0; k < 624; k += 1) {
          const y = (state[k] & 0x80000000) | (state[(k + 1) % 624] & 0x7fffffff);
          state[k] = state[(k + 397) % 624] ^ (y >>> 1) ^ (y & 1 ? 0x9908b0df : 0);
        }
        at = 0;
      }
      let y = state[at];
      at += 1;
      y ^= y >>> 11;
      y ^= (y << 7) & 0x9d2c5680;
      y ^= (y << 15) & 0xefc60000;
      return (y ^ (y >>> 18)) >>> 0;
    };
    return () => ((next() >>> 5) * 67108864 + (next() >>> 6)) / 9007199254740992;
  };

  const ratio = (x, above, below) =>
    above.reduceRight((sum, c) => sum * x + c, 0) / below.reduceRight((sum, c) => sum * x + c, 0);

  // The standard normal quantile, to about 16 digits: algorithm AS 241 (Wichura 1988, 10.2307/2347330).
  const normalQuantile = (p) => {
    const q = p - 0.5;
    if (Math.abs(q) <= 0.425) {
      return q * ratio(0.180625 - q * q,
        [3.387132872796366608, 133.14166789178437745, 1971.5909503065514427, 13731.693765509461125,
          45921.953931549871457, 67265.770927008700853, 33430.575583588128105, 2509.0809287301226727],
        [1, 42.313330701600911252, 687.1870074920579083, 5394.1960214247511077, 21213.794301586595867,
          39307.89580009271061, 28729.085735721942674, 5226.495278852854561]);
    }
    const r = Math.sqrt(-Math.log(q < 0 ? p : 1 - p));
    const far = r <= 5
      ? ratio(r - 1.6,
        [1.42343711074968357734, 4.6303378461565452959, 5.7694972214606914055, 3.64784832476320460504,
          1.27045825245236838258, 0.24178072517745061177, 0.0227238449892691845833, 7.7454501427834140764e-4],
        [1, 2.05319162663775882187, 1.6763848301838038494, 0.68976733498510000455, 0.14810397642748007459,
          0.0151986665636164571966, 5.475938084995344946e-4, 1.05075007164441684324e-9])
      : ratio(r - 5,
        [6.6579046435011037772, 5.4637849111641143699, 1.7848265399172913358, 0.29656057182850489123,
          0.026532189526576123093, 0.0012426609473880784386, 2.71155556874348757815e-5, 2.01033439929228813265e-7],
        [1, 0.59983220655588793769, 0.13692988092273580531, 0.0148753612908506148525, 7.868691311456132591e-4,
          1.8463183175100546818e-5, 1.4215117583164458887e-7, 2.04426310338993978564e-15]);
    return q < 0 ? -far : far;
  };

  // The smallest number of events whose cumulative Poisson probability reaches u. In logarithms, for large means.
  const poissonQuantile = (u, mean) => {
    let number = 0;
    let logTerm = -mean;
    let total = Math.exp(logTerm);
    while (total < u && (number < mean || logTerm > -750)) {
      number += 1;
      logTerm += Math.log(mean / number);
      total += Math.exp(logTerm);
    }
    return number;
  };

  const Z = normalQuantile(0.95);

  // A lognormal value with 90 % between low and high, for a uniform draw u.
  const fromRange = ([low, high], u) => {
    const sigma = (Math.log(high) - Math.log(low)) / (2 * Z);
    return Math.exp((Math.log(low) + Math.log(high)) / 2 + sigma * normalQuantile(u));
  };

  const many = (times, draw) => Float64Array.from({length: times}, draw);

  // Persons harmed in each of many simulated years; `left` is what controls leave of events and persons.
  const simulate = (scenario, seed, left, years) => {
    const key = JSON.stringify([scenario.events, scenario.persons, scenario.at_most, seed, left, years]);
    if (!remembered.has(key)) {
      if (remembered.size > 200) remembered.clear();
      remembered.set(key, drawYears(scenario, seed, left, years));
    }
    return remembered.get(key);
  };
  const remembered = new Map(); // most changes on the page leave most scenarios as they were

  const drawYears = (scenario, seed, left, years) => {
    const draw = mersenneTwister(seed);
    const rates = many(years, () => left.events * fromRange(scenario.events, draw()));
    const numbers = rates.map((rate) => poissonQuantile(draw(), rate));
    return numbers.map((number) => {
      let harmed = 0;
      for (let event = 0; event < number; event += 1) {
        harmed += Math.min(left.persons * fromRange(scenario.persons, draw()), scenario.at_most);
      }
      return harmed;
    });
  };

  const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const GRID = many(1000, (_, i) => (i + 0.5) / 1000); // a thousand equally probable slices
  const rateMean = (scenario) => mean(GRID.map((u) => fromRange(scenario.events, u)));

  // Weighted persons a year on average.
  const expected = (scenario, left, weight) => {
    const persons = GRID.map((u) => Math.min(left.persons * fromRange(scenario.persons, u), scenario.at_most));
    return left.events * rateMean(scenario) * mean(persons) * weight;
  };

  // What the chosen controls (ids) leave of each scenario's events and persons.
  const leftBy = (of, chosen) => {
    const left = Object.fromEntries(of.scenarios.map((scenario) => [scenario.id, {events: 1, persons: 1}]));
    for (const control of of.controls.filter((one) => chosen.includes(one.id))) {
      for (const act of control.acts) left[act.scenario][act.multiplies] *= act.factor;
    }
    return left;
  };

  // For each kind of harm, the persons harmed in each simulated year.
  const yearsWith = (of, chosen) => {
    const left = leftBy(of, chosen);
    const total = Object.fromEntries(Object.keys(of.harms).map((harm) => [harm, new Float64Array(of.years)]));
    of.scenarios.forEach((scenario, number) => {
      const years = simulate(scenario, of.seed + number, left[scenario.id], of.years);
      total[scenario.harm].forEach((_, year, harmed) => { harmed[year] += years[year]; });
    });
    return total;
  };

  // The share of years with more than a number of persons.
  const exceeds = (years, level) => years.reduce((count, harmed) => count + (harmed > level), 0) / years.length;

  const cost = (of, chosen) =>
    of.controls.reduce((sum, control) => sum + (chosen.includes(control.id) ? control.cost : 0), 0);

  // Expected harm of each scenario under the controls, with a memory: sets share most of what they leave.
  const estimator = (of) => {
    const known = new Map();
    return (chosen) => {
      const left = leftBy(of, chosen);
      return of.scenarios.map((scenario) => {
        const key = `${scenario.id} ${left[scenario.id].events} ${left[scenario.id].persons}`;
        if (!known.has(key)) known.set(key, expected(scenario, left[scenario.id], of.harms[scenario.harm].weight));
        return known.get(key);
      });
    };
  };

  const sum = (values) => values.reduce((total, value) => total + value, 0);

  // Every set of controls that the budget allows, fewest controls first, each in the order of the list.
  const affordable = (of) => {
    const ids = of.controls.map((control) => control.id);
    const sets = Array.from({length: 2 ** ids.length}, (_, bits) => ids.filter((_id, i) => (bits >> i) & 1));
    return sets.filter((chosen) => cost(of, chosen) <= of.budget).sort((a, b) => a.length - b.length);
  };

  const bestSet = (of) => {
    const harm = estimator(of);
    return affordable(of).reduce((best, chosen) => (sum(harm(chosen)) < sum(harm(best)) - 1e-9 ? chosen : best), []);
  };

  // A scenario's place in the matrix, from the middle of its ranges on the logarithmic scale.
  const inMatrix = (of, scenario) => {
    const middle = (range) => Math.sqrt(range[0] * range[1]);
    const reached = (bounds, value) => 1 + bounds.filter((bound) => value >= bound).length;
    const likelihood = reached(of.matrix.likelihood, middle(scenario.events));
    const consequence = reached(of.matrix.consequence, middle(scenario.persons) * of.harms[scenario.harm].weight);
    const score = likelihood * consequence;
    const colour = score >= of.matrix.red_from ? "red" : score >= of.matrix.yellow_from ? "yellow" : "green";
    return {likelihood, consequence, score, colour};
  };

  // Down the matrix, the strongest affordable control on each scenario first.
  const redsFirst = (of) => {
    const harm = estimator(of);
    const order = [...of.scenarios];
    const now = Object.fromEntries(order.map((scenario, number) => [scenario.id, harm([])[number]]));
    order.sort((a, b) => inMatrix(of, b).score - inMatrix(of, a).score || now[b.id] - now[a.id]);
    const chosen = [];
    for (const scenario of order) {
      const useful = of.controls.filter((control) => control.acts.some((act) => act.scenario === scenario.id));
      useful.sort((a, b) => sum(harm([a.id])) - sum(harm([b.id])));
      for (const control of useful) {
        if (!chosen.includes(control.id) && cost(of, [...chosen, control.id]) <= of.budget) chosen.push(control.id);
      }
    }
    return chosen;
  };

  // For each scenario, the expected harm spared by knowing its events a year before choosing controls.
  const informationValue = (of) => {
    const harm = estimator(of);
    const sets = affordable(of).map((chosen) => harm(chosen));
    const now = Math.min(...sets.map(sum));
    return of.scenarios.map((scenario, number) => {
      const average = rateMean(scenario);
      const lines = sets.map((set) => [sum(set) - set[number], set[number]]);
      const known = GRID.map((u) => {
        const times = fromRange(scenario.events, u) / average;
        return lines.reduce((least, [others, own]) => Math.min(least, others + own * times), Infinity);
      });
      return now - mean(known);
    });
  };

  // The 90 % range of somebody whose 90 % ranges held the truth in `hits` of the questions asked.
  const widening = (hits, asked) => Z / normalQuantile((1 + Math.min(Math.max(hits, 0.5), asked - 0.5) / asked) / 2);
  const widened = ([low, high], factor) => {
    const middle = (Math.log(low) + Math.log(high)) / 2;
    const half = (factor * (Math.log(high) - Math.log(low))) / 2;
    return [Math.exp(middle - half), Math.exp(middle + half)];
  };

  // The probability of so many hits or fewer with ranges that hold with 90 %.
  const hitsOrFewer = (hits, asked) => {
    let term = 0.1 ** asked;
    let total = term;
    for (let k = 1; k <= hits; k += 1) {
      term *= ((asked - k + 1) / k) * 9;
      total += term;
    }
    return Math.min(1, total);
  };

  globalThis.hipRisk = {
    mersenneTwister, normalQuantile, poissonQuantile, fromRange, simulate, expected, leftBy, yearsWith, exceeds, cost,
    estimator, bestSet, redsFirst, inMatrix, informationValue, widening, widened, hitsOrFewer,
  };
})();
