package io.meridianmq.broker.access;

import io.meridianmq.topic.InvalidTopicException;
import io.meridianmq.topic.TopicFilter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The topic filter of a rule, in which {@code %c} stands for the client identifier, {@code %u} for the user name and
 * {@code %%} for a percent sign. Immutable.
 *
 * <p>A value takes the place of its placeholder only as part of one level: one that is empty, begins with {@code $}, or
 * contains {@code /}, {@code +} or {@code #} could make the filter match what was not meant. For such a client a rule that
 * allows does not exist, and one that denies denies everything below the levels before its placeholder.
 */
final class RuleFilter {

    private static final Pattern PLACEHOLDER = Pattern.compile("%[cu%]");

    private final List<String> levels;

    /** The filter itself, if it is the same for everybody. */
    private final Optional<FilterLevels> same;

    /** What it denies to a client whose value cannot be put in. */
    private final FilterLevels widest;

    private final boolean usesClientId;
    private final boolean usesUserName;

    private RuleFilter(List<String> levels, Optional<FilterLevels> same, FilterLevels widest) {
        this.levels = levels;
        this.same = same;
        this.widest = widest;
        this.usesClientId = levels.stream().anyMatch(level -> uses(level, 'c'));
        this.usesUserName = levels.stream().anyMatch(level -> uses(level, 'u'));
    }

    /**
     * Reads a filter.
     *
     * @throws IllegalArgumentException if it is none; the message says why
     */
    static RuleFilter parse(String text) {
        if (text.startsWith("$share/")) {
            throw new IllegalArgumentException(
                    "a rule is about what is behind $share/GROUP/: leave that out, it holds for shared subscriptions, too");
        }
        requirePlaceholders(text);
        try {
            TopicFilter.of(PLACEHOLDER.matcher(text).replaceAll("-"));
        } catch (InvalidTopicException e) {
            throw new IllegalArgumentException(String.valueOf(e.getMessage()), e);
        }
        var levels = List.of(text.split("/", -1));
        var literal = new ArrayList<String>();
        for (var level : levels) {
            if (!isForAll(level)) {
                literal.add("#");
                return new RuleFilter(levels, Optional.empty(), new FilterLevels(literal));
            }
            literal.add(level.replace("%%", "%"));
        }
        var same = new FilterLevels(literal);
        return new RuleFilter(levels, Optional.of(same), same);
    }

    /** What a rule that allows is about, for this client; empty for nothing. */
    Optional<FilterLevels> allowed(Client client) {
        return same.isPresent() || !allHave(client, RuleFilter::isSafe) ? same : substituted(client);
    }

    /** What a rule that denies is about, for this client; empty for nothing. */
    Optional<FilterLevels> denied(Client client) {
        if (same.isPresent()) {
            return same;
        }
        return allHave(client, RuleFilter::fitsInALevel) ? substituted(client) : Optional.of(widest);
    }

    private Optional<FilterLevels> substituted(Client client) {
        if (usesUserName && client.userName().isEmpty()) {
            return Optional.empty(); // The rule is about users.
        }
        return Optional.of(new FilterLevels(
                levels.stream().map(level -> substituted(level, client)).toList()));
    }

    private static String substituted(String level, Client client) {
        return PLACEHOLDER
                .matcher(level)
                .replaceAll(found -> Matcher.quoteReplacement(
                        switch (found.group()) {
                            case "%c" -> client.clientId();
                            case "%u" -> client.userName().orElse("");
                            default -> "%";
                        }));
    }

    /** Whether all values that are put in are of a kind. */
    private boolean allHave(Client client, Predicate<String> kind) {
        return (!usesClientId || kind.test(client.clientId()))
                && (!usesUserName || client.userName().map(kind::test).orElse(true));
    }

    private static boolean isSafe(String value) {
        return fitsInALevel(value) && value.charAt(0) != '$';
    }

    private static boolean fitsInALevel(String value) {
        return !value.isEmpty() && value.indexOf('/') < 0 && value.indexOf('+') < 0 && value.indexOf('#') < 0;
    }

    private static boolean uses(String level, char placeholder) {
        return PLACEHOLDER
                .matcher(level)
                .results()
                .anyMatch(found -> found.group().charAt(1) == placeholder);
    }

    private static boolean isForAll(String level) {
        return !uses(level, 'c') && !uses(level, 'u');
    }

    private static void requirePlaceholders(String text) {
        if (PLACEHOLDER.matcher(text).replaceAll("").indexOf('%') >= 0) {
            throw new IllegalArgumentException(
                    "the filter has a % that is not %c (client identifier), %u (user name) or %% (a percent sign)");
        }
    }
}
