package org.pgrehearse.chaos.proxy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What the bodies of requests ask for. Names of hosts are looked up here, before any lock is taken. */
final class Requests {
    private static final Address ANY_PORT = new Address("::", 0);

    private Requests() {}

    /** A proxy that is to be created; the position goes into messages, and is empty for a single one. */
    static Blueprint proxy(Fields fields, String position) throws ApiProblem {
        String name = required(fields, "name", position);
        Address upstream = address(required(fields, "upstream", position));
        Optional<String> listen = fields.text("listen").filter(text -> !text.isEmpty());
        Optional<List<Fields>> toxics = fields.objects("toxics");
        return new Blueprint(
                name,
                listen.isPresent() ? address(listen.get()).numeric() : ANY_PORT,
                upstream,
                fields.flag("enabled").orElse(true),
                toxics.isPresent() ? toxics(toxics.get()) : null);
    }

    static List<Blueprint> proxies(List<Fields> all) throws ApiProblem {
        List<Blueprint> blueprints = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
            blueprints.add(proxy(all.get(i), " at proxy " + (i + 1)));
        }
        return blueprints;
    }

    static Proxies.Change change(Fields fields) throws ApiProblem {
        Optional<String> listen = fields.text("listen");
        Optional<String> upstream = fields.text("upstream");
        return new Proxies.Change(
                listen.isPresent() ? address(listen.get()).numeric() : null,
                upstream.isPresent() ? address(upstream.get()) : null,
                fields.flag("enabled").orElse(null));
    }

    static Toxic toxic(Fields fields) throws ApiProblem {
        String type = fields.text("type").orElse("");
        Direction direction = direction(fields.text("stream").orElse(Direction.DOWNSTREAM.label()));
        Behavior behavior = Attributes.behavior(type, fields.wholeNumbers("attributes"));
        String name = fields.text("name").filter(text -> !text.isEmpty()).orElse(type + "_" + direction.label());
        return toxic(name, direction, fields.number("toxicity").orElse(1.0), behavior);
    }

    /** The change of a toxic: what is not said stays as it is. */
    static Proxies.ToxicEdit toxicEdit(Fields fields) throws ApiProblem {
        Map<String, Long> given = fields.wholeNumbers("attributes");
        Optional<Double> toxicity = fields.number("toxicity");
        return old -> {
            Map<String, Long> attributes = new HashMap<>(Attributes.of(old.behavior()));
            attributes.putAll(given);
            Behavior behavior = Attributes.behavior(old.behavior().type(), attributes);
            return toxic(old.name(), old.direction(), toxicity.orElse(old.toxicity()), behavior);
        };
    }

    private static List<Toxic> toxics(List<Fields> all) throws ApiProblem {
        List<Toxic> toxics = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (Fields fields : all) {
            Toxic toxic = toxic(fields);
            if (!names.add(toxic.name())) {
                throw ApiProblem.toxicAlreadyExists();
            }
            toxics.add(toxic);
        }
        return toxics;
    }

    private static Toxic toxic(String name, Direction direction, double toxicity, Behavior behavior) throws ApiProblem {
        try {
            return new Toxic(name, direction, toxicity, behavior);
        } catch (IllegalArgumentException e) {
            throw ApiProblem.badBody(e);
        }
    }

    private static Direction direction(String label) throws ApiProblem {
        for (Direction direction : Direction.values()) {
            if (direction.label().equalsIgnoreCase(label)) {
                return direction;
            }
        }
        throw ApiProblem.invalidStream();
    }

    private static String required(Fields fields, String name, String position) throws ApiProblem {
        return fields.text(name)
                .filter(text -> !text.isEmpty())
                .orElseThrow(() -> ApiProblem.missingField(name + position));
    }

    private static Address address(String text) throws ApiProblem {
        try {
            return Address.parse(text);
        } catch (IllegalArgumentException e) {
            throw ApiProblem.badBody(e);
        }
    }
}
