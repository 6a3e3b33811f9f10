package org.pgrehearse.scenarios.environment;

/**
 * A pooler or proxy of the user's, as commands for {@code sh -c}. Each finds these variables: {@code POOLER_PORT},
 * where it is to listen on 127.0.0.1; {@code LEAD_HOST} and {@code LEAD_PORT}, where it is to lead;
 * {@code SOURCE_HOST}, {@code SOURCE_PORT}, {@code TARGET_HOST} and {@code TARGET_PORT} of the fault proxies;
 * {@code DATABASE}; and all but the first command {@code POOLER_PID}.
 *
 * @param command starts it; its process stays as long as the pooler is to stay
 * @param pause lets open transactions end and holds the others; empty when it cannot
 * @param repoint leads it elsewhere; empty when it cannot
 * @param resume lets held transactions go on; empty when it cannot
 */
public record PoolerPlan(String command, String pause, String repoint, String resume) {}
