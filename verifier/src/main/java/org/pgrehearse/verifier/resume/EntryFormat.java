package org.pgrehearse.verifier.resume;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.stream.Stream;
import org.pgrehearse.verifier.RowDifference;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.jsontype.NamedType;

/** An entry as one line of JSON. Safe for use by many threads. */
final class EntryFormat {
    private final ObjectWriter writer;
    private final ObjectReader reader;

    EntryFormat() {
        JsonMapper mapper = JsonMapper.builder()
                .addMixIn(Entry.class, Named.class)
                .addMixIn(RowDifference.class, Named.class)
                .registerSubtypes(names(Entry.class))
                .registerSubtypes(names(RowDifference.class))
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
                .build();
        writer = mapper.writerFor(Entry.class);
        reader = mapper.readerFor(Entry.class);
    }

    byte[] bytes(Entry entry) {
        return writer.writeValueAsBytes(entry);
    }

    Entry entry(byte[] bytes) throws JacksonException {
        return reader.readValue(bytes);
    }

    private static NamedType[] names(Class<?> sealed) {
        return Stream.of(sealed.getPermittedSubclasses())
                .map(type -> new NamedType(type, type.getSimpleName()))
                .toArray(NamedType[]::new);
    }

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "is")
    private interface Named {}
}
