package org.pgrehearse.reports.analysis;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Texts that repeat, each kept once. Beyond a limit all further ones share one entry, so memory stays bounded. */
final class Names {
    private static final int NAMES_MAX = 1 << 16;
    private static final String OTHERS = "(one of too many different texts to keep)";

    private final Map<String, Integer> ids = new HashMap<>();
    private final List<String> texts = new ArrayList<>();

    /** The number that stands for this text. */
    int id(String text) {
        Integer known = ids.get(text);
        if (known != null) {
            return known;
        }
        if (texts.size() >= NAMES_MAX) {
            return ids.computeIfAbsent(OTHERS, this::keep);
        }
        int id = keep(text);
        ids.put(text, id);
        return id;
    }

    String text(int id) {
        return texts.get(id);
    }

    /** Whether this number stands for all texts beyond the limit. */
    boolean isShared(int id) {
        return texts.get(id).equals(OTHERS);
    }

    private int keep(String text) {
        texts.add(text);
        return texts.size() - 1;
    }
}
