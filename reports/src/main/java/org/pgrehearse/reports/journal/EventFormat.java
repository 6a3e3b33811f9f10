package org.pgrehearse.reports.journal;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.Executable;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.pgrehearse.verifier.RowDifference;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.cfg.DateTimeFeature;
import tools.jackson.databind.cfg.MapperConfig;
import tools.jackson.databind.introspect.AnnotatedMember;
import tools.jackson.databind.introspect.AnnotatedParameter;
import tools.jackson.databind.introspect.JacksonAnnotationIntrospector;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.jsontype.NamedType;

/**
 * An event as one line of JSON, {@code {"event":"probe",...}}. A field that the event's type needs and the line lacks
 * is an error, never a silent null. Safe for use by many threads.
 */
final class EventFormat {
    private final ObjectWriter writer;
    private final ObjectReader reader;

    EventFormat() {
        JsonMapper mapper = JsonMapper.builder()
                .addMixIn(Event.class, EventNamed.class)
                .addMixIn(Action.class, ActionNamed.class)
                .addMixIn(RowDifference.class, KindNamed.class)
                .registerSubtypes(names(Event.class))
                .registerSubtypes(names(Action.class))
                .registerSubtypes(names(RowDifference.class))
                .annotationIntrospector(new NullnessIntrospector())
                .changeDefaultPropertyInclusion(inclusion -> inclusion.withValueInclusion(JsonInclude.Include.NON_NULL))
                .disable(DateTimeFeature.WRITE_DATES_AS_TIMESTAMPS)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .build();
        writer = mapper.writerFor(Event.class);
        reader = mapper.readerFor(Event.class);
    }

    byte[] line(Event event) {
        return writer.writeValueAsBytes(event);
    }

    Event event(byte[] line, int length) throws JacksonException {
        return reader.readValue(line, 0, length);
    }

    private static NamedType[] names(Class<?> sealed) {
        return Stream.of(sealed.getPermittedSubclasses())
                .map(type -> new NamedType(type, kebab(type.getSimpleName())))
                .toArray(NamedType[]::new);
    }

    private static String kebab(String name) {
        return name.replaceAll("(?<=[a-z])(?=[A-Z])", "-").toLowerCase(Locale.ROOT);
    }

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "event")
    private interface EventNamed {}

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "do")
    private interface ActionNamed {}

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
    private interface KindNamed {}

    /** Whatever is not marked nullable is required. */
    private static final class NullnessIntrospector extends JacksonAnnotationIntrospector {
        private static final long serialVersionUID = 1L;

        @Override
        public @Nullable Boolean hasRequiredMarker(MapperConfig<?> config, AnnotatedMember member) {
            if (member instanceof AnnotatedParameter parameter
                    && parameter.getOwner().getMember() instanceof Executable constructor) {
                AnnotatedType[] types = constructor.getAnnotatedParameterTypes();
                return Arrays.stream(types[parameter.getIndex()].getAnnotations())
                        .noneMatch(annotation -> annotation.annotationType() == Nullable.class);
            }
            return super.hasRequiredMarker(config, member);
        }
    }
}
