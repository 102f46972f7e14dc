// Teaches the FEEL editor the functions that Stegvis adds, so that it completes them and does not mark them unknown.
import VariableProvider from '@bpmn-io/variable-resolver/lib/VariableProvider';
import { is } from 'bpmn-js/lib/util/ModelUtil';

export function functionsModule(functions) {
  class StegvisFunctions extends VariableProvider {
    getVariables(element) {
      if (!is(element, 'bpmn:Process') && !is(element, 'bpmn:Participant')) {
        return [];
      }
      return functions.map(({ name, parameters, info }) => ({
        name,
        info,
        type: 'function',
        params: parameters.map((parameter) => ({ name: parameter }))
      }));
    }
  }
  StegvisFunctions.$inject = ['variableResolver'];
  return { __init__: ['stegvisFunctions'], stegvisFunctions: ['type', StegvisFunctions] };
}
