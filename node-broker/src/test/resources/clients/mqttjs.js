// What a device does with a broker, by way of MQTT.js. Arguments: URL, protocol version (3, 4 or 5). Prints what arrives.
'use strict';

const mqtt = require('mqtt');

const [url, versionText] = process.argv.slice(2);
const protocolVersion = Number(versionText);
const isMqtt5 = protocolVersion === 5;
const HOUR = 3600;

function say(...words) {
  console.log(words.join(' '));
}

async function connect(name, options = {}) {
  const properties = isMqtt5 ? { ...(options.properties ?? {}) } : undefined;
  const client = await mqtt.connectAsync(url, {
    clientId: `${name}-${protocolVersion}`,
    protocolId: protocolVersion === 3 ? 'MQIsdp' : 'MQTT',
    protocolVersion,
    reconnectPeriod: 0,
    ...options,
    properties,
  });
  client.received = [];
  client.waiting = [];
  client.on('message', (topic, payload, packet) => {
    const message = { ...packet, topic }; // The packet itself may have an alias alone.
    const next = client.waiting.shift();
    if (next) {
      next(message);
    } else {
      client.received.push(message);
    }
  });
  return client;
}

function arrival(client) {
  return client.received.length > 0
    ? Promise.resolve(client.received.shift())
    : new Promise((resolve) => client.waiting.push(resolve));
}

async function sayArrivals(client, count) {
  for (let i = 0; i < count; i++) {
    const packet = await arrival(client);
    say(packet.topic, `qos${packet.qos}`, packet.retain ? 'retained' : 'live', packet.payload);
  }
}

function breakOff(client) {
  return new Promise((resolve) => {
    client.once('close', resolve);
    client.stream.destroy();
  });
}

async function everyQos(publisher) {
  const subscriber = await connect('subscriber');
  const granted = await subscriber.subscribeAsync({ 'js/0': { qos: 0 }, 'js/1': { qos: 1 }, 'js/2': { qos: 2 } });
  say('granted', granted.map((grant) => grant.qos).join(','));
  for (const qos of [0, 1, 2]) {
    await publisher.publishAsync(`js/${qos}`, `message ${qos}`, { qos });
  }
  await sayArrivals(subscriber, 3);
  await subscriber.unsubscribeAsync('js/1');
  await publisher.publishAsync('js/1', 'nobody', { qos: 1 });
  await publisher.publishAsync('js/2', 'x'.repeat(200_000), { qos: 2 });
  say('large', (await arrival(subscriber)).payload.length);
  await subscriber.endAsync();
}

async function retained(publisher) {
  await publisher.publishAsync('kept/a', 'old', { qos: 1, retain: true });
  await publisher.publishAsync('kept/a', 'new', { qos: 1, retain: true });
  const late = await connect('late');
  await late.subscribeAsync('kept/+', { qos: 1 });
  await sayArrivals(late, 1);
  await publisher.publishAsync('kept/a', '', { qos: 1, retain: true });
  await sayArrivals(late, 1);
  await late.endAsync();
}

async function will() {
  const watcher = await connect('watcher');
  await watcher.subscribeAsync('will/#', { qos: 1 });
  const doomed = await connect('doomed', { will: { topic: 'will/doomed', payload: Buffer.from('gone'), qos: 1 } });
  await breakOff(doomed);
  await sayArrivals(watcher, 1);
  await watcher.endAsync();
}

async function session(publisher) {
  const stays = { clean: false, properties: { sessionExpiryInterval: HOUR } };
  const first = await connect('stays', stays);
  await first.subscribeAsync('stays/#', { qos: 2 });
  await breakOff(first);
  await publisher.publishAsync('stays/1', 'one', { qos: 1 });
  await publisher.publishAsync('stays/2', 'two', { qos: 2 });
  const second = mqtt.connect(url, {
    clientId: `stays-${protocolVersion}`,
    protocolId: protocolVersion === 3 ? 'MQIsdp' : 'MQTT',
    protocolVersion,
    reconnectPeriod: 0,
    ...stays,
    properties: isMqtt5 ? stays.properties : undefined,
  });
  const arrived = [];
  await new Promise((resolve) => {
    second.on('message', (topic, payload) => {
      arrived.push(`${topic} ${payload}`);
      if (arrived.length === 2) {
        resolve();
      }
    });
  });
  say(arrived.join(', '));
  await second.endAsync();
  await (await connect('stays', { clean: true })).endAsync();
}

async function features(publisher) {
  const client = await connect('features', { properties: { topicAliasMaximum: 10, requestResponseInformation: true } });
  await client.subscribeAsync('features/#', { qos: 1, rap: true, properties: { subscriptionIdentifier: 7 } });
  for (let i = 0; i < 2; i++) {
    await publisher.publishAsync('features/a', 'x', {
      qos: 1,
      properties: {
        messageExpiryInterval: 100,
        responseTopic: 'answers/1',
        correlationData: Buffer.from('c'),
        contentType: 'text/plain',
        payloadFormatIndicator: true,
        userProperties: { b: ['2', '3'], a: '1' },
      },
    });
    const { topic, properties } = await arrival(client);
    say(
      topic,
      properties.subscriptionIdentifier,
      properties.messageExpiryInterval > 90,
      properties.responseTopic,
      properties.correlationData,
      properties.contentType,
      JSON.stringify(properties.userProperties),
      `alias ${properties.topicAlias}`,
    );
  }
  await client.endAsync();
  try {
    await publisher.publishAsync('$SYS/mine', 'x', { qos: 1 });
  } catch (refused) {
    say('refused', refused.code);
  }
}

async function main() {
  const publisher = await connect('publisher');
  await everyQos(publisher);
  await retained(publisher);
  await will();
  await session(publisher);
  if (isMqtt5) {
    await features(publisher);
  }
  await publisher.endAsync();
  say('done');
}

main().catch((failure) => {
  console.log(failure);
  process.exit(1);
});
