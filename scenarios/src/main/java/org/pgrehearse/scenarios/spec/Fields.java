package org.pgrehearse.scenarios.spec;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * One mapping of a scenario file. Each key is taken once; problems are collected with their line, and reading goes on
 * with the preset, so that all of them are found in one go. Not thread-safe.
 */
final class Fields {
    private final String file;
    private final String path;
    private final int line;
    private final Map<String, Entry> entries = new LinkedHashMap<>();
    private final List<String> known = new ArrayList<>();
    private final List<Problem> problems;

    private record Entry(Node value, int line) {}

    Fields(String file, String path, @Nullable Node node, int line, List<Problem> problems) {
        this.file = file;
        this.path = path;
        this.problems = problems;
        this.line = node == null ? line : line(node);
        if (node instanceof MappingNode mapping) {
            mapping.getValue().forEach(this::add);
        } else if (node != null) {
            report(this.line, "", "needs keys and values here");
        }
    }

    private void add(NodeTuple tuple) {
        int at = line(tuple.getKeyNode());
        if (tuple.getKeyNode() instanceof ScalarNode key) {
            if (entries.putIfAbsent(key.getValue(), new Entry(tuple.getValueNode(), at)) != null) {
                report(at, key.getValue(), "is given twice");
            }
        } else {
            report(at, "", "a key must be plain text");
        }
    }

    static int line(Node node) {
        return node.getStartMark().map(Mark::getLine).orElse(0) + 1;
    }

    int line() {
        return line;
    }

    boolean has(String key) {
        return entries.containsKey(key);
    }

    /** Every key that is there, in the order of the file, for a mapping whose keys are free. */
    List<String> keys() {
        return List.copyOf(entries.keySet());
    }

    boolean isText(String key) {
        Entry entry = entries.get(key);
        return entry != null && entry.value() instanceof ScalarNode;
    }

    String text(String key, @Nullable String preset) {
        Entry entry = take(key);
        if (entry == null) {
            if (preset == null) {
                report(line, key, "is missing");
            }
            return preset == null ? "" : preset;
        }
        if (entry.value() instanceof ScalarNode scalar && !scalar.getValue().isBlank()) {
            return scalar.getValue();
        }
        report(entry.line(), key, "needs a value");
        return preset == null ? "" : preset;
    }

    <T> T value(String key, T preset, Function<String, Optional<T>> parser, String example) {
        if (!has(key)) {
            known.add(key);
            return preset;
        }
        int at = lineOf(key);
        String text = text(key, "");
        Optional<T> value = parser.apply(text);
        if (value.isEmpty() && !text.isEmpty()) {
            report(at, key, "\"" + text + "\" is not " + example);
        }
        return value.orElse(preset);
    }

    Fields mapping(String key) {
        Entry entry = take(key);
        return below(key, entry == null ? null : entry.value(), entry == null ? line : entry.line());
    }

    List<Node> items(String key) {
        Entry entry = take(key);
        if (entry == null) {
            return List.of();
        }
        if (entry.value() instanceof SequenceNode sequence) {
            return List.copyOf(sequence.getValue());
        }
        report(entry.line(), key, "needs a list, one \"- item\" a line");
        return List.of();
    }

    List<String> texts(String key) {
        Entry entry = entries.get(key);
        if (entry != null && entry.value() instanceof ScalarNode scalar) {
            known.add(key);
            return List.of(scalar.getValue());
        }
        List<String> texts = new ArrayList<>();
        for (Node item : items(key)) {
            if (item instanceof ScalarNode scalar) {
                texts.add(scalar.getValue());
            } else {
                report(line(item), key, "each item must be one line of text");
            }
        }
        return texts;
    }

    Fields item(String key, int index, Node node) {
        return below(key + "[" + index + "]", node, line(node));
    }

    /** The mapping at a path below this one; without a node it is empty, and its problems are reported at the line. */
    Fields below(String key, @Nullable Node node, int at) {
        return new Fields(file, childPath(key), node, at, problems);
    }

    int lineOf(String key) {
        Entry entry = entries.get(key);
        return entry == null ? line : entry.line();
    }

    void report(int at, String key, String message) {
        problems.add(new Problem(file, at, childPath(key), message));
    }

    /** Reports every key that nobody asked for. */
    void refuseOthers() {
        for (Map.Entry<String, Entry> entry : entries.entrySet()) {
            if (!known.contains(entry.getKey())) {
                String hint = Nearest.to(entry.getKey(), known)
                        .map(near -> "; did you mean \"" + near + "\"?")
                        .orElse("; known here: " + String.join(", ", known));
                report(entry.getValue().line(), entry.getKey(), "is not a known key" + hint);
            }
        }
    }

    private @Nullable Entry take(String key) {
        known.add(key);
        return entries.get(key);
    }

    private String childPath(String key) {
        if (path.isEmpty() || key.isEmpty()) {
            return path + key;
        }
        return path + "." + key;
    }
}
