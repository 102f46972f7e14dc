// The modeler in Swedish; what has no translation yet stays in English.
import swedish from './sv.json';

// The library writes one name in several ways ("Sub Process", "Sub-process", "Sub process").
const spelled = (text) => text.toLowerCase().replace(/[-\s]+/g, ' ');
const bySpelling = new Map(Object.entries(swedish).map(([english, text]) => [spelled(english), text]));

function translate(template, replacements = {}) {
  const text = swedish[template] ?? bySpelling.get(spelled(template)) ?? template;
  return text.replace(/{([^}]+)}/g, (_, key) => replacements[key] ?? `{${key}}`);
}

export const translateModule = { translate: ['value', translate] };

// For the texts that the properties panel does not ask the modeler for (see build.mjs).
export function translatePanel() {
  globalThis.stegvisTranslate = translate;
}
