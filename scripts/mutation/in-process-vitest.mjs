/**
 * What the tests of the core use of vitest, without its workers: `describe` and `test` collect, and vitest's own
 * `expect` judges. A test that is collected once can be run once for every mutant in a fraction of a millisecond.
 */
import {
  ASYMMETRIC_MATCHERS_OBJECT,
  chai,
  GLOBAL_EXPECT,
  getState,
  JestAsymmetricMatchers,
  JestChaiExpect,
  JestExtend,
  setState,
} from '@vitest/expect';

for (const plugin of [JestExtend, JestChaiExpect, JestAsymmetricMatchers]) chai.use(plugin);

/** As vitest's, without snapshots, polling and soft assertions. */
export function expect(value, message) {
  return chai.expect(value, message);
}
Object.assign(expect, chai.expect, globalThis[ASYMMETRIC_MATCHERS_OBJECT]);
expect.getState = () => getState(expect);
expect.setState = (state) => setState(state, expect);
globalThis[GLOBAL_EXPECT] = expect;
expect.setState({ assertionCalls: 0 });

/** Tests in the order in which they were declared. */
export const collected = [];

let file = '';
let titles = [];

/** Collects the tests of one module. @param name of the file, which begins the names of its tests */
export async function collect(name, load) {
  file = name;
  titles = [];
  await load();
}

export function describe(title, body) {
  titles.push(title);
  body();
  titles.pop();
}

export function test(title, run) {
  const name = [file, ...titles, title].join(' > ');
  const twins = collected.filter((other) => other.title === name).length;
  collected.push({ id: twins === 0 ? name : `${name} #${twins + 1}`, title: name, file, run });
}

/** One for each row of a table, named by its number: the arguments are the row, or its items. */
const each = (declare) => (rows) => (title, body) => {
  rows.forEach((row, index) => {
    const items = Array.isArray(row) ? row : [row];
    declare(`${title} [${index}]`, () => body(...items));
  });
};
describe.each = each(describe);
test.each = each(test);
