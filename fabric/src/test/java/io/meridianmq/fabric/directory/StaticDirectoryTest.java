package io.meridianmq.fabric.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.meridianmq.core.place.Member;
import io.meridianmq.core.place.MembershipView;
import io.meridianmq.core.place.Place;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

class StaticDirectoryTest {

    private static final Member ALONE = new Member(Place.node("local", "a", "1"), 1, "127.0.0.1:1", "", "");

    @Test
    void listsItselfAndTellsWhenThatChanges() {
        try (var directory = new StaticDirectory(List.of(ALONE))) {
            var seen = new CopyOnWriteArrayList<MembershipView>();
            directory.watch(seen::add);
            await().until(() -> seen.size() == 1);
            var withPort = new Member(ALONE.place(), 1, "127.0.0.1:7000", "", "");
            assertThat(directory.register(withPort)).isCompleted();
            await().until(() -> seen.size() == 2);
            assertThat(seen)
                    .containsExactly(MembershipView.of(1, List.of(ALONE)), MembershipView.of(2, List.of(withPort)));
            assertThat(directory.ready()).isTrue();
        }
    }

    @Test
    void aListenerThatFailsGetsTheNextViewAndDisturbsNobody() {
        try (var directory = new StaticDirectory(List.of(ALONE))) {
            var revisions = new CopyOnWriteArrayList<Long>();
            directory.watch(view -> {
                throw new IllegalStateException("always");
            });
            directory.watch(view -> revisions.add(view.revision()));
            await().until(() -> revisions.contains(1L));
            assertThat(directory.register(ALONE)).isCompleted();
            await().until(() -> revisions.contains(2L));
        }
    }
}
