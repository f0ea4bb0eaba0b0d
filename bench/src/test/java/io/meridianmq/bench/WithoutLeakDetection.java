package io.meridianmq.bench;

import io.netty.util.ResourceLeakDetector;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** For tests that measure: the detection of leaked buffers, which other tests have on, takes more than what is measured. */
public final class WithoutLeakDetection implements BeforeAllCallback, AfterAllCallback {

    private static final ExtensionContext.Namespace HERE =
            ExtensionContext.Namespace.create(WithoutLeakDetection.class);

    @Override
    public void beforeAll(ExtensionContext context) {
        context.getStore(HERE).put("level", ResourceLeakDetector.getLevel());
        ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.DISABLED);
    }

    @Override
    public void afterAll(ExtensionContext context) {
        var level = context.getStore(HERE).get("level", ResourceLeakDetector.Level.class);
        if (level != null) {
            ResourceLeakDetector.setLevel(level);
        }
    }
}
