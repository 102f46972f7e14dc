// The process owner's editor: bpmn-js with its stock properties panel, findings of `check` as one draws, publishing.
import Modeler from 'bpmn-js/lib/Modeler';
import {
  BpmnPropertiesPanelModule,
  BpmnPropertiesProviderModule,
  ZeebePropertiesProviderModule
} from 'bpmn-js-properties-panel';
import { CreateAppendAnythingModule } from 'bpmn-js-create-append-anything';
import ZeebeBehaviorsModule from 'camunda-bpmn-js-behaviors/lib/camunda-cloud';
import { ZeebeVariableResolverModule } from '@bpmn-io/variable-resolver';
import zeebe from 'zeebe-bpmn-moddle/resources/zeebe.json';
import 'bpmn-js/dist/assets/diagram-js.css';
import 'bpmn-js/dist/assets/bpmn-js.css';
import 'bpmn-js/dist/assets/bpmn-font/css/bpmn.css';
import '@bpmn-io/properties-panel/dist/assets/properties-panel.css';
import './editor.css';
import { watchFindings } from './editor/findings.js';
import { functionsModule } from './editor/functions.js';
import { keepDraft } from './editor/draft.js';
import { thrownMessagesModule } from './editor/messages.js';
import { preparePublishing } from './editor/publishing.js';
import { fetchDiagram } from './editor/server.js';
import { prepareToolbar } from './editor/toolbar.js';
import { translateModule, translatePanel } from './editor/translate.js';
import { showAll } from './editor/view.js';

const page = document.getElementById('editor');

if (page) {
  open(page);
}

async function open(page) {
  const settings = JSON.parse(document.getElementById('editor-settings').textContent);
  if (settings.language === 'sv') {
    translatePanel();
  }
  const modeler = new Modeler({
    container: page.querySelector('[data-canvas]'),
    propertiesPanel: { parent: page.querySelector('[data-properties]') },
    additionalModules: [
      BpmnPropertiesPanelModule,
      BpmnPropertiesProviderModule,
      ZeebePropertiesProviderModule,
      thrownMessagesModule,
      CreateAppendAnythingModule,
      ZeebeBehaviorsModule,
      ZeebeVariableResolverModule,
      functionsModule(settings.functions),
      ...(settings.language === 'sv' ? [translateModule] : [])
    ],
    moddleExtensions: { zeebe }
  });
  // `base` is the version that the drawing started from: publishing over a newer one is refused.
  const editor = { base: settings.version, page, modeler, settings, texts: settings.texts };
  try {
    editor.published = await fetchDiagram(settings.diagramUrl);
    await modeler.importXML(editor.published);
  } catch (error) {
    page.querySelector('[data-status]').textContent = settings.texts.notOpened;
    console.error(error);
    return;
  }
  showAll(modeler);
  const draft = keepDraft(editor);
  const findings = watchFindings(editor);
  prepareToolbar(editor);
  preparePublishing(editor, findings, draft);
  await draft.offer();
  await findings.check();
  page.dataset.ready = 'true';
}
