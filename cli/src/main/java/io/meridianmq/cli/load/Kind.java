package io.meridianmq.cli.load;

import java.util.List;

/** What a simulated device is, and what it measures. */
record Kind(String name, List<Quantity> quantities) {

    private static final List<Kind> ALL = List.of(
            new Kind(
                    "thermometer",
                    List.of(
                            Quantity.drifting("temperature", 2, -20, 45, 0.05),
                            Quantity.drifting("humidity", 1, 20, 95, 0.2),
                            Quantity.drifting("battery", 2, 2.9, 4.1, 0.002))),
            new Kind(
                    "vehicle",
                    List.of(
                            Quantity.drifting("latitude", 5, 47.2, 54.9, 0.0004),
                            Quantity.drifting("longitude", 5, 6.1, 14.9, 0.0006),
                            Quantity.drifting("speed", 1, 0, 130, 2.5),
                            Quantity.drifting("heading", 0, 0, 359, 6),
                            Quantity.counting("odometer", 1, 10, 400_000, 0.03))),
            new Kind(
                    "meter",
                    List.of(
                            Quantity.counting("energy", 3, 0, 99_999, 0.004),
                            Quantity.drifting("voltage", 1, 225, 239, 0.2),
                            Quantity.drifting("current", 2, 0.1, 24, 0.3),
                            Quantity.drifting("frequency", 3, 49.95, 50.05, 0.002))),
            new Kind(
                    "pump",
                    List.of(
                            Quantity.drifting("pressure", 2, 1.5, 6, 0.02),
                            Quantity.drifting("flow", 1, 0, 240, 1.5),
                            Quantity.drifting("vibration", 3, 0.1, 7.1, 0.05),
                            Quantity.drifting("rpm", 0, 600, 2_950, 12),
                            Quantity.counting("runHours", 2, 0, 99_999, 0.01))));

    Kind {
        quantities = List.copyOf(quantities);
    }

    /** The kind of a device, by its number: there are as many of each. */
    static Kind of(int device) {
        return ALL.get(device % ALL.size());
    }
}
