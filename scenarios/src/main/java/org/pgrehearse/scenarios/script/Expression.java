package org.pgrehearse.scenarios.script;

import java.util.List;
import java.util.random.RandomGenerator;

/** An expression of {@code \set}, {@code \if} or {@code \elif}. Immutable; evaluated without any effect. */
public sealed interface Expression {
    /** Its value, with everything random drawn from the generator. */
    Value evaluate(Variables variables, RandomGenerator random) throws EvaluationFailed;

    /** A literal. */
    record Constant(Value value) implements Expression {
        @Override
        public Value evaluate(Variables variables, RandomGenerator random) {
            return value;
        }
    }

    /** A variable, written {@code :name}. */
    record Variable(String name) implements Expression {
        @Override
        public Value evaluate(Variables variables, RandomGenerator random) throws EvaluationFailed {
            return variables
                    .find(name)
                    .orElseThrow(() -> new EvaluationFailed("undefined variable \"" + name + "\""))
                    .typed();
        }
    }

    /** A function or an operator with its arguments. */
    record Call(Function function, List<Expression> arguments) implements Expression {
        public Call {
            arguments = List.copyOf(arguments);
        }

        @Override
        public Value evaluate(Variables variables, RandomGenerator random) throws EvaluationFailed {
            return switch (function) {
                case AND, OR -> connective(variables, random);
                default -> strict(variables, random);
            };
        }

        /** The second argument is evaluated only when the first does not decide; pgbench lets a null first decide. */
        private Value connective(Variables variables, RandomGenerator random) throws EvaluationFailed {
            boolean decisive = function == Function.OR;
            Value left = arguments.getFirst().evaluate(variables, random);
            if (left.equals(Value.none()) || left.asBool() == decisive) {
                return left;
            }
            Value right = arguments.getLast().evaluate(variables, random);
            return right.equals(Value.none()) ? Value.none() : Value.of(right.asBool());
        }

        private Value strict(Variables variables, RandomGenerator random) throws EvaluationFailed {
            Value[] values = new Value[arguments.size()];
            boolean hasNull = false;
            for (int i = 0; i < values.length; i++) {
                values[i] = arguments.get(i).evaluate(variables, random);
                hasNull |= values[i].equals(Value.none());
            }
            if (hasNull && function != Function.IS && function != Function.DEBUG) {
                return Value.none();
            }
            return Evaluation.apply(function, values, variables, random);
        }
    }

    /** {@code CASE WHEN … THEN … ELSE … END}; conditions are asked in order, and only until one holds. */
    record Case(List<Branch> branches, Expression otherwise) implements Expression {
        public Case {
            branches = List.copyOf(branches);
        }

        @Override
        public Value evaluate(Variables variables, RandomGenerator random) throws EvaluationFailed {
            for (Branch branch : branches) {
                Value condition = branch.condition().evaluate(variables, random);
                if (!condition.equals(Value.none()) && condition.asBool()) {
                    return branch.result().evaluate(variables, random);
                }
            }
            return otherwise.evaluate(variables, random);
        }
    }

    /** One {@code WHEN … THEN …}. */
    record Branch(Expression condition, Expression result) {}
}
