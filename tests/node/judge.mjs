// Reads one identity number a line and prints, as JSON, how many navikt's validator gives each verdict.
// Asks `tnr`, as a reader of synthetic numbers would. Every number whose verdict is not valid is counted by its reasons.
import { createInterface } from 'node:readline'
import validator from '@navikt/fnrvalidator'

const verdicts = {}
const lines = createInterface({ input: process.stdin, crlfDelay: Infinity })
for await (const line of lines) {
  const result = validator.tnr(line)
  const verdict = result.status === 'valid' ? result.type : `invalid: ${result.reasons.join(', ')}`
  verdicts[verdict] = (verdicts[verdict] ?? 0) + 1
}
process.stdout.write(JSON.stringify(verdicts))
