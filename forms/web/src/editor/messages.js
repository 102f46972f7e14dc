// The stock panel hides the message of throw and end events, whose name and key Stegvis needs; we keep its group.
class ThrownMessages {
  constructor(zeebePropertiesProvider) {
    const getGroups = zeebePropertiesProvider.getGroups.bind(zeebePropertiesProvider);
    zeebePropertiesProvider.getGroups = (element) => (groups) => {
      const place = groups.findIndex(({ id }) => id === 'message');
      const message = groups[place];
      const shown = getGroups(element)(groups);
      return !message || shown.includes(message) ? shown : shown.toSpliced(place, 0, message);
    };
  }
}
ThrownMessages.$inject = ['zeebePropertiesProvider'];

export const thrownMessagesModule = { __init__: ['thrownMessages'], thrownMessages: ['type', ThrownMessages] };
