// Reads a condition and a table of unary tests from standard input; says how many of each feelin answers in a second.
import { readFileSync } from 'node:fs';
import { evaluate, unaryTest } from 'feelin';

const { condition, scope, rules, inputs } = JSON.parse(readFileSync(0, 'utf-8'));

function decide(input) {
  const values = Object.values(input);
  for (const { cells, output } of rules) {
    if (cells.every((cell, index) => cell === '-' || unaryTest(cell, { ...input, '?': values[index] }).value)) {
      return evaluate(output, input).value;
    }
  }
  return null;
}

function rate(work, turns) {
  let shortest = Infinity;
  for (let run = 0; run < 5; run++) {
    const start = performance.now();
    for (let turn = 0; turn < turns; turn++) work(turn);
    shortest = Math.min(shortest, (performance.now() - start) / 1000 / turns);
  }
  return 1 / shortest;
}

process.stdout.write(
  JSON.stringify({
    answers: inputs.map(decide),
    conditions: rate(() => evaluate(condition, scope), 1000),
    decisions: rate((turn) => decide(inputs[turn % inputs.length]), 25),
  }),
);
