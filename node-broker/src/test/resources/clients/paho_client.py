"""What a device does with a broker, by way of Paho. Arguments: port, transport, protocol version. Prints what arrives."""

import queue
import socket
import sys

import paho.mqtt.client as mqtt
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.subscribeoptions import SubscribeOptions

PORT, TRANSPORT, VERSION = int(sys.argv[1]), sys.argv[2], int(sys.argv[3])
IS_MQTT_5 = VERSION == mqtt.MQTTv5
SECONDS = 10


def properties(kind, **values):
    if not IS_MQTT_5:
        return None
    result = Properties(kind)
    for name, value in values.items():
        setattr(result, name, value)
    return result


class Device:
    """A client whose answers and messages are waited for."""

    def __init__(self, name, clean=True, will=None):
        self.events = queue.Queue()
        self.messages = queue.Queue()
        identifier = f"{name}-{VERSION}"
        if IS_MQTT_5:
            self.client = mqtt.Client(identifier, protocol=VERSION, transport=TRANSPORT)
        else:
            self.client = mqtt.Client(identifier, clean_session=clean, protocol=VERSION, transport=TRANSPORT)
        self.client.on_connect = lambda _c, _u, flags, code, *_: self.events.put((int(getattr(code, "value", code)), flags))
        self.client.on_subscribe = lambda _c, _u, _m, codes, *_: self.events.put([int(getattr(c, "value", c)) for c in codes])
        self.client.on_unsubscribe = lambda *_: self.events.put("unsubscribed")
        self.client.on_message = lambda _c, _u, message: self.messages.put(message)
        if will:
            self.client.will_set(will, "gone", qos=1)
        if IS_MQTT_5:
            expiry = properties(PacketTypes.CONNECT, SessionExpiryInterval=0 if clean else 3600)
            self.client.connect("127.0.0.1", PORT, clean_start=clean, properties=expiry)
        else:
            self.client.connect("127.0.0.1", PORT)
        self.client.loop_start()
        code, self.flags = self.events.get(timeout=SECONDS)
        assert code == 0, code

    def subscribe(self, filters):
        self.client.subscribe(filters)
        return self.events.get(timeout=SECONDS)

    def publish(self, topic, payload, qos, retain=False, **values):
        sent = self.client.publish(topic, payload, qos, retain, properties=properties(PacketTypes.PUBLISH, **values))
        sent.wait_for_publish(SECONDS)
        assert sent.is_published()

    def say_arrivals(self, count):
        for _ in range(count):
            message = self.messages.get(timeout=SECONDS)
            print(message.topic, f"qos{message.qos}", "retained" if message.retain else "live", message.payload.decode())

    def break_off(self):
        self.client.loop_stop()
        self.client.socket().close()

    def end(self):
        self.client.disconnect()
        self.client.loop_stop()


def every_qos(publisher):
    subscriber = Device("subscriber")
    print("granted", subscriber.subscribe([("py/0", 0), ("py/1", 1), ("py/2", 2)] if not IS_MQTT_5 else
                                          [(f"py/{qos}", SubscribeOptions(qos=qos)) for qos in range(3)]))
    for qos in range(3):
        publisher.publish(f"py/{qos}", f"message {qos}", qos)
    subscriber.say_arrivals(3)
    subscriber.client.unsubscribe("py/1")
    print(subscriber.events.get(timeout=SECONDS))
    publisher.publish("py/1", "nobody", 1)
    publisher.publish("py/2", "x" * 200_000, 2)
    print("large", len(subscriber.messages.get(timeout=SECONDS).payload))
    subscriber.end()


def retained(publisher):
    publisher.publish("kept/a", "old", 1, retain=True)
    publisher.publish("kept/a", "new", 1, retain=True)
    late = Device("late")
    late.subscribe("kept/+")
    late.say_arrivals(1)
    publisher.publish("kept/a", "", 1, retain=True)
    late.say_arrivals(1)
    late.end()


def will():
    watcher = Device("watcher")
    watcher.subscribe("will/#")
    Device("doomed", will="will/doomed").break_off()
    watcher.say_arrivals(1)
    watcher.end()


def session(publisher):
    first = Device("stays", clean=False)
    first.subscribe([("stays/#", 2)] if not IS_MQTT_5 else [("stays/#", SubscribeOptions(qos=2))])
    first.break_off()
    publisher.publish("stays/1", "one", 1)
    publisher.publish("stays/2", "two", 2)
    second = Device("stays", clean=False)
    second.say_arrivals(2)
    second.end()
    Device("stays").end()


def features(publisher):
    client = Device("features")
    identified = properties(PacketTypes.SUBSCRIBE, SubscriptionIdentifier=7)
    client.client.subscribe("features/#", options=SubscribeOptions(qos=1), properties=identified)
    client.events.get(timeout=SECONDS)
    publisher.publish("features/a", "x", 1, MessageExpiryInterval=100, ResponseTopic="answers/1", CorrelationData=b"c",
                      ContentType="text/plain", PayloadFormatIndicator=1, UserProperty=[("b", "2"), ("a", "1"), ("b", "3")])
    told = client.messages.get(timeout=SECONDS).properties
    print(told.SubscriptionIdentifier, told.MessageExpiryInterval > 90, told.ResponseTopic, told.CorrelationData.decode(),
          told.ContentType, told.PayloadFormatIndicator, told.UserProperty)
    client.end()


socket.setdefaulttimeout(SECONDS)
PUBLISHER = Device("publisher")
every_qos(PUBLISHER)
retained(PUBLISHER)
will()
session(PUBLISHER)
if IS_MQTT_5:
    features(PUBLISHER)
PUBLISHER.end()
print("done")
