package io.meridianmq.core.place;

/**
 * One live component, as the directory lists it.
 *
 * @param place what it serves; its {@linkplain Place#level() level} tells its kind: a node, a zone gateway, a region
 *     gateway or global-control
 * @param boot number of this start of the component, higher at every start
 * @param linkAddress {@code host:port} where it accepts links
 * @param clientAddress {@code host:port} where devices connect; empty for components without listeners
 * @param metricsAddress {@code host:port} of its HTTP port with metrics and health
 */
public record Member(Place place, long boot, String linkAddress, String clientAddress, String metricsAddress) {}
