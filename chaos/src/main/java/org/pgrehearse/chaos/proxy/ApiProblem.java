package org.pgrehearse.chaos.proxy;

import org.jspecify.annotations.Nullable;

/** A request that cannot be served, with Toxiproxy's HTTP status and title. */
final class ApiProblem extends Exception {
    private static final int BAD_REQUEST = 400;
    private static final int NOT_FOUND = 404;
    private static final int CONFLICT = 409;
    private static final int INTERNAL_ERROR = 500;
    private static final int UNAVAILABLE = 503;

    private final int status;

    private ApiProblem(int status, String title, @Nullable Throwable cause) {
        super(title, cause);
        this.status = status;
    }

    int status() {
        return status;
    }

    /** The title, never null. */
    String title() {
        return String.valueOf(getMessage());
    }

    static ApiProblem badBody(String detail) {
        return new ApiProblem(BAD_REQUEST, "bad request body: " + detail, null);
    }

    static ApiProblem badBody(Exception cause) {
        return new ApiProblem(BAD_REQUEST, "bad request body: " + cause.getMessage(), cause);
    }

    static ApiProblem missingField(String field) {
        return new ApiProblem(BAD_REQUEST, "missing required field: " + field, null);
    }

    static ApiProblem invalidStream() {
        return new ApiProblem(BAD_REQUEST, "stream was invalid, can be either upstream or downstream", null);
    }

    static ApiProblem invalidToxicType() {
        return new ApiProblem(BAD_REQUEST, "invalid toxic type", null);
    }

    static ApiProblem proxyNotFound() {
        return new ApiProblem(NOT_FOUND, "proxy not found", null);
    }

    static ApiProblem toxicNotFound() {
        return new ApiProblem(NOT_FOUND, "toxic not found", null);
    }

    static ApiProblem proxyAlreadyExists() {
        return new ApiProblem(CONFLICT, "proxy already exists", null);
    }

    static ApiProblem toxicAlreadyExists() {
        return new ApiProblem(CONFLICT, "toxic already exists", null);
    }

    static ApiProblem failed(Exception cause) {
        return new ApiProblem(INTERNAL_ERROR, String.valueOf(cause.getMessage()), cause);
    }

    static ApiProblem busy() {
        return new ApiProblem(UNAVAILABLE, "other control operations took too long", null);
    }
}
