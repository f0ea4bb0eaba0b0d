package io.meridianmq.fabric.relay;

import io.meridianmq.core.place.Place;
import io.meridianmq.fabric.config.LinkConfig;
import io.meridianmq.fabric.directory.Directory;
import io.meridianmq.fabric.link.LinkSettings;
import io.meridianmq.fabric.link.PublicationCodec;
import java.util.List;
import java.util.function.BiConsumer;

/**
 * Who a component is, and what its mesh is connected to.
 *
 * @param boot number of this start
 * @param clientAddress {@code host:port} for devices, as the directory lists it; empty for components without listeners
 * @param metricsAddress {@code host:port} of metrics and health, as the directory lists it
 * @param codec between the component's publications and links
 * @param directories where it is listed and whom it follows, at least one; the first is home, without whose view it does
 *     nothing
 * @param starts whether it is listed as starting until {@link MeshRunner#listInService}
 * @param onFailure told what failed and why when the mesh is broken and the process has to end; called on the mesh thread
 */
public record MeshSetup(
        Place place,
        long boot,
        LinkConfig link,
        LinkSettings linkSettings,
        String clientAddress,
        String metricsAddress,
        PublicationCodec codec,
        List<Directory> directories,
        boolean starts,
        BiConsumer<String, Throwable> onFailure) {

    /** Of a component that is in service as soon as it is listed. */
    public MeshSetup(
            Place place,
            long boot,
            LinkConfig link,
            LinkSettings linkSettings,
            String clientAddress,
            String metricsAddress,
            PublicationCodec codec,
            List<Directory> directories,
            BiConsumer<String, Throwable> onFailure) {
        this(place, boot, link, linkSettings, clientAddress, metricsAddress, codec, directories, false, onFailure);
    }

    public MeshSetup {
        directories = List.copyOf(directories);
        if (directories.isEmpty()) {
            throw new IllegalArgumentException(place + " has no directory: give at least one");
        }
    }
}
