// Element templates for what the stock panel has no field for: the key with which a thrown message is correlated.
const SCHEMA = '@camunda/zeebe-element-templates-json-schema';

export function elementTemplates(texts) {
  return [
    ['bpmn:IntermediateThrowEvent', 'stegvis.message-throw'],
    ['bpmn:EndEvent', 'stegvis.message-end']
  ].map(([type, id]) => ({
    $schema: SCHEMA,
    id,
    name: texts.messageTemplate,
    description: texts.messageTemplateHelp,
    version: 1,
    appliesTo: [type],
    elementType: { value: type, eventDefinition: 'bpmn:MessageEventDefinition' },
    properties: [
      {
        label: texts.messageName,
        type: 'String',
        binding: { type: 'bpmn:Message#property', name: 'name' },
        constraints: { notEmpty: true }
      },
      {
        label: texts.messageKey,
        description: texts.messageKeyHelp,
        type: 'String',
        feel: 'required',
        value: '=arendeId',
        binding: { type: 'bpmn:Message#zeebe:subscription#property', name: 'correlationKey' },
        constraints: { notEmpty: true }
      }
    ]
  }));
}
