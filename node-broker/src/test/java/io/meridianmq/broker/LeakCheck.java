package io.meridianmq.broker;

import io.netty.buffer.ByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import io.netty.util.ResourceLeakDetectorFactory;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Fails a test class after which Netty's leak detector finds a buffer that nobody released. Found as a service. */
public final class LeakCheck implements BeforeAllCallback, AfterAllCallback {

    private static final Queue<String> LEAKS = new ConcurrentLinkedQueue<>();

    static {
        // Before any class of Netty makes its detector.
        ResourceLeakDetectorFactory.setResourceLeakDetectorFactory(new RememberingDetectors());
    }

    private static final class RememberingDetectors extends ResourceLeakDetectorFactory {
        @Override
        @Deprecated
        @SuppressWarnings("deprecation") // Abstract in the class to extend.
        public <T> ResourceLeakDetector<T> newResourceLeakDetector(
                Class<T> resource, int samplingInterval, long maxActive) {
            return new RememberingDetector<>(resource, samplingInterval);
        }
    }

    private static final class RememberingDetector<T> extends ResourceLeakDetector<T> {
        RememberingDetector(Class<?> resource, int samplingInterval) {
            super(resource, samplingInterval);
        }

        @Override
        protected void reportTracedLeak(String resourceType, String records) {
            LEAKS.add(resourceType + records);
        }

        @Override
        protected void reportUntracedLeak(String resourceType) {
            LEAKS.add(resourceType);
        }
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        // Loading this class is what matters.
    }

    @Override
    public void afterAll(ExtensionContext context) {
        System.gc();
        for (var i = 0; i < 3; i++) {
            ByteBufAllocator.DEFAULT.buffer(1).release(); // The detector reports when something new is tracked.
        }
        var leak = LEAKS.poll();
        if (leak != null) {
            throw new AssertionError("a buffer was not released: " + leak);
        }
    }
}
