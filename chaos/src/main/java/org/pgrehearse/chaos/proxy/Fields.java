package org.pgrehearse.chaos.proxy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A JSON object of a request, read as Toxiproxy reads it: names in any case, null like absent, unknown names ignored,
 * wrong types refused.
 */
final class Fields {
    private static final JsonMapper MAPPER = new JsonMapper();

    private final Map<String, JsonNode> byName = new HashMap<>();

    private Fields(JsonNode object) {
        object.properties().forEach(field -> {
            if (!field.getValue().isNull()) {
                byName.put(field.getKey().toLowerCase(Locale.ROOT), field.getValue());
            }
        });
    }

    /** A body that must be one object. */
    static Fields object(byte[] body) throws ApiProblem {
        return object("body", read(body));
    }

    /** A body that must be an array of objects. */
    static List<Fields> array(byte[] body) throws ApiProblem {
        return array("body", read(body));
    }

    Optional<String> text(String name) throws ApiProblem {
        JsonNode node = byName.get(name);
        if (node == null) {
            return Optional.empty();
        }
        return Optional.of(expect(node.isString(), node, name, "a string").stringValue());
    }

    Optional<Boolean> flag(String name) throws ApiProblem {
        JsonNode node = byName.get(name);
        if (node == null) {
            return Optional.empty();
        }
        return Optional.of(expect(node.isBoolean(), node, name, "true or false").booleanValue());
    }

    Optional<Double> number(String name) throws ApiProblem {
        JsonNode node = byName.get(name);
        if (node == null) {
            return Optional.empty();
        }
        return Optional.of(expect(node.isNumber(), node, name, "a number").doubleValue());
    }

    Optional<List<Fields>> objects(String name) throws ApiProblem {
        JsonNode node = byName.get(name);
        return node == null ? Optional.empty() : Optional.of(array(name, node));
    }

    /** The members of an inner object, which must all be whole numbers; none when it is absent. */
    Map<String, Long> wholeNumbers(String name) throws ApiProblem {
        JsonNode node = byName.get(name);
        Map<String, Long> numbers = new HashMap<>();
        if (node != null) {
            for (Map.Entry<String, JsonNode> field : object(name, node).byName.entrySet()) {
                JsonNode value = field.getValue();
                boolean whole = value.isIntegralNumber() && value.canConvertToLong();
                numbers.put(
                        field.getKey(),
                        expect(whole, value, field.getKey(), "a whole number").longValue());
            }
        }
        return numbers;
    }

    private static JsonNode read(byte[] body) throws ApiProblem {
        try {
            return MAPPER.readTree(body);
        } catch (JacksonException e) {
            throw ApiProblem.badBody(e);
        }
    }

    private static Fields object(String name, JsonNode node) throws ApiProblem {
        return new Fields(expect(node.isObject(), node, name, "an object"));
    }

    private static List<Fields> array(String name, JsonNode node) throws ApiProblem {
        List<Fields> objects = new ArrayList<>();
        for (JsonNode element : expect(node.isArray(), node, name, "an array").values()) {
            objects.add(object(name, element));
        }
        return objects;
    }

    private static JsonNode expect(boolean fits, JsonNode node, String name, String wanted) throws ApiProblem {
        if (!fits) {
            throw ApiProblem.badBody(name + " must be " + wanted);
        }
        return node;
    }
}
