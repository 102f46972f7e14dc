// The modeler in Swedish; what has no translation yet stays in English.
import swedish from './sv.json';

function translate(template, replacements = {}) {
  const text = swedish[template] ?? template;
  return text.replace(/{([^}]+)}/g, (_, key) => replacements[key] ?? `{${key}}`);
}

export const translateModule = { translate: ['value', translate] };
