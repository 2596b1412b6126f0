// validate.js SCHEMA: reads a JSON list of values from standard input and prints, as a list, what the schema has against
// each: null, or the first message.
const fs = require("fs");
const Ajv = require("ajv");

const ajv = new Ajv({ strict: true, strictTypes: false });
const validate = ajv.compile(JSON.parse(fs.readFileSync(process.argv[2], "utf8")));
const values = JSON.parse(fs.readFileSync(0, "utf8"));
const verdicts = values.map((value) => (validate(value) ? null : ajv.errorsText(validate.errors)));
process.stdout.write(JSON.stringify(verdicts));
