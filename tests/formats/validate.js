// node validate.js SCHEMA [NAME]: is the JSON on standard input as the schema says? With NAME, each of its lines as
// that definition says.
const fs = require("fs");
const Ajv = require("ajv/dist/2020");

const [schemaPath, name] = process.argv.slice(2);
const schema = JSON.parse(fs.readFileSync(schemaPath, "utf8"));
const ajv = new Ajv({ allErrors: true, strict: true, strictRequired: false, strictTypes: false });
ajv.addSchema(schema, "schema");
const validate = ajv.getSchema(name ? `schema#/$defs/${name}` : "schema");
const text = fs.readFileSync(0, "utf8");
const documents = name ? text.split("\n").filter((line) => line) : [text];
let failed = 0;
for (const document of documents) {
  if (validate(JSON.parse(document))) continue;
  failed++;
  console.log(ajv.errorsText(validate.errors, { separator: "\n" }));
}
process.exit(failed ? 1 : 0);
