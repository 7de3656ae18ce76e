// Runs forms in @getodk/xforms-engine for the differential tests and the benchmark. One JSON object a line in, one out.
//
// {"xml", "media": {name: text}, "answers": [[reference, value]...], "language"} -> {"log", "nodes", "instance", "violations"}
// with "time": true also {"load_ms", "next_ms": [milliseconds from an answer to knowing the next question]}.
// A value that breaks a constraint is taken back, as in a conversation.
import { createInterface } from 'node:readline';
import { webcrypto } from 'node:crypto';
import { JSDOM } from 'jsdom';

const { window } = new JSDOM('<!doctype html>', { url: 'https://example.org/' });
for (const name of Object.getOwnPropertyNames(window)) {
  if (/^(DOMParser|XMLSerializer|Document|Element|Node|Text|Attr|CDATASection|Comment|XMLDocument|HTML.*Element|XPath.*|NodeFilter|File|FileReader|Blob|FormData|CSS.*)$/.test(name)) {
    globalThis[name] = window[name];
  }
}
globalThis.window = window;
globalThis.document = window.document;
globalThis.crypto ??= webcrypto;

// The bundle is made for browsers: it must not see that this is Node while it starts its parser.
const { process } = globalThis;
globalThis.process = undefined;
const { createInstance } = await import('@getodk/xforms-engine');
globalThis.process = process;

function* walk(node) {
  for (const child of node.currentState.children ?? []) {
    yield child;
    yield* walk(child);
  }
}

const find = (root, reference) => [...walk(root)].find((node) => node.currentState.reference === reference);

function put(node, value) {
  const words = Array.isArray(value) ? value.map(String) : value === null || value === '' ? [] : String(value).split(' ');
  switch (node.nodeType) {
    case 'select':
      return node.selectValues(node.selectType === 'select1' && value !== null ? [String(value)] : words);
    case 'rank':
      return node.setValues(words);
    case 'trigger':
      return node.setValue(value === 'OK' || value === true);
    case 'upload':
      return node.setValue(value === null ? null : new File(['x'], String(value)));
    case 'input':
    case 'range':
      return node.setValue(value === null && ['string', 'barcode', 'boolean', 'intent'].includes(node.valueType) ? '' : value);
    default:
      throw new Error(`not a question: ${node.nodeType}`);
  }
}

function apply(root, [reference, value]) {
  const entry = { ref: reference, ok: false, violation: null, error: null };
  try {
    const node = find(root, reference);
    if (node === undefined) throw new Error('no such node');
    if (value?.add_repeat) {
      node.addInstances();
    } else if (value?.remove_repeat) {
      const at = Number(/\[(\d+)\]$/.exec(reference)[1]) - 1;
      node.parent.removeInstances(at);
    } else {
      const before = node.currentState.value;
      put(node, value);
      const violation = node.validationState.violation;
      entry.violation = violation?.condition ?? null;
      if (entry.violation === 'constraint') {
        if (node.nodeType === 'upload') node.setValue(null);
        else if (node.nodeType === 'select') node.selectValues(before);
        else node.setValue?.(before);
      }
    }
    entry.ok = entry.violation === null;
  } catch (error) {
    entry.error = String(error?.message ?? error);
  }
  return entry;
}

const shown = (node) => ({
  ref: node.currentState.reference,
  kind: node.nodeType,
  relevant: node.currentState.relevant,
  required: node.currentState.required,
  readonly: node.currentState.readonly,
  label: node.currentState.label?.asString ?? null,
  hint: node.currentState.hint?.asString ?? null,
  choices: node.currentState.valueOptions?.map?.((o) => [o.value, o.label.asString]) ?? null,
  value: node.currentState.instanceValue ?? null,
});

async function run({ xml, media = {}, answers = [], language = null, time = false }) {
  const fetchFormAttachment = async (url) => {
    const name = decodeURIComponent(String(url).split('/').pop());
    if (!(name in media)) return new Response('', { status: 404 });
    const type = name.endsWith('.csv') ? 'text/csv' : name.endsWith('.geojson') ? 'application/geo+json' : 'text/xml';
    return new Response(media[name], { status: 200, headers: { 'content-type': type } });
  };
  const began = performance.now();
  const { root } = await createInstance(xml, { form: { fetchFormAttachment } });
  const load_ms = performance.now() - began;
  if (language !== null) {
    const found = root.languages.find((l) => l.language === language);
    if (found) root.setLanguage(found);
  }
  if (time) {
    const questions = [...walk(root)].filter((n) => ['input', 'select', 'trigger', 'note', 'range'].includes(n.nodeType));
    const where = new Map(questions.map((n, i) => [n.currentState.reference, i]));
    const next_ms = [];
    for (const [reference, value] of answers) {
      const i = where.get(reference);
      if (i === undefined || !questions[i].currentState.relevant) continue;
      const started = performance.now();
      put(questions[i], value);
      void questions[i].validationState.violation;
      let j = i + 1;
      while (j < questions.length && !questions[j].currentState.relevant) j += 1;
      if (j < questions.length) void [questions[j].currentState.required, questions[j].currentState.label?.asString];
      next_ms.push(performance.now() - started);
    }
    return { load_ms, next_ms };
  }
  const log = answers.map((answer) => apply(root, answer));
  const nodes = [...walk(root)];
  const payload = await root.prepareInstancePayload({ payloadType: 'monolithic' });
  const file = payload.data[0].get('xml_submission_file');
  const violations = nodes
    .filter((n) => n.validationState?.violation && !n.currentState.children)
    .map((n) => [n.currentState.reference, n.validationState.violation.condition]);
  return { log, nodes: nodes.map(shown), violations, instance: root.instanceState?.instanceXML ?? (await file.text()) };
}

for await (const line of createInterface({ input: process.stdin })) {
  let result;
  try {
    result = await run(JSON.parse(line));
  } catch (error) {
    result = { error: String(error?.stack ?? error) };
    let cause = error?.cause;
    while (cause) { result.error += ` <- ${cause?.message ?? cause}`; cause = cause.cause; }
  }
  process.stdout.write(`${JSON.stringify(result)}\n`);
}
