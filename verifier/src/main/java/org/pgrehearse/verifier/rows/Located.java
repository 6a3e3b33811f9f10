package org.pgrehearse.verifier.rows;

/**
 * A row, or several equal rows of a table without a key, as the merge sees it.
 *
 * @param locator hash of the key, or of all columns
 * @param hash of all columns
 * @param count how many such rows there are
 * @param place address of one of them on its side
 */
public record Located(long locator, long hash, long count, String place) {}
